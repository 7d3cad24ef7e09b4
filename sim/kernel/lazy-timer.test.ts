import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from './kernel.ts';
import { LazyTimer } from './lazy-timer.ts';

function makeTimer() {
  const kernel = new Kernel();
  const firedAtUs: number[] = [];
  const timer = new LazyTimer(kernel, () => firedAtUs.push(kernel.nowUs));
  return { kernel, timer, firedAtUs };
}

describe('a lazy timer', () => {
  it('fires once at its deadline and is disarmed then', async () => {
    const { kernel, timer, firedAtUs } = makeTimer();
    timer.arm(100);
    expect(timer.armed).toBe(true);
    await kernel.run(1000);
    expect(firedAtUs).toEqual([100]);
    expect(timer.armed).toBe(false);
  });

  it('fires at the later time when it was moved later', async () => {
    const { kernel, timer, firedAtUs } = makeTimer();
    timer.arm(100);
    timer.arm(250);
    await kernel.run(1000);
    expect(firedAtUs).toEqual([250]);
  });

  it('fires at the earlier time, once, when it was moved earlier', async () => {
    const { kernel, timer, firedAtUs } = makeTimer();
    timer.arm(250);
    timer.arm(100);
    await kernel.run(1000);
    expect(firedAtUs).toEqual([100]);
  });

  it('does not fire when it was disarmed', async () => {
    const { kernel, timer, firedAtUs } = makeTimer();
    timer.arm(100);
    timer.disarm();
    expect(timer.armed).toBe(false);
    await kernel.run(1000);
    expect(firedAtUs).toEqual([]);
  });

  it('fires at the new deadline when it was disarmed and armed again before the old one', async () => {
    const { kernel, timer, firedAtUs } = makeTimer();
    timer.arm(100);
    timer.disarm();
    timer.arm(300);
    await kernel.run(1000);
    expect(firedAtUs).toEqual([300]);
  });

  it('may be armed again from its own deadline', async () => {
    const kernel = new Kernel();
    const firedAtUs: number[] = [];
    const timer: LazyTimer = new LazyTimer(kernel, () => {
      firedAtUs.push(kernel.nowUs);
      if (firedAtUs.length < 3) timer.arm(kernel.nowUs + 10);
    });
    timer.arm(10);
    await kernel.run(1000);
    expect(firedAtUs).toEqual([10, 20, 30]);
  });

  it('costs one event, however often it is moved later', async () => {
    const { kernel, timer, firedAtUs } = makeTimer();
    for (let deadline = 1000; deadline < 2000; deadline++) timer.arm(deadline);
    await kernel.run(5000);
    expect(firedAtUs).toEqual([1999]);
    expect(kernel.eventCount).toBe(2); // the first deadline, then the last
  });

  it('fires as a plain timer would, however it is moved', async () => {
    const moves = fc.array(
      fc.record({
        atUs: fc.integer({ min: 0, max: 300 }),
        action: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant('disarm' as const)),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (unsorted) => {
        const steps = [...unsorted].sort((a, b) => a.atUs - b.atUs);
        const { kernel, timer, firedAtUs } = makeTimer();
        let deadline = Number.POSITIVE_INFINITY;
        const expected: number[] = [];
        for (const { atUs, action } of steps) {
          await kernel.run(atUs);
          if (deadline <= atUs) expected.push(deadline);
          if (deadline <= atUs) deadline = Number.POSITIVE_INFINITY;
          if (action === 'disarm') {
            timer.disarm();
            deadline = Number.POSITIVE_INFINITY;
          } else {
            timer.arm(atUs + action);
            deadline = atUs + action;
          }
        }
        await kernel.run(1000);
        if (deadline !== Number.POSITIVE_INFINITY) expected.push(deadline);
        expect(firedAtUs).toEqual(expected);
      }),
    );
  });
});
