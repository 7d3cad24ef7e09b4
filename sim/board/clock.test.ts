import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { BoardClock } from './clock.ts';
import { Cpu } from './cpu.ts';

function makeClock(handlerUs = 0, rate = 1) {
  const kernel = new Kernel();
  const errors: unknown[] = [];
  const stallsUs: number[] = [];
  const cpu = new Cpu(kernel, handlerUs, (error) => errors.push(error));
  const clock = new BoardClock(kernel, cpu, (lateUs) => stallsUs.push(lateUs), rate);
  return { kernel, cpu, clock, errors, stallsUs };
}

describe("a board's timers", () => {
  it('are never late on a CPU that takes no time', async () => {
    const { kernel, clock, stallsUs } = makeClock();
    const ran: number[] = [];
    for (const delayMs of [5, 0, 5, 2.5]) clock.setTimeout(() => ran.push(kernel.nowUs), delayMs);
    await kernel.run(100_000);
    expect(ran).toEqual([0, 2500, 5000, 5000]);
    expect([stallsUs, clock.runCount]).toEqual([[], 4]);
  });

  it('say how late they ran when the CPU was busy', async () => {
    const { kernel, clock, stallsUs } = makeClock(300);
    for (let index = 0; index < 3; index++) clock.setTimeout(() => {}, 1);
    await kernel.run(100_000);
    expect(stallsUs).toEqual([300, 600]);
    expect(clock.runCount).toBe(3);
  });

  it('say how late they ran when the CPU was blocked', async () => {
    const { kernel, cpu, clock, stallsUs } = makeClock(300);
    clock.setTimeout(() => cpu.block('connect'), 0);
    clock.setTimeout(() => {}, 10);
    kernel.schedule(2_000_000, { onEvent: () => cpu.unblock() }, null);
    await kernel.run(10_000_000);
    expect(stallsUs).toEqual([1_990_000]);
  });

  it('take a negative delay for none and one beyond the contract for the longest', async () => {
    const { kernel, clock } = makeClock();
    const ran: string[] = [];
    clock.setTimeout(() => ran.push('negative'), -5);
    clock.setTimeout(() => ran.push('not a number'), Number.NaN);
    clock.setTimeout(() => ran.push('for ever'), Number.POSITIVE_INFINITY);
    await kernel.run(2_147_483_646_999);
    expect(ran).toEqual(['negative', 'not a number']);
    await kernel.run(2_147_483_647_000);
    expect(ran).toEqual(['negative', 'not a number', 'for ever']);
  });

  it('all stop together, also those that wait for the CPU, and can be started again', async () => {
    const { kernel, cpu, clock } = makeClock(300);
    const ran: string[] = [];
    clock.setTimeout(() => ran.push('runs'), 1);
    clock.setTimeout(() => ran.push('waits for the CPU'), 1);
    clock.setTimeout(() => ran.push('pending'), 50);
    await kernel.run(1100);
    clock.reset();
    cpu.reset();
    clock.setTimeout(() => ran.push('new'), 1);
    await kernel.run(100_000);
    expect(ran).toEqual(['runs', 'new']);
  });

  it('are bounded: one more than a board has room for throws, and room comes back', async () => {
    const { kernel, clock } = makeClock();
    for (let index = 0; index < 256; index++) clock.setTimeout(() => {}, 10);
    expect(() => clock.setTimeout(() => {}, 10)).toThrow('more than 256 timeouts pending');
    await kernel.run(20_000);
    expect(clock.runCount).toBe(256);
    expect(() => clock.setTimeout(() => {}, 10)).not.toThrow();
  });

  it('of 0 ms may not set each other for ever while no time passes', async () => {
    const { kernel, clock, errors } = makeClock(0);
    let ran = 0;
    const again = (): void => {
      ran++;
      clock.setTimeout(again, 0);
    };
    for (const atMs of [1, 2]) clock.setTimeout(again, atMs);
    await kernel.run(10_000);
    expect(ran).toBe(2 * 10_001);
    expect(errors.map(String)).toEqual(Array(2).fill('Error: more than 10000 timeouts of 0 ms, and no time passes in between'));
  });

  it('stop only what they are asked to, however ids are reused', async () => {
    const { kernel, clock } = makeClock();
    const ran: string[] = [];
    const old = clock.setTimeout(() => ran.push('old'), 1);
    clock.clearTimeout(old);
    clock.setTimeout(() => ran.push('new'), 1);
    clock.clearTimeout(old);
    clock.clearTimeout(0);
    clock.clearTimeout(-1);
    await kernel.run(10_000);
    expect(ran).toEqual(['new']);
  });

  it('run in the order of due time, then of start, each once unless stopped, on a slow CPU too', async () => {
    /** What each timer does when it runs: start others, stop one that is still known. */
    const script = fc.array(
      fc.record({ startsMs: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), stops: fc.option(fc.nat(30)) }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.constantFrom(0, 400, 1300), async (steps, handlerUs) => {
        const { kernel, clock } = makeClock(handlerUs);
        const started: { id: number; dueUs: number; stopped: boolean; ran: boolean }[] = [];
        const order: number[] = [];
        const start = (delayMs: number) => {
          const number = started.length;
          const id = clock.setTimeout(() => onRun(number), delayMs);
          started.push({ id, dueUs: kernel.nowUs + delayMs * 1000, stopped: false, ran: false });
        };
        const onRun = (number: number) => {
          started[number].ran = true;
          order.push(number);
          const step = steps[order.length - 1];
          const victim = started.at(-1 - (step?.stops ?? Number.POSITIVE_INFINITY));
          if (victim && !victim.ran) {
            victim.stopped = true;
            clock.clearTimeout(victim.id);
          }
          for (const delayMs of step?.startsMs ?? []) start(delayMs);
        };
        for (const delayMs of [1, 1, 2]) start(delayMs);
        await kernel.run(10_000_000);
        const expected = [...started.keys()].filter((number) => !started[number].stopped);
        expected.sort((a, b) => started[a].dueUs - started[b].dueUs || a - b);
        expect(order).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

it('a clock that is wrong counts what its timers wait for, never less', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: 1, max: 10_000_000 }), async (ppm, delayMs) => {
      const rate = 1 + ppm / 1e6;
      const { kernel, clock } = makeClock(0, rate);
      let ranAtUs = 0;
      let ownMs = 0;
      clock.setTimeout(() => {
        [ranAtUs, ownMs] = [kernel.nowUs, clock.now()];
      }, delayMs);
      await kernel.run(delayMs * 1_100);
      expect(ownMs).toBeGreaterThanOrEqual(delayMs - 1e-6);
      expect(ranAtUs).toBe(Math.ceil((delayMs * 1_000) / rate));
    }),
    { numRuns: 50 },
  );
});
