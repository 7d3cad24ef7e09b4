/**
 * What holds of any number of radios with any traffic: each packet has one fate, and only what collides
 * overlaps.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../../kernel/random.ts';
import { Air } from './testing/air.ts';

const RUN_US = 2_000_000;

interface Sending {
  radio: number;
  atUs: number;
  bytes: number;
}

const SENDINGS = fc.array(
  fc.record({ radio: fc.nat(7), atUs: fc.integer({ min: 0, max: 20_000 }), bytes: fc.integer({ min: 28, max: 1500 }) }),
  { maxLength: 120 },
);
const HIDDEN_PAIRS = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 6 });

/** Eight radios, and what became of each packet; packets are their places in `sendings`. */
async function play(sendings: readonly Sending[], pairs: readonly (readonly [number, number])[], seed: number) {
  const air = new Air();
  const streams = new RandomStreams(seed);
  const radios = Array.from({ length: 8 }, (_, index) => air.radio(streams.stream(`board-${index + 1}/backoff`)));
  for (const [one, other] of pairs) if (one !== other) air.medium.hide(radios[one], radios[other]);
  const paths = radios.map(() => air.path());
  for (const [packet, { radio, atUs, bytes }] of sendings.entries()) air.sender(radios[radio], paths[radio])(atUs, packet, bytes);
  await air.run(RUN_US);
  return { air, radios };
}

describe('radios on one channel', () => {
  it('bring every packet to one end, and each radio its own in order', async () => {
    await fc.assert(
      fc.asyncProperty(SENDINGS, HIDDEN_PAIRS, fc.nat(), async (sendings, pairs, seed) => {
        const { air, radios } = await play(sendings, pairs, seed);
        expect(air.fates.map(([packet]) => packet).sort((a, b) => Number(a) - Number(b))).toEqual(sendings.map((_, packet) => packet));
        radios.forEach((radio, index) => {
          const own = air.fates.filter(([packet]) => sendings[packet as number].radio === index).map(([packet]) => packet as number);
          const inOrder = sendings.map((_, packet) => packet).filter((packet) => sendings[packet].radio === index);
          expect(own).toEqual(inOrder.sort((a, b) => sendings[a].atUs - sendings[b].atUs || a - b));
          expect(radio.pending).toBe(false);
          expect(radio.attempts - radio.failures).toBe(radio.delivered);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('never have two frames arrive that overlap, where all hear each other', async () => {
    await fc.assert(
      fc.asyncProperty(SENDINGS, fc.nat(), async (sendings, seed) => {
        const { air } = await play(sendings, [], seed);
        const ends = air.fates.flatMap(([, fate]) => (typeof fate === 'number' ? [fate] : []));
        // An acknowledgement and AIFS lie between the end of one and the begin of the next.
        for (let index = 1; index < ends.length; index++) expect(ends[index] - ends[index - 1]).toBeGreaterThan(10 + 34 + 37);
        expect(air.medium.busyUs).toBeLessThanOrEqual(RUN_US);
      }),
      { numRuns: 60 },
    );
  });

  it('do the same again on the same seed, and other things on another', async () => {
    const sendings = Array.from({ length: 100 }, (_, index) => ({ radio: index % 8, atUs: 50 * index, bytes: 90 }));
    const fates = async (seed: number) => (await play(sendings, [[0, 1]], seed)).air.fates;
    expect(await fates(1)).toEqual(await fates(1));
    expect(await fates(1)).not.toEqual(await fates(2));
  });

  it('draw their back-offs from streams of their own: one more radio changes nobody’s draws', async () => {
    const drawn = async (radios: number) => {
      const air = new Air();
      const streams = new RandomStreams(1);
      const draws: number[] = [];
      for (let index = 0; index < radios; index++) {
        const stream = streams.stream(`board-${index + 1}/backoff`);
        const next = stream.next.bind(stream);
        stream.next = () => {
          const value = next();
          if (index === 0) draws.push(value);
          return value;
        };
        const send = air.sender(air.radio(stream));
        for (let packet = 0; packet < 20; packet++) send(100 * packet, packet);
      }
      await air.run();
      return draws;
    };
    const [few, more] = [await drawn(2), await drawn(5)];
    const common = Math.min(few.length, more.length);
    expect(common).toBeGreaterThan(15);
    expect(more.slice(0, common)).toEqual(few.slice(0, common));
  });

  it('do not feel a radio that has nothing to send', async () => {
    const fates = async (silent: number) => {
      const air = new Air();
      const streams = new RandomStreams(3);
      const senders = [0, 1, 2].map((index) => air.sender(air.radio(streams.stream(`${index}`))));
      for (let index = 0; index < silent; index++) air.radio(streams.stream(`silent-${index}`));
      for (let packet = 0; packet < 90; packet++) senders[packet % 3](60 * packet, packet);
      await air.run();
      return air.fates;
    };
    expect(await fates(50)).toEqual(await fates(0));
  });
});
