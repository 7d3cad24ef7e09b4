import { describe, expect, it } from 'vitest';
import { createRealClock } from './real-clock.ts';

describe('the real clock', () => {
  it('never calls back early', async () => {
    const clock = createRealClock();
    const earlyMs = await Promise.all(
      Array.from({ length: 200 }, (_, i) => {
        const delayMs = i / 7;
        const startMs = clock.now();
        return new Promise<number>((resolve) => clock.setTimeout(() => resolve(startMs + delayMs - clock.now()), delayMs));
      }),
    );
    expect(Math.max(...earlyMs)).toBeLessThanOrEqual(0);
  });

  it('does not call back after the timer was cleared, and ignores 0 and timers that have run', async () => {
    const clock = createRealClock();
    let calls = 0;
    const cleared = clock.setTimeout(() => calls++, 1);
    expect(cleared).toBeGreaterThanOrEqual(1);
    clock.clearTimeout(cleared);
    clock.clearTimeout(0);
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(() => {
        clock.clearTimeout(timer);
        resolve();
      }, 10);
    });
    expect(calls).toBe(0);
  });
});
