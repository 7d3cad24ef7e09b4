import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeFifo, UNCOUNTED } from './time-fifo.ts';

describe('a list of times', () => {
  it('is a queue, whatever the order of pushing and shifting, and keeps the count of what is awaited', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(1_000_000), fc.constant(UNCOUNTED), fc.constant('shift' as const), fc.constant('clear' as const)), {
          maxLength: 60,
          size: 'max',
        }),
        (steps) => {
          const awaited = { count: 0 };
          const fifo = new TimeFifo(awaited);
          let model: number[] = [];
          for (const step of steps) {
            if (step === 'shift') expect(fifo.shift()).toBe(model.shift() ?? UNCOUNTED);
            else if (step === 'clear') {
              fifo.clear();
              model = [];
            } else {
              fifo.push(step);
              model.push(step);
            }
            expect(fifo.length).toBe(model.length);
            expect(fifo.peek()).toBe(model[0] ?? UNCOUNTED);
            expect(awaited.count).toBe(model.filter((atUs) => atUs !== UNCOUNTED).length);
          }
        },
      ),
    );
  });
});
