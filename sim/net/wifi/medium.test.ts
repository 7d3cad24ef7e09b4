/** The seam of a shared medium, by the smallest there is: it takes one frame at a time, of whomever, and tries each again at once. */
import { expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import type { Handler } from '../../kernel/queue.ts';
import { RandomStreams } from '../../kernel/random.ts';
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
    return { send: (packet, next) => this.send(transmitter, packet, next) };
  }

  private send({ conditions, random }: Transmitter, packet: Packet, next: Handler): void {
    let tries = 1;
    while (tries <= conditions.maxTries && random.next() < conditions.errorRate) tries++;
    const airUs = (packet.wireBytes * 8e6) / conditions.rateBps;
    this.idleFromUs = Math.max(this.idleFromUs, this.timeline.nowUs) + airUs * Math.min(tries, conditions.maxTries);
    if (tries <= conditions.maxTries) this.timeline.schedule(this.idleFromUs, next, packet);
  }
}

/** Two links on one access point, at 1 Mbit/s and without delay: a packet of 125 bytes takes the air for a millisecond. */
function twoLinks(settings: Partial<LinkSettings> = {}, isShared = true) {
  const kernel = new Kernel();
  const streams = new RandomStreams(1);
  const medium = isShared ? new OneAtATime(kernel) : null;
  const arrivals: [link: number, number: number, atUs: number][] = [];
  const links = [0, 1].map((board) => {
    const arrived = (packet: Packet) => void arrivals.push([board, packet.seq, kernel.nowUs]);
    return new Link(
      { ...DEFAULT_LINK, latencyMs: 0, jitterMs: 0, rateBps: 1e6, ...settings },
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
    links[0].sendUp(makePacket(1, 125));
    links[1].sendUp(makePacket(2, 125));
    links[0].sendDown(makePacket(3, 125));
    await kernel.run(1_000_000);
    return arrivals.map(([, number, atUs]) => [number, atUs]);
  };
  expect(await arrivalsOf(true)).toEqual([
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
  ]);
  expect((await arrivalsOf(false)).map(([, atUs]) => atUs)).toEqual([1_000, 1_000, 1_000]);
});

it('plays rate and retries on the air in the place of their rules, and asks for each frame what they are now', async () => {
  const { kernel, links, arrivals } = twoLinks();
  links[0].change({ rateBps: 500_000 });
  links[1].change({ rssiDbm: -92 }); // one frame in two fails
  for (let number = 0; number < 50; number++) links[1].sendUp(makePacket(number, 125));
  links[0].sendUp(makePacket(50, 125));
  await kernel.run(10_000_000);
  expect(arrivals.map(([, number]) => number)).toEqual([...Array(51).keys()]);
  const [, , freeUs] = arrivals[49];
  expect(freeUs).toBeGreaterThan(80_000); // 50 without retries
  expect(arrivals[50]).toEqual([0, 50, freeUs + 2_000]);
});

it('is met between the rules before and behind it, which keep their order and their say', async () => {
  const { kernel, links, arrivals } = twoLinks({ latencyMs: 10, powerSave: 'min_modem' });
  links[0].sendUp(makePacket(1, 125));
  await kernel.run(20_000);
  links[0].sendDown(makePacket(2, 125)); // its board has just sent, and is awake
  links[1].sendDown(makePacket(3, 125));
  await kernel.run(1_000_000);
  expect(arrivals[0]).toEqual([0, 1, 11_000]);
  expect(arrivals[1]).toEqual([0, 2, 31_000]);
  const [, number, atUs] = arrivals[2];
  expect(number).toBe(3);
  expect(atUs).toBeGreaterThan(31_000);
});
