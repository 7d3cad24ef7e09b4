/**
 * The air of a network under links: who shares it, what goes with a station that moves, and what links ask of
 * it.
 */
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { Link } from '../link/link.ts';
import { DEFAULT_LINK, type LinkSettings } from '../link/settings.ts';
import { makePacket } from '../testing/packets.ts';
import type { Packet } from '../wire/packet.ts';
import { type AirSettings, DEFAULT_AIR } from './air/settings.ts';
import { SharedAir } from './shared-air.ts';

const BYTES = 1_000;
const SECOND_US = 1_000_000;

interface Arrival {
  board: number;
  number: number;
  atUs: number;
}

interface CellOptions {
  boards?: number;
  accessPoints?: number;
  air?: Partial<AirSettings>;
  link?: Partial<LinkSettings>;
  seed?: number;
}

/** Boards without delay on their links, all associated where they belong. */
function makeCell({ boards = 2, accessPoints = 1, air = {}, link = {}, seed = 1 }: CellOptions = {}) {
  const kernel = new Kernel();
  const streams = new RandomStreams(seed);
  const shared = new SharedAir({
    kernel,
    settings: { ...DEFAULT_AIR, ...air },
    accessPoints,
    random: (name) => streams.stream(name),
  });
  const up: Arrival[] = [];
  const down: Arrival[] = [];
  const links = Array.from({ length: boards }, (_, board) => {
    const into = (arrivals: Arrival[]) => (packet: Packet) => void arrivals.push({ board, number: packet.seq, atUs: kernel.nowUs });
    return new Link(
      { ...DEFAULT_LINK, latencyMs: 0, jitterMs: 0, rateBps: 1e10, ...link },
      {
        kernel,
        board,
        station: { joined: true },
        medium: shared,
        random: (purpose) => streams.stream(`board-${board + 1}/${purpose}`),
        deliverUp: into(up),
        deliverDown: into(down),
        onForgotten: () => {},
      },
    );
  });
  links.forEach((_, board) => {
    shared.associate(board, board % accessPoints);
  });
  const at = (atUs: number, act: () => void) => kernel.schedule(atUs, { onEvent: act }, null);
  return { kernel, shared, links, up, down, at };
}

/** Every board sends so many packets at once. @returns how long it takes until the last has arrived, µs */
async function rush(options: CellOptions, packets = 20): Promise<number> {
  const { kernel, links, up } = makeCell(options);
  for (const link of links) for (let number = 0; number < packets; number++) link.sendUp(makePacket(number, BYTES));
  await kernel.run(100 * SECOND_US);
  expect(up).toHaveLength(links.length * packets);
  return up[up.length - 1].atUs;
}

describe('an air that boards share', () => {
  it('carries what each sends, both ways, whole and in order', async () => {
    const { kernel, links, up, down } = makeCell({ boards: 5 });
    for (const link of links) {
      for (let number = 0; number < 20; number++) {
        link.sendUp(makePacket(number));
        link.sendDown(makePacket(number));
      }
    }
    await kernel.run(SECOND_US);
    for (const arrivals of [up, down]) {
      expect(arrivals).toHaveLength(100);
      for (let board = 0; board < 5; board++)
        expect(arrivals.filter((one) => one.board === board).map(({ number }) => number)).toEqual([...Array(20).keys()]);
    }
  });

  it('is shared on one channel, and each channel has its own', async () => {
    const alone = await rush({ boards: 1 });
    const together = await rush({ boards: 3 });
    expect(together).toBeGreaterThan(2.2 * alone);
    expect(await rush({ boards: 3, accessPoints: 3 })).toBeLessThan(1.2 * alone);
    expect(await rush({ boards: 6, accessPoints: 6 })).toBeGreaterThan(1.5 * alone); // two access points a channel
  });

  it('is slower for all beside a slow station or other networks', async () => {
    const plain = await rush({ boards: 4 });
    expect(await rush({ boards: 4, air: { slowStation: true } })).toBeGreaterThan(3 * plain);
    expect(await rush({ boards: 4, air: { neighbours: 0.5 } })).toBeGreaterThan(1.4 * plain);
  });

  it('loses more tries where boards do not hear each other', async () => {
    const failed = async (hidden: number) => {
      const { kernel, links, shared } = makeCell({ boards: 4, air: { hidden } });
      for (const link of links) for (let number = 0; number < 20; number++) link.sendUp(makePacket(number, BYTES));
      await kernel.run(10 * SECOND_US);
      return shared.figures.collisions / shared.figures.frames;
    };
    expect(await failed(1)).toBeGreaterThan(1.5 * (await failed(0)));
  });

  it('drops what an access point has no room for, and says how many', async () => {
    const { kernel, links, shared, down } = makeCell({ air: { apQueue: 10 } });
    for (let number = 0; number < 50; number++) links[0].sendDown(makePacket(number, BYTES));
    await kernel.run(SECOND_US);
    expect(shared.figures.queueDrops).toBe(40);
    expect(down).toHaveLength(10);
    expect(shared.accessPoints[0].queueMax).toBe(10);
  });

  it('sends packets for one board together where it aggregates', async () => {
    const frames = async (aggregate: boolean) => {
      const { kernel, links, shared } = makeCell({ air: { aggregate } });
      for (let number = 0; number < 50; number++) links[0].sendDown(makePacket(number));
      await kernel.run(SECOND_US);
      return shared.figures.frames;
    };
    expect(await frames(false)).toBeGreaterThanOrEqual(50);
    expect(await frames(true)).toBeLessThan(5);
  });
});

describe('a link on it', () => {
  it('sends at the rate that its signal bears, as it is now, and keeps what is wired behind the access point', async () => {
    const lastly = async (link: Partial<LinkSettings>, change: Partial<LinkSettings> = {}) => {
      const cell = makeCell({ boards: 1, link });
      cell.links[0].change(change);
      for (let number = 0; number < 30; number++) cell.links[0].sendUp(makePacket(number, BYTES));
      await cell.kernel.run(100 * SECOND_US);
      return cell.up.at(-1)?.atUs ?? Number.NaN;
    };
    const fast = await lastly({});
    expect(await lastly({ rssiDbm: -80 })).toBeGreaterThan(2 * fast);
    expect(await lastly({}, { rssiDbm: -80 })).toBe(await lastly({ rssiDbm: -80 }));
    expect(await lastly({ rateBps: 100_000 })).toBeGreaterThanOrEqual((30 * BYTES * 8e6) / 100_000);
  });

  it('tries again on the air what a weak signal spoils, which delays the others', async () => {
    const besides = async (rssiDbm: number) => {
      const { kernel, links, shared, up } = makeCell();
      links[0].change({ rssiDbm });
      for (let number = 0; number < 30; number++) for (const link of links) link.sendUp(makePacket(number, BYTES));
      await kernel.run(100 * SECOND_US);
      expect(up).toHaveLength(60);
      const { retries, collisions } = shared.figures;
      return { tries: retries - collisions, lastUs: up.findLast(({ board }) => board === 1)?.atUs ?? 0 };
    };
    const [strong, weak] = [await besides(-40), await besides(-90)];
    expect(strong.tries).toBe(0);
    expect(weak.tries).toBeGreaterThan(5);
    expect(weak.lastUs).toBeGreaterThan(2 * strong.lastUs);
  });

  it('holds what comes for a board that sleeps until it has been told', async () => {
    const { kernel, links, at, down } = makeCell({ boards: 1, link: { powerSave: 'min_modem', dtim: 3 } });
    at(SECOND_US, () => links[0].sendUp(makePacket(1)));
    at(1.5 * SECOND_US, () => links[0].sendDown(makePacket(2)));
    await kernel.run(3 * SECOND_US);
    expect(down).toHaveLength(1);
    expect(down[0].atUs).toBeGreaterThan(1.5 * SECOND_US + 1_000);
    expect(down[0].atUs).toBeLessThan(1.5 * SECOND_US + 3 * 102_400 + 10_000);
  });

  it('gets nothing down while its station is with no access point, or with one that is off', async () => {
    const { kernel, links, shared, at, down } = makeCell({ boards: 2, accessPoints: 2 });
    const send = (atUs: number) => at(atUs, () => links[0].sendDown(makePacket(atUs)));
    at(0, () => shared.associate(0, null));
    send(1_000);
    at(100_000, () => shared.associate(0, 1));
    send(200_000);
    at(300_000, () => shared.setPower(1, false));
    at(300_000, () => links[0].sendUp(makePacket(3)));
    await kernel.run(SECOND_US);
    expect(down.map(({ number }) => number)).toEqual([200_000]);
    expect(shared.figures.retryDrops).toBe(1);
  });

  it('takes its load along when its station moves', async () => {
    const { kernel, links, shared } = makeCell({ boards: 1, accessPoints: 2 });
    const own = async () => {
      const before = shared.accessPoints.map(({ ownUs }) => ownUs);
      for (let number = 0; number < 20; number++) links[0].sendUp(makePacket(number, BYTES));
      await kernel.run(kernel.nowUs + SECOND_US);
      return shared.accessPoints.map(({ ownUs }, index) => ownUs - before[index]);
    };
    const [first, none] = await own();
    expect([first > 4_000, none]).toEqual([true, 0]);
    shared.associate(0, null);
    shared.associate(0, 1);
    const [left, second] = await own();
    expect([left, second > 4_000]).toEqual([0, true]);
  });
});

describe('a channel that an access point leaves', () => {
  const BEACON_US = 102_400;

  it.each([{}, { hidden: 0.7 }])('keeps nothing back of what waits when its stations come along, and no order is lost: %o', async (air) => {
    const { kernel, links, shared, at, up, down } = makeCell({ boards: 4, air });
    const numbers = [...Array(30).keys()];
    for (const number of numbers) {
      at(number * 500, () => {
        for (const link of links) {
          link.sendUp(makePacket(number, BYTES));
          link.sendDown(makePacket(number, BYTES));
        }
      });
    }
    at(6_000, () => shared.setChannel(0, 6, true));
    await kernel.run(6_000 + BEACON_US);
    const before = [...up, ...down];
    expect(before.every(({ atUs }) => atUs < 8_000)).toBe(true);
    expect(before.length).toBeLessThan(150);
    await kernel.run(SECOND_US);
    for (const arrivals of [up, down])
      for (let board = 0; board < 4; board++)
        expect(arrivals.filter((one) => one.board === board).map(({ number }) => number)).toEqual(numbers);
    expect(shared.accessPoints[0].channel).toBe(6);
  });

  it('has nobody to answer those who stay behind', async () => {
    const { kernel, links, shared, at, up, down } = makeCell({ boards: 2 });
    at(1_000, () => shared.setChannel(0, 6, false));
    at(2_000, () => links[0].sendUp(makePacket(1)));
    await kernel.run(SECOND_US);
    expect([up, shared.figures.retryDrops]).toEqual([[], 1]);
    shared.associate(0, null);
    shared.associate(0, 0);
    links[0].sendUp(makePacket(2));
    links[0].sendDown(makePacket(3));
    await kernel.run(2 * SECOND_US);
    expect([...up, ...down].map(({ number }) => number)).toEqual([2, 3]);
  });

  it('is left in peace: what is on it belongs to others, whose time goes on', async () => {
    const { kernel, links, shared, at } = makeCell({ boards: 1, air: { neighbours: 0.4 } });
    at(SECOND_US, () => shared.setShares(6, { neighbours: 0 }));
    at(SECOND_US, () => shared.setChannel(0, 6, false));
    await kernel.run(SECOND_US);
    const [{ busyUs: busy }] = shared.accessPoints;
    expect(busy).toBeGreaterThan(0.3 * SECOND_US);
    links[0].sendUp(makePacket(1));
    await kernel.run(2 * SECOND_US);
    const [{ busyUs: later }] = shared.accessPoints;
    expect(later - busy).toBeGreaterThanOrEqual(0);
    expect(later - busy).toBeLessThan(0.05 * SECOND_US);
  });
});

it('one board more leaves the draws of all others as they were', () => {
  const draws = (boards: number) => {
    const seen: Record<string, number[]> = {};
    const streams = new RandomStreams(1);
    const watched = (name: string) => {
      const stream = streams.stream(name);
      const { next } = stream;
      seen[name] = [];
      stream.next = () => {
        const drawn = next.call(stream);
        seen[name].push(drawn);
        return drawn;
      };
      return stream;
    };
    const kernel = new Kernel();
    const air = new SharedAir({ kernel, settings: { ...DEFAULT_AIR, hidden: 0.3 }, accessPoints: 2, random: watched });
    for (let board = 0; board < boards; board++)
      air.join({
        board,
        way: 'up',
        conditions: { rateBps: 65e6, errorRate: 0, maxTries: 7, dtim: 0 },
        stream: (purpose) => watched(`${board}/${purpose}`),
      });
    return seen;
  };
  const few = draws(5);
  expect(draws(6)).toMatchObject(few);
  expect(Object.keys(few)).toContain('board-5/hidden');
});
