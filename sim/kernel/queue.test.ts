import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, type Handler } from './queue.ts';

/** Few distinct times, so that ties are common. */
const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 400 });

class Sink implements Handler {
  readonly delivered: unknown[] = [];

  onEvent(argument: unknown): void {
    this.delivered.push(argument);
  }
}

interface Reference {
  atUs: number;
  sequence: number;
}

/** The earliest by (time, sequence), taken out of the list. */
function takeFirst(pending: Reference[]): Reference {
  let first = 0;
  pending.forEach((entry, index) => {
    const best = pending[first];
    if (entry.atUs < best.atUs || (entry.atUs === best.atUs && entry.sequence < best.sequence)) first = index;
  });
  return pending.splice(first, 1)[0];
}

describe('the event queue', () => {
  it('delivers in the order of a stable sort by time', () => {
    fc.assert(
      fc.property(times, (atUs) => {
        const queue = new EventQueue();
        const sink = new Sink();
        for (const [sequence, at] of atUs.entries()) queue.push(at, sink, sequence);
        while (queue.size > 0) queue.deliverNext();
        const sorted = atUs.map((at, sequence) => ({ at, sequence })).sort((a, b) => a.at - b.at);
        expect(sink.delivered).toEqual(sorted.map(({ sequence }) => sequence));
      }),
    );
  });

  it('keeps that order when pushes and pops are mixed', () => {
    const operations = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(null)), { maxLength: 600 });
    fc.assert(
      fc.property(operations, (steps) => {
        const queue = new EventQueue();
        const sink = new Sink();
        const pending: Reference[] = [];
        const expected: unknown[] = [];
        steps.forEach((atUs, sequence) => {
          if (atUs !== null) {
            queue.push(atUs, sink, sequence);
            pending.push({ atUs, sequence });
          } else if (pending.length > 0) {
            expect(queue.nextUs).toBe(Math.min(...pending.map((entry) => entry.atUs)));
            expected.push(takeFirst(pending).sequence);
            queue.deliverNext();
          }
          expect(queue.size).toBe(pending.length);
        });
        expect(sink.delivered).toEqual(expected);
      }),
    );
  });

  it('gives each handler its own argument', () => {
    const queue = new EventQueue();
    const [first, second] = [new Sink(), new Sink()];
    queue.push(2, second, 'b');
    queue.push(1, first, 'a');
    queue.deliverNext();
    queue.deliverNext();
    expect([first.delivered, second.delivered]).toEqual([['a'], ['b']]);
  });

  it('takes a push from within a delivery, also for the same time', () => {
    const queue = new EventQueue();
    const sink = new Sink();
    queue.push(5, { onEvent: () => queue.push(5, sink, 'later') }, null);
    queue.push(5, sink, 'sooner');
    while (queue.size > 0) queue.deliverNext();
    expect(sink.delivered).toEqual(['sooner', 'later']);
  });

  it('grows beyond its first capacity without losing or swapping an event', () => {
    const queue = new EventQueue();
    const sink = new Sink();
    const count = 5000;
    for (let index = 0; index < count; index++) queue.push((index * 7919) % count, sink, (index * 7919) % count);
    while (queue.size > 0) queue.deliverNext();
    expect(sink.delivered).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('says Infinity for the next time when it is empty', () => {
    const queue = new EventQueue();
    expect(queue.nextUs).toBe(Number.POSITIVE_INFINITY);
    queue.push(3, new Sink(), null);
    expect(queue.nextUs).toBe(3);
    queue.deliverNext();
    expect(queue.nextUs).toBe(Number.POSITIVE_INFINITY);
  });
});
