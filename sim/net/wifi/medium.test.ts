/**
 * The seam of a shared medium, by the smallest there is: it takes one frame at a time, of whomever, and tries
 * each again at once.
 */
import { expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import type { Handler } from '../../kernel/queue.ts';
import { type RandomStream, RandomStreams } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Hop } from '../link/hop.ts';
import { Link } from '../link/link.ts';
import { DEFAULT_LINK, type LinkSettings } from '../link/settings.ts';
import { makePacket } from '../testing/packets.ts';
import type { Packet } from '../wire/packet.ts';
import type { Medium, Transmitter } from './medium.ts';

class OneAtATime implements Medium {
  private readonly timeline: Timeline;
  private idleFromUs = 0;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  join(transmitter: Transmitter): Hop {
    const random = transmitter.stream(`luck-${transmitter.way}`);
    return { send: (packet, next) => this.send(transmitter, random, packet, next) };
  }

  private send({ conditions }: Transmitter, random: RandomStream, packet: Packet, next: Handler): void {
    let tries = 1;
    while (tries <= conditions.maxTries && random.next() < conditions.errorRate) tries++;
    const airUs = (packet.wireBytes * 8e6) / conditions.rateBps;
    this.idleFromUs = Math.max(this.idleFromUs, this.timeline.nowUs) + airUs * Math.min(tries, conditions.maxTries);
    if (tries <= conditions.maxTries) this.timeline.schedule(this.idleFromUs, next, packet);
  }
}

/** At 65 Mbit/s, the fastest rate, such a packet takes the air for a millisecond. */
const PACKET_BYTES = 8_125;

/** Two links on one access point, without delay. */
function twoLinks(settings: Partial<LinkSettings> = {}, isShared = true) {
  const kernel = new Kernel();
  const streams = new RandomStreams(1);
  const medium = isShared ? new OneAtATime(kernel) : null;
  const arrivals: [link: number, number: number, atUs: number][] = [];
  const links = [0, 1].map((board) => {
    const arrived = (packet: Packet) => void arrivals.push([board, packet.seq, kernel.nowUs]);
    return new Link(
      { ...DEFAULT_LINK, latencyMs: 0, jitterMs: 0, rateBps: 1e13, ...settings },
      {
        kernel,
        board,
        station: { joined: true },
        medium,
        random: (purpose) => streams.stream(`${board}/${purpose}`),
        deliverUp: arrived,
        deliverDown: arrived,
        onForgotten: () => {},
      },
    );
  });
  return { kernel, links, arrivals };
}

it('takes the air of one link from the other, both ways, where links of their own do not', async () => {
  const arrivalsOf = async (isShared: boolean) => {
    const { kernel, links, arrivals } = twoLinks({}, isShared);
    links[0].sendUp(makePacket(1, PACKET_BYTES));
    links[1].sendUp(makePacket(2, PACKET_BYTES));
    links[0].sendDown(makePacket(3, PACKET_BYTES));
    await kernel.run(1_000_000);
    return arrivals.map(([, number, atUs]) => [number, atUs]);
  };
  expect(await arrivalsOf(true)).toEqual([
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
  ]);
  expect((await arrivalsOf(false)).every(([, atUs]) => atUs < 10)).toBe(true);
});

it('plays signal and retries on the air in the place of their rules, and asks for each frame what they are now', async () => {
  const { kernel, links, arrivals } = twoLinks();
  const bytes = 4_875; // 39 ms at 1 Mbit/s, 1 ms at 39 Mbit/s
  links[0].change({ rssiDbm: -68 });
  links[1].change({ rssiDbm: -92 }); // one frame in two fails
  for (let number = 0; number < 50; number++) links[1].sendUp(makePacket(number, bytes));
  links[0].sendUp(makePacket(50, bytes));
  await kernel.run(10_000_000);
  expect(arrivals.map(([, number]) => number)).toEqual([...Array(51).keys()]);
  const [, , freeUs] = arrivals[49];
  expect(freeUs).toBeGreaterThan(80 * 39_000); // 50 without retries
  expect(arrivals[50]).toEqual([0, 50, freeUs + 1_000]);
});

it('is met between the rules before and behind it, which keep their order and their say', async () => {
  const { kernel, links, arrivals } = twoLinks({ latencyMs: 10, rateBps: 65e6, powerSave: 'min_modem' });
  links[0].sendUp(makePacket(1, PACKET_BYTES));
  await kernel.run(20_000);
  links[0].sendDown(makePacket(2, PACKET_BYTES));
  links[1].sendDown(makePacket(3, PACKET_BYTES));
  await kernel.run(1_000_000);
  // A millisecond on the air, one on the wire, and the delay; what comes down second waits for the air alone,
  // as a radio's sleep is the air's affair.
  expect(arrivals).toEqual([
    [0, 1, 12_000],
    [0, 2, 32_000],
    [1, 3, 33_000],
  ]);
});
