/** What a path does to packets beside losing them, and what the TCP of both ends makes of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { Link } from '../link/link.ts';
import { DEFAULT_LINK, describeLink, type LinkSettings } from '../link/settings.ts';
import { LWIP, RELAY_TCP } from '../tcp/parameters.ts';
import { Pair } from '../tcp/testing/pair.ts';
import { makePacket } from '../testing/packets.ts';
import { missedRate, wrongRate } from './corrupt.ts';

/** A packet each millisecond, on a link that does nothing else. */
async function arrivals(settings: Partial<LinkSettings>, packets: number, wireBytes = 100, way: 'up' | 'down' = 'up'): Promise<number[]> {
  const kernel = new Kernel();
  const streams = new RandomStreams(1);
  const arrived: number[] = [];
  const link = new Link(
    { ...DEFAULT_LINK, jitterMs: 0, rateBps: 1e10, ...settings },
    {
      kernel,
      board: 0,
      station: { joined: true },
      medium: null,
      random: (purpose) => streams.stream(purpose),
      deliverUp: ({ seq }) => arrived.push(seq),
      deliverDown: ({ seq }) => arrived.push(seq),
      onForgotten: () => {},
    },
  );
  for (let number = 0; number < packets; number++) {
    if (way === 'up') link.sendUp(makePacket(number, wireBytes));
    else link.sendDown(makePacket(number, wireBytes));
    await kernel.run(kernel.nowUs + 1_000);
  }
  await kernel.run(kernel.nowUs + 20_000_000);
  return arrived;
}

describe('a link that corrupts', () => {
  it.each([40, 100, 1_500])('loses packets of %s bytes as often as one of their bits is wrong', async (bytes) => {
    const packets = 20_000;
    const whole = await arrivals({ bitErrorRate: 1e-5 }, packets, bytes);
    expect(1 - whole.length / packets).toBeCloseTo(wrongRate(1e-5, bytes), 2);
  });

  it('leaves a share to the checksum that two wrong bits in one column have, as flipping bits shows', () => {
    const bytes = 20;
    const rate = 0.01;
    const random = new RandomStreams(1).stream('bits');
    let missed = 0;
    const packets = 40_000;
    for (let packet = 0; packet < packets; packet++) {
      const words = Array.from({ length: bytes / 2 }, () => random.uint32() >>> 16);
      const flipped: number[] = [];
      const damaged = words.map((word, index) => {
        let mask = 0;
        for (let bit = 0; bit < 16; bit++) {
          if (random.next() >= rate) continue;
          mask |= 1 << bit;
          flipped.push(index);
        }
        return word ^ mask;
      });
      if (flipped.length === 2 && internetChecksum(damaged) === internetChecksum(words)) missed++;
    }
    // 160 bits: 0.8 % of the packets have just two that cancel out.
    expect(missed / packets).toBeGreaterThan(0.7 * missedRate(rate, bytes));
    expect(missed / packets).toBeLessThan(1.3 * missedRate(rate, bytes));
  });

  it('says what its checksum drops and what it would miss', () => {
    expect(describeLink({ ...DEFAULT_LINK, bitErrorRate: 1e-6 })).toContain(
      'spoils 1 in 1,000,000 bits (a checksum drops 1 in 84 packets of 1500 bytes and would miss 1 in 450,000)',
    );
  });
});

/** RFC 1071, section 1. */
function internetChecksum(words: readonly number[]): number {
  let sum = 0;
  for (const word of words) sum += word;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

describe('a link that duplicates and reorders', () => {
  it('delivers its share twice, the copy right behind', async () => {
    const arrived = await arrivals({ duplicateRate: 0.1 }, 10_000);
    const copies = arrived.filter((number, index) => arrived[index - 1] === number);
    expect(copies.length / 10_000).toBeCloseTo(0.1, 1);
    expect([...new Set(arrived)]).toEqual(Array.from({ length: 10_000 }, (_, number) => number));
  });

  it.each(['up', 'down'] as const)(
    'lets packets overtake on the way %s, loses none, and holds none back longer than it says',
    async (way) => {
      await fc.assert(
        fc.asyncProperty(fc.double({ min: 0.05, max: 1, noNaN: true }), fc.integer({ min: 3, max: 30 }), async (rate, mostMs) => {
          const arrived = await arrivals({ reorderRate: rate, reorderByMs: mostMs }, 300, 100, way);
          expect([...arrived].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, number) => number));
          expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b));
          const place = new Map(arrived.map((number, index) => [number, index]));
          for (const [number, index] of place) expect(index - number).toBeLessThanOrEqual(mostMs + 1);
        }),
        { numRuns: 20 },
      );
    },
  );

  it('stays in order behind it: a later rule is met by each when it gets there', async () => {
    const arrived = await arrivals({ reorderRate: 0.3, reorderByMs: 10, rssiDbm: -88, idleTimeoutMs: 60_000 }, 300);
    expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b));
    expect(arrived.length).toBeGreaterThan(200);
  });
});

/** Full segments, the first of which the others overtake. */
async function overtaken(from: 'client' | 'server', segments: number) {
  const pair = await new Pair({ ...LWIP, sendBufferBytes: 8 * 1440 }, RELAY_TCP).connected();
  const [sender, receiver] = from === 'client' ? [pair.clientEnd, pair.serverEnd] : [pair.serverEnd, pair.clientEnd];
  sender.endpoint!.write('x'.repeat(2 * 1440)); // lwIP begins with a window of three segments, and grows it
  await pair.run(5_000);
  receiver.received = '';
  pair.sent.length = 0;
  let first = true;
  pair.heldMs = (packet, who) => {
    if (who !== from || packet.data.length === 0 || !first) return 0;
    first = false;
    return 30;
  };
  const text = 'x'.repeat((segments - 1) * 1440) + 'y'.repeat(1440);
  sender.endpoint!.write(text);
  await pair.run(5_000);
  const data = pair.sent.filter((sent) => sent.from === from && sent.packet.data.length > 0);
  const acks = pair.sent.filter((sent) => sent.from !== from && sent.packet.data.length === 0).map(({ packet }) => packet.ack);
  return { received: receiver.received, text, data, acks };
}

describe('TCP whose segments are overtaken', () => {
  it.each([
    ['the relay’s Linux', 'server', 4],
    // The first of its duplicates tells a window that is open again, which makes it none.
    ['a board’s lwIP', 'client', 5],
  ] as const)(
    '%s resends for nothing after three duplicate acknowledgements, and each byte is taken once',
    async (_who, from, segments) => {
      const { received, text, data, acks } = await overtaken(from, segments);
      expect(received).toBe(text);
      expect(acks.filter((ack) => ack === acks[0])).toHaveLength(segments - 1);
      const again = data.filter(({ packet }, index) => data.findIndex((one) => one.packet.seq === packet.seq) < index);
      expect(again.map(({ packet }) => packet.seq)).toEqual([data[0].packet.seq]);
      expect(again[0].atMs - data[0].atMs).toBeLessThan(100); // no timeout of theirs is as short
    },
  );

  it('acknowledges what comes twice twice, and takes it once', async () => {
    const pair = await new Pair(LWIP, RELAY_TCP).connected();
    pair.sent.length = 0;
    pair.copies = (packet) => (packet.data.length > 0 ? 2 : 1);
    pair.clientEnd.endpoint!.write('hello');
    await pair.run(1_000);
    expect(pair.serverEnd.received).toBe('hello');
    expect(pair.sent.filter(({ from }) => from === 'server').map(({ packet }) => packet.ack)).toEqual([6, 6]);
    expect(pair.sent.filter(({ from }) => from === 'client')).toHaveLength(1);
  });
});
