import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitRate, decimal, duration, durationOrSeconds, readTyped, whole } from './fields.ts';

describe('a field', () => {
  it('of time reads back what it writes', () => {
    const field = duration(0, 1e9);
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), (us) => field.read(field.write(us / 1_000)) === us / 1_000));
  });

  it('of bit rates reads back what it writes', () => {
    const field = bitRate(1, 1e10);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e10 }), (bits) => field.read(field.write(bits)) === bits));
  });

  it('is legal at both of its bounds and not beyond', () => {
    const reads = (value: string) => duration(1_000, 2_000).read(value);
    expect([reads('999ms'), reads('1s'), reads('2s'), reads('2001ms')]).toEqual([null, 1_000, 2_000, null]);
  });

  it('of numbers takes no text, and nothing that is not a number', () => {
    for (const value of ['1', Number.NaN, Number.POSITIVE_INFINITY, null, [1]]) expect(decimal(0, 10).read(value)).toBeNull();
  });

  it('of seconds takes a bare number beside a duration', () => {
    const field = durationOrSeconds(0, 10_000);
    expect([field.read(2.5), field.read('3s'), field.read(11), field.read('3')]).toEqual([2_500, 3_000, null, null]);
  });

  it('takes a number that was typed for one', () => {
    expect([
      readTyped(whole(1, 9), '5'),
      readTyped(whole(1, 9), '5x'),
      readTyped(whole(1, 9), '1e0'),
      readTyped(whole(1, 9), '-5'),
    ]).toEqual([5, null, null, null]);
  });
});
