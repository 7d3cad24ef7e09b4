import { expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

it('gives messages back in order and refuses the newest when full', () => {
  const outbox = new Outbox(2);
  expect([outbox.add('a', false), outbox.add('b', true), outbox.add('c', false)]).toEqual([true, true, false]);
  const taken: [string, boolean][] = [];
  while (!outbox.isEmpty()) outbox.shift((payload, binary) => taken.push([payload, binary]));
  expect(taken).toEqual([
    ['a', false],
    ['b', true],
  ]);
  expect(outbox.add('d', false)).toBe(true);
});

it('keeps nothing with room for nothing', () => {
  expect(new Outbox(0).add('a', false)).toBe(false);
});
