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

  it('calls back in the order of the delays, and goes on after a callback that throws', async () => {
    const clock = createRealClock();
    const calls: string[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    clock.setTimeout(() => calls.push('20'), 20);
    clock.setTimeout(() => calls.push('10'), 10);
    clock.setTimeout(() => {
      throw new Error('of a callback');
    }, 5);
    expect(String(await thrown)).toBe('Error: of a callback');
    for (const listener of listeners) process.on('uncaughtException', listener);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 21));
    expect(calls).toEqual(['10', '20']);
  });

  it('keeps a process alive only as long as a timer waits', () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const clock = createRealClock();
    const timers = [1_000, 2_000].map((delayMs) => clock.setTimeout(() => {}, delayMs));
    const count = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length - before;
    expect(count()).toBe(1);
    for (const timer of timers) clock.clearTimeout(timer);
    expect(count()).toBe(0);
  });
});
