/**
 * What access points do to a whole world: what the board sees, what the relay sees, and what the air
 * carries.
 */
import type { FirmwareApp } from 'firmware/boot';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { WatchedWorld } from '../testing/watched-world.ts';

const opened: WatchedWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

/** Boards whose channels are open, and the time 20 s. */
async function online(document: ScenarioDocument = {}): Promise<WatchedWorld> {
  const world = new WatchedWorld({ air: { medium: 'shared' }, ...document, boards: { count: 2, ...document.boards } });
  opened.push(world);
  await world.run(20_000);
  expect(world.openChannels).toBe(world.world.boardCount);
  world.events.length = 0;
  return world;
}

const details = (world: WatchedWorld, name: Parameters<WatchedWorld['named']>[0], board: number) =>
  world.named(name, board).map(({ detail }) => detail);
const secondsOf = (world: WatchedWorld, name: Parameters<WatchedWorld['named']>[0], board: number) =>
  world.named(name, board).map(({ atUs }) => atUs / 1e6);

/** Boards whose channels are open, among them those that have said nothing since they were online. */
const stillOpen = (watched: WatchedWorld) =>
  Array.from({ length: watched.world.boardCount }, (_, board) => watched.named('channel.state', board).at(-1)?.subject ?? 'open').filter(
    (state) => state === 'open',
  ).length;

describe('an access point that changes its channel', () => {
  it('takes its boards and their traffic along when it has announced it, with a gap of a beacon', async () => {
    const watched = await online();
    const { controls, air } = watched.world;
    expect(controls.accessPoint(0).setChannel(11, true)).toBe(1);
    await watched.run(300);
    expect(air?.accessPoints[0].channel).toBe(1);
    await watched.run(20_000);
    expect(air?.accessPoints[0].channel).toBe(11);
    expect([...watched.named('link.down'), ...watched.named('wifi.lost'), ...watched.named('ws.close')]).toEqual([]);
    for (const board of [0, 1]) expect(Math.max(...secondsOf(watched, 'message.received', board))).toBeGreaterThan(35);
    // It is the air of the other channel that they share now.
    controls.air?.change(1, { neighbours: 0.9 });
    expect(await busyShare(watched, 10_000)).toBeLessThan(0.1);
    controls.air?.change(11, { neighbours: 0.9 });
    expect(await busyShare(watched, 10_000)).toBeGreaterThan(0.5);
  });

  it('without a word loses them: 8.5 s without beacons, half-open at the relay, and back on the other channel', async () => {
    const watched = await online({ relay: { duplicate_id: 'takeover' } });
    watched.world.controls.accessPoint(0).setChannel(6, false);
    await watched.run(8_400);
    expect([watched.named('wifi.lost'), watched.named('ws.close'), details(watched, 'link.down', 0)]).toEqual([[], [], ['channel']]);
    await watched.run(200);
    expect([details(watched, 'wifi.lost', 0), details(watched, 'link.up', 0)]).toEqual([['200'], ['channel']]);
    expect(watched.named('ws.close')).toEqual([]);
    await watched.run(15_000);
    expect([watched.openChannels, watched.world.air?.accessPoints[0].channel]).toEqual([2, 6]);
  });

  it('and is back in time has cut nothing but packets', async () => {
    const watched = await online();
    const accessPoint = watched.world.controls.accessPoint(0);
    accessPoint.setChannel(6, false);
    await watched.run(3_000);
    expect(accessPoint.setChannel(1, false)).toBe(6);
    await watched.run(30_000);
    expect([watched.named('wifi.lost'), watched.named('ws.close'), stillOpen(watched)]).toEqual([[], [], 2]);
  });

  it('does so too where each board has an air of its own', async () => {
    const watched = await online({ air: { medium: 'private' } });
    watched.world.controls.accessPoint(0).setChannel(6, true);
    await watched.run(10_000);
    expect(watched.named('wifi.lost')).toEqual([]);
    watched.world.controls.accessPoint(0).setChannel(11, false);
    await watched.run(10_000);
    expect(details(watched, 'wifi.lost', 0)).toEqual(['200']);
  });

  it('many times, and off and on in between, leaves nobody behind for good', async () => {
    const watched = await online({ aps: 2, boards: { count: 4 }, relay: { duplicate_id: 'takeover' }, air: { hidden: 0.5 } });
    const { controls } = watched.world;
    for (let round = 0; round < 12; round++) {
      controls.accessPoint(round % 2).setChannel([1, 6, 11][round % 3], round % 4 > 0);
      if (round % 5 === 0) controls.accessPoint(0).setPower(false);
      await watched.run([50, 320, 400, 2_000][round % 4]);
      controls.accessPoint(0).setPower(true);
    }
    await watched.run(90_000);
    expect(stillOpen(watched)).toBe(4);
    watched.events.length = 0;
    await watched.run(20_000);
    for (let board = 0; board < 4; board++) expect(watched.named('message.received', board).length).toBeGreaterThan(5);
  });
});

describe('a firmware that joins once and never again', () => {
  const once: FirmwareApp = (hal, { wifi }) => {
    hal.wifi.connect(wifi.SSID, wifi.password, () => {});
  };

  it.each([
    ['stays away once it has lost its network', {}, false],
    ['is back where its platform joins by itself', { reconnects: 'forever' }, true],
  ] as const)('%s', async (_, boards, isBack) => {
    const watched = new WatchedWorld({ boards: { count: 1, ...boards } }, once);
    opened.push(watched);
    await watched.run(20_000);
    watched.world.controls.accessPoint(0).setPower(false);
    await watched.run(60_000);
    watched.world.controls.accessPoint(0).setPower(true);
    watched.events.length = 0;
    await watched.run(60_000);
    expect(watched.named('wifi.joined', 0).length > 0).toBe(isBack);
  });
});

describe('an access point that is full', () => {
  it('refuses who has lost its place, as too many, until there are places again', async () => {
    const watched = await online({ boards: { count: 3 } });
    const { controls } = watched.world;
    expect(controls.accessPoint(0).setLimit(1)).toBe(Number.POSITIVE_INFINITY);
    for (const board of [1, 2]) controls.board(board).deauthenticate(3);
    await watched.run(60_000);
    expect([0, 1, 2].map((board) => watched.channelState(board) === 'open' || watched.named('wifi.lost', board).length === 0)).toEqual([
      true,
      false,
      false,
    ]);
    expect(new Set(details(watched, 'wifi.failed', 1))).toEqual(new Set(['5']));
    controls.accessPoint(0).setLimit(Number.POSITIVE_INFINITY);
    await watched.run(90_000);
    expect([1, 2].map((board) => watched.channelState(board))).toEqual(['open', 'open']);
  });
});

describe('an access point that renews its keys in vain', () => {
  it('carries on for four seconds, then sends the board away; the relay hears of it when the board is back', async () => {
    const watched = await online();
    watched.world.controls.board(0).failRekey('group');
    await watched.run(3_900);
    expect(watched.named('wifi.lost')).toEqual([]);
    expect(secondsOf(watched, 'relay.received', 0).some((second) => second > 20)).toBe(true);
    await watched.run(30_000);
    expect(details(watched, 'wifi.lost', 0)).toEqual(['16']);
    expect([details(watched, 'ws.close', 0), watched.channelState(0)]).toEqual([['reset'], 'open']);
    expect(watched.named('wifi.lost', 1)).toEqual([]);
  });
});

describe('the level of an access point', () => {
  it('is the signal of the link while the board is with it, in place of the link’s own', async () => {
    const watched = await online({ boards: { count: 1 }, link: { rssi: -60 } });
    const { controls } = watched.world;
    expect(controls.board(0).changeLevels({ 0: -92 })).toEqual({ 0: undefined });
    const retries = () => watched.world.air?.figures.retries ?? 0;
    const before = retries();
    await watched.run(60_000);
    expect(retries() - before).toBeGreaterThan(20);
    controls.link(0).change({ rssiDbm: -50 });
    expect(controls.board(0).changeLevels({ 0: undefined })).toEqual({ 0: -92 });
    const weak = retries();
    await watched.run(60_000);
    expect(retries() - weak).toBeLessThan(5);
  });

  it('that is too weak sends the board to another one', async () => {
    const watched = await online({ aps: 2, boards: { count: 1 }, relay: { duplicate_id: 'takeover' } });
    watched.world.controls.board(0).changeLevels({ 0: -110, 1: -50 });
    await watched.run(30_000);
    expect([details(watched, 'wifi.lost', 0), watched.world.controls.board(0).accessPoint]).toEqual([['200'], 1]);
    expect(watched.channelState(0)).toBe('open');
  });

  it('of a link is heeded too', async () => {
    const watched = await online();
    watched.world.controls.link(0).change({ rssiDbm: -110 });
    await watched.run(9_000);
    expect([details(watched, 'wifi.lost', 0), details(watched, 'wifi.lost', 1)]).toEqual([['200'], []]);
  });
});

describe('neighbours whom no board hears', () => {
  it('meet what boards send, where neighbours whom they hear are waited for', async () => {
    const retriesWith = async (kind: 'neighbours' | 'hiddenNeighbours') => {
      const watched = await online();
      const { controls, air } = watched.world;
      controls.air?.change(1, { [kind]: 0.4 });
      const before = air?.figures ?? { retries: 0, frames: 0 };
      await watched.run(30_000);
      controls.air?.change(1, { [kind]: 0 });
      const after = air?.figures ?? { retries: 0, frames: 0 };
      expect(stillOpen(watched)).toBe(2);
      return (after.retries - before.retries) / (after.frames - before.frames);
    };
    const [heard, hidden] = [await retriesWith('neighbours'), await retriesWith('hiddenNeighbours')];
    expect(heard).toBeLessThan(0.15);
    expect(hidden).toBeGreaterThan(2 * heard);
  });
});

/**
 * The share of time in which the air of the first access point's channel was busy, from now on for so long.
 */
async function busyShare(watched: WatchedWorld, ms: number): Promise<number> {
  const busyUs = () => watched.world.air?.accessPoints[0].busyUs ?? 0;
  const before = busyUs();
  await watched.run(ms);
  return (busyUs() - before) / (ms * 1_000);
}
