import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { RelayClock } from './relay-clock.ts';

function makeClock() {
  const kernel = new Kernel();
  const clock = new RelayClock(kernel);
  const ran: string[] = [];
  const run = (ms: number) => kernel.run(kernel.nowUs + ms * 1000);
  return { clock, ran, run };
}

describe("the relay's clock in a world", () => {
  it('runs timers in virtual time, in the order of due time and then of start', async () => {
    const { clock, ran, run } = makeClock();
    for (const [name, delayMs] of [
      ['c', 20],
      ['a', 10],
      ['b', 10],
    ] as const) {
      clock.setTimeout(() => ran.push(`${name} at ${clock.now()}`), delayMs);
    }
    await run(1000);
    expect(ran).toEqual(['a at 10', 'b at 10', 'c at 20']);
  });

  it('does not run what was cleared, and minds no timer that is over', async () => {
    const { clock, ran, run } = makeClock();
    const over = clock.setTimeout(() => ran.push('over'), 1);
    const cleared = clock.setTimeout(() => ran.push('cleared'), 10);
    await run(5);
    clock.clearTimeout(over);
    clock.clearTimeout(cleared);
    clock.clearTimeout(0);
    await run(1000);
    expect(ran).toEqual(['over']);
  });

  it('lets a stream settle after every timer', async () => {
    const { clock, ran, run } = makeClock();
    clock.setTimeout(() => process.nextTick(() => ran.push(`settled at ${clock.now()}`)), 10);
    clock.setTimeout(() => ran.push('next'), 20);
    await run(1000);
    expect(ran).toEqual(['settled at 10', 'next']);
  });

  it('forgets every timer when its process dies, and those that the dying process still sets', async () => {
    const { clock, ran, run } = makeClock();
    clock.setTimeout(() => ran.push('before'), 10);
    clock.stop();
    clock.setTimeout(() => ran.push('after'), 10);
    await run(1000);
    expect(ran).toEqual([]);
  });
});
