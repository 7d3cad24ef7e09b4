import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { Cpu } from './cpu.ts';

const HANDLER_US = 100;

function makeCpu(handlerUs = HANDLER_US) {
  const kernel = new Kernel();
  const log: string[] = [];
  const errors: unknown[] = [];
  const cpu = new Cpu(kernel, handlerUs, (error) => errors.push(error));
  /** Gives the CPU a task at a time of its own; it says when it ran. */
  const taskAt = (atUs: number, name: string, action = () => {}) => {
    const execute = () => {
      log.push(`${name} at ${kernel.nowUs}`);
      action();
    };
    kernel.schedule(atUs, { onEvent: () => cpu.run({ execute }) }, null);
  };
  return { kernel, cpu, log, errors, taskAt };
}

describe("a board's CPU", () => {
  it('runs a task at once when it is free', async () => {
    const { kernel, log, taskAt } = makeCpu();
    taskAt(50, 'a');
    taskAt(500, 'b');
    await kernel.run(1000);
    expect(log).toEqual(['a at 50', 'b at 500']);
  });

  it('runs one task at a time, in order, each for its cost', async () => {
    const { kernel, log, taskAt } = makeCpu();
    for (const name of ['a', 'b', 'c']) taskAt(50, name);
    taskAt(120, 'd');
    await kernel.run(1000);
    expect(log).toEqual(['a at 50', 'b at 150', 'c at 250', 'd at 350']);
  });

  it('adds what a task is charged to its cost', async () => {
    const { kernel, cpu, log, taskAt } = makeCpu();
    taskAt(0, 'a', () => cpu.charge(25));
    taskAt(0, 'b');
    await kernel.run(1000);
    expect(log).toEqual(['a at 0', 'b at 125']);
  });

  it('never runs a task from within another', async () => {
    const { kernel, cpu, log, taskAt } = makeCpu(0);
    taskAt(10, 'outer', () => {
      cpu.run({ execute: () => log.push(`inner at ${kernel.nowUs}`) });
      log.push('outer ends');
    });
    await kernel.run(1000);
    expect(log).toEqual(['outer at 10', 'outer ends', 'inner at 10']);
  });

  it('takes no time at all when handlers cost nothing', async () => {
    const { kernel, log, taskAt } = makeCpu(0);
    for (const name of ['a', 'b', 'c']) taskAt(50, name);
    await kernel.run(1000);
    expect(log).toEqual(['a at 50', 'b at 50', 'c at 50']);
  });

  it('lets everything wait while it is blocked, and says what held it', async () => {
    const { kernel, cpu, log, taskAt } = makeCpu();
    taskAt(0, 'caller', () => cpu.block('connect'));
    taskAt(10, 'waits', () => log.push(cpu.heldBy));
    kernel.schedule(5000, { onEvent: () => cpu.unblock() }, null);
    await kernel.run(10_000);
    expect(log).toEqual(['caller at 0', 'waits at 5000', 'connect']);
    expect(cpu.heldBy).toBe('handler');
  });

  it('still finishes the handler that made a blocking call which ends at once', async () => {
    const { kernel, cpu, log, taskAt } = makeCpu();
    taskAt(0, 'caller', () => {
      cpu.block('connect');
      cpu.unblock();
    });
    taskAt(10, 'waits');
    await kernel.run(1000);
    expect(log).toEqual(['caller at 0', 'waits at 100']);
  });

  it('goes on after a task that throws, and reports it', async () => {
    const { kernel, log, errors, taskAt } = makeCpu();
    taskAt(0, 'bad', () => {
      throw new Error('oops');
    });
    taskAt(0, 'good');
    await kernel.run(1000);
    expect(log).toEqual(['bad at 0', 'good at 100']);
    expect(errors).toEqual([new Error('oops')]);
  });

  it('runs nothing more once it is halted, until it is reset', async () => {
    const { kernel, cpu, log, taskAt } = makeCpu();
    taskAt(0, 'last', () => cpu.halt());
    taskAt(0, 'waits');
    taskAt(500, 'late', () => cpu.unblock());
    kernel.schedule(1000, { onEvent: () => cpu.unblock() }, null);
    kernel.schedule(2000, { onEvent: () => cpu.reset() }, null);
    taskAt(2000, 'anew');
    await kernel.run(5000);
    expect(log).toEqual(['last at 0', 'anew at 2000']);
  });

  it('forgets what waits, what blocks it and what it owes when it is reset', async () => {
    const { kernel, cpu, log, taskAt } = makeCpu();
    taskAt(0, 'long', () => cpu.charge(5000));
    taskAt(10, 'forgotten');
    kernel.schedule(20, { onEvent: () => cpu.reset() }, null);
    taskAt(30, 'a');
    taskAt(30, 'b');
    await kernel.run(1000);
    expect(log).toEqual(['long at 0', 'a at 30', 'b at 130']);
  });

  it('is never idle while something waits, nor busy with two things, whatever comes when', async () => {
    const loads = fc.array(fc.record({ atUs: fc.integer({ min: 0, max: 3000 }), costUs: fc.integer({ min: 0, max: 400 }) }), {
      maxLength: 50,
    });
    await fc.assert(
      fc.asyncProperty(loads, async (unsorted) => {
        const tasks = [...unsorted].sort((a, b) => a.atUs - b.atUs);
        const { kernel, cpu, log, taskAt } = makeCpu();
        for (const [index, { atUs, costUs }] of tasks.entries()) taskAt(atUs, `${index}`, () => cpu.charge(costUs));
        await kernel.run(1_000_000);
        let freeAtUs = 0;
        const expected = tasks.map(({ atUs, costUs }, index) => {
          const startUs = Math.max(atUs, freeAtUs);
          freeAtUs = startUs + HANDLER_US + costUs;
          return `${index} at ${startUs}`;
        });
        expect(log).toEqual(expected);
      }),
    );
  });
});
