import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { usFromMs } from '../../kernel/units.ts';
import { Ports } from './ports.ts';

const TIME_WAIT_MS = 60_000;

it('never has more of them taken than there are, and has them all back a minute after the last one', async () => {
  const act = fc.record({ afterMs: fc.nat(40_000), gives: fc.boolean(), timeWait: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.array(act, { maxLength: 40 }), async (count, acts) => {
      const kernel = new Kernel();
      const ports = new Ports(kernel);
      let held = 0;
      let releases: number[] = [];
      for (const { afterMs, gives, timeWait } of acts) {
        await kernel.run(kernel.nowUs + usFromMs(afterMs));
        releases = releases.filter((atUs) => atUs > kernel.nowUs);
        if (gives && held > 0) {
          held--;
          ports.giveBack(timeWait);
          if (timeWait) releases.push(kernel.nowUs + usFromMs(TIME_WAIT_MS));
        } else {
          const isFree = held + releases.length < count;
          expect(ports.take(count)).toBe(isFree);
          if (isFree) held++;
        }
        expect(ports.takenCount).toBe(held + releases.length);
      }
      while (held-- > 0) ports.giveBack(true);
      await kernel.run(kernel.nowUs + usFromMs(TIME_WAIT_MS));
      expect(ports.takenCount).toBe(0);
    }),
  );
});
