import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherSeed, type RandomStream, RandomStreams } from './random.ts';

const DRAWS = 100_000;
const names = fc.string({ minLength: 1, maxLength: 30 });
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function draws(stream: RandomStream, count = 8): number[] {
  return Array.from({ length: count }, () => stream.uint32());
}

describe('random streams', () => {
  it('are the same for the same seed and name', () => {
    fc.assert(
      fc.property(seeds, names, (seed, name) => {
        expect(draws(new RandomStreams(seed).stream(name))).toEqual(draws(new RandomStreams(seed).stream(name)));
      }),
    );
  });

  it('differ by name', () => {
    fc.assert(
      fc.property(seeds, names, names, (seed, one, other) => {
        fc.pre(one !== other);
        const streams = new RandomStreams(seed);
        expect(draws(streams.stream(one))).not.toEqual(draws(streams.stream(other)));
      }),
    );
  });

  it('differ by seed', () => {
    fc.assert(
      fc.property(seeds, seeds, names, (one, other, name) => {
        fc.pre(one !== other);
        expect(draws(new RandomStreams(one).stream(name))).not.toEqual(draws(new RandomStreams(other).stream(name)));
      }),
    );
  });

  it('are untouched by draws from other streams', () => {
    const alone = draws(new RandomStreams(7).stream('board-1/loss-up'), 100);
    const streams = new RandomStreams(7);
    const watched = streams.stream('board-1/loss-up');
    const others = Array.from({ length: 10 }, (_, board) => streams.stream(`board-${board + 2}/loss-up`));
    const amongOthers = Array.from({ length: 100 }, () => {
      for (const other of others) other.next();
      return watched.uint32();
    });
    expect(amongOthers).toEqual(alone);
  });

  it('pin their numbers, because golden hashes hang on them', () => {
    expect(draws(new RandomStreams(1).stream('board-1/boot'), 4)).toMatchInlineSnapshot(`
      [
        3526095140,
        1333015894,
        1915485023,
        4074291107,
      ]
    `);
  });

  it('are uniform: every tenth of the range gets its share', () => {
    const stream = new RandomStreams(1).stream('uniform');
    const counts = new Array(10).fill(0);
    for (let draw = 0; draw < DRAWS; draw++) counts[Math.floor(stream.next() * 10)]++;
    const expected = DRAWS / 10;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
  });

  it('are uniform across boards too: the first draws of many streams', () => {
    const streams = new RandomStreams(1);
    const counts = new Array(10).fill(0);
    for (let board = 1; board <= 2000; board++) counts[Math.floor(streams.stream(`board-${board}/boot`).next() * 10)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeLessThan(27.9);
  });

  it('give integers of 32 bits, fractions below 1, and values within the bounds asked for', () => {
    const stream = new RandomStreams(3).stream('range');
    const times = Array.from({ length: 10_000 });
    const integers = times.map(() => stream.uint32());
    expect(integers.every(Number.isInteger)).toBe(true);
    expect([Math.min(...integers) >= 0, Math.max(...integers) < 2 ** 32]).toEqual([true, true]);
    const fractions = times.map(() => stream.next());
    expect([Math.min(...fractions) >= 0, Math.max(...fractions) < 1]).toEqual([true, true]);
    const between = times.map(() => stream.between(810, 1210));
    expect([Math.min(...between) >= 810, Math.max(...between) < 1210]).toEqual([true, true]);
  });

  it('go on as those of another seed after a redraw, those handed out before and after it, but for what is fixed', () => {
    const [streams, others] = [new RandomStreams(7, true), new RandomStreams(8)];
    const [early, fixed] = [streams.stream('early'), streams.fixed('fixed')];
    expect(draws(early, 3)).toEqual(draws(new RandomStreams(7).stream('early'), 3));
    streams.redraw(8);
    expect(draws(early)).toEqual(draws(others.stream('early')));
    expect(draws(streams.stream('late'))).toEqual(draws(others.stream('late')));
    expect(draws(fixed)).toEqual(draws(new RandomStreams(7).stream('fixed')));
    expect(draws(streams.fixed('fixed'))).toEqual(draws(new RandomStreams(7).fixed('fixed')));
  });

  it('have as much other luck as anybody asks for', () => {
    expect(new Set([1, 2, 3].flatMap((seed) => [1, 2, 3].map((luck) => otherSeed(seed, luck)))).size).toBe(9);
  });
});
