import { describe, expect, it } from 'vitest';
import { Kernel } from './kernel.ts';

/** Schedules `action` and keeps the closure out of the tests' way. */
function at(kernel: Kernel, atUs: number, action: () => void): void {
  kernel.schedule(atUs, { onEvent: action }, null);
}

describe('the kernel', () => {
  it('shows each event its own time and leaves the clock where the run was to end', async () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    for (const atUs of [30, 10, 20]) at(kernel, atUs, () => seen.push(kernel.nowUs));
    await kernel.run(100);
    expect(seen).toEqual([10, 20, 30]);
    expect(kernel.nowUs).toBe(100);
    expect(kernel.eventCount).toBe(3);
  });

  it('delivers what is due exactly at the end and keeps what is due later for the next run', async () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    at(kernel, 100, () => seen.push('due'));
    at(kernel, 101, () => seen.push('later'));
    await kernel.run(100);
    expect(seen).toEqual(['due']);
    await kernel.run(101);
    expect(seen).toEqual(['due', 'later']);
  });

  it('takes a time that has passed for now, after what is already due', async () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    at(kernel, 50, () => at(kernel, 10, () => seen.push(`passed at ${kernel.nowUs}`)));
    at(kernel, 50, () => seen.push('due'));
    await kernel.run(60);
    expect(seen).toEqual(['due', 'passed at 50']);
  });

  it('stops after the current event and leaves the clock there', async () => {
    const kernel = new Kernel();
    const seen: number[] = [];
    at(kernel, 10, () => {
      seen.push(10);
      kernel.stop();
    });
    at(kernel, 20, () => seen.push(20));
    await kernel.run(100);
    expect(seen).toEqual([10]);
    expect(kernel.nowUs).toBe(10);
    await kernel.run(100);
    expect(seen).toEqual([10, 20]);
  });

  it('lets a stream settle before virtual time moves on', async () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    at(kernel, 10, () => {
      kernel.touchStreams();
      process.nextTick(() => {
        seen.push(`tick at ${kernel.nowUs}`);
        process.nextTick(() => seen.push(`tick of a tick at ${kernel.nowUs}`));
      });
      void Promise.resolve().then(() => seen.push(`promise at ${kernel.nowUs}`));
    });
    at(kernel, 20, () => seen.push('next event'));
    await kernel.run(100);
    expect(seen.at(-1)).toBe('next event');
    expect(seen.toSorted()).toEqual(['next event', 'promise at 10', 'tick at 10', 'tick of a tick at 10']);
  });

  it('settles once more for work that a stream gave to a stream', async () => {
    const kernel = new Kernel();
    const seen: string[] = [];
    at(kernel, 10, () => {
      kernel.touchStreams();
      process.nextTick(() => at(kernel, kernel.nowUs, () => seen.push(`follow-up at ${kernel.nowUs}`)));
    });
    at(kernel, 20, () => seen.push('next event'));
    await kernel.run(100);
    expect(seen).toEqual(['follow-up at 10', 'next event']);
  });

  it('takes as many whole turns of the event loop as it is told', async () => {
    const kernel = new Kernel({ turnsPerPump: 3 });
    const seen: string[] = [];
    const turn = (left: number) => {
      seen.push(`turn at ${kernel.nowUs}`);
      if (left > 1) setImmediate(turn, left - 1);
    };
    at(kernel, 10, () => {
      kernel.touchStreams();
      setImmediate(turn, 3);
    });
    at(kernel, 20, () => seen.push('next event'));
    await kernel.run(100);
    expect(seen).toEqual(['turn at 10', 'turn at 10', 'turn at 10', 'next event']);
  });

  it('gives Node a turn now and then, however short the runs are and whether streams are touched or not', async () => {
    const kernel = new Kernel();
    let signalSeenAt = 0;
    setImmediate(() => {
      signalSeenAt = kernel.eventCount;
    });
    const again = {
      onEvent: () => {
        if (kernel.nowUs % 3 === 0) kernel.touchStreams();
        kernel.schedule(kernel.nowUs + 1, again, null);
      },
    };
    kernel.schedule(0, again, null);
    for (let untilUs = 1000; untilUs <= 200_000; untilUs += 1000) await kernel.run(untilUs);
    expect(signalSeenAt).toBeGreaterThan(0);
    expect(signalSeenAt).toBeLessThan(100_000);
  });

  it('ends when time does not move on, and goes on as long as it does', async () => {
    const kernel = new Kernel();
    let left = 0;
    const again = { onEvent: (): void => (left-- > 0 ? kernel.schedule(kernel.nowUs, again, null) : undefined) };
    const begin = {
      onEvent: (times: unknown): void => {
        left = times as number;
        again.onEvent();
      },
    };
    for (let atUs = 1; atUs <= 3; atUs++) kernel.schedule(atUs, begin, 500_000);
    await kernel.run(10);
    expect([kernel.nowUs, kernel.eventCount]).toEqual([10, 3 * 500_001]);
    kernel.schedule(20, begin, Infinity);
    await expect(kernel.run(30)).rejects.toThrow(/events at 0\.02 ms, and time does not move on/);
  });
});
