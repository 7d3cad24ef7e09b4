import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimerHeap } from './timer-heap.ts';

it('gives timers by when they are due, then by when they were added, whatever is removed in between', () => {
  const action = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ remove: fc.nat({ max: 60 }) }),
    fc.constant({ takeFirst: true }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      const heap = new TimerHeap();
      let expected: { id: number; dueMs: number }[] = [];
      let lastId = 0;
      for (const one of actions) {
        if ('add' in one) {
          heap.add(++lastId, one.add, () => {});
          expected.push({ id: lastId, dueMs: one.add });
          expected.sort((a, b) => a.dueMs - b.dueMs || a.id - b.id);
        } else {
          const id = 'remove' in one ? one.remove : (heap.first?.id ?? 0);
          heap.remove(id);
          expected = expected.filter((timer) => timer.id !== id);
        }
        expect(heap.first?.id).toBe(expected[0]?.id);
      }
      for (const { id } of expected) {
        expect(heap.first?.id).toBe(id);
        heap.remove(id);
      }
      expect(heap.first).toBeUndefined();
    }),
  );
});
