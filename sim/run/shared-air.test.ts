/**
 * A whole fleet on an air that it shares: what it does to boards, what is counted of it, and that it is a
 * function of the seed.
 */
import { execFileSync } from 'node:child_process';
import { app } from 'firmware/apps/sos';
import { afterEach, describe, expect, it } from 'vitest';
import type { Distribution } from '../measure/result.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';
import { run } from './run.ts';

const SHARED: ScenarioDocument = { air: { medium: 'shared' } };
const FLEET: ScenarioDocument = { ...SHARED, boards: { count: 20 }, duration: 30_000, link: { loss: 0.05 } };

const opened: WatchedWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

/** Boards whose channels are open, and the time 20 s. */
async function online(document: ScenarioDocument): Promise<WatchedWorld> {
  const world = new WatchedWorld({ ...SHARED, ...document });
  opened.push(world);
  await world.run(20_000);
  expect(world.openChannels).toBe(world.world.boardCount);
  world.events.length = 0;
  return world;
}

const accessPointOf = ({ world }: WatchedWorld, board: number) => world.controls.board(board).accessPoint;

describe('a run with a shared air', () => {
  it('is a function of the seed: in this process, whatever the turns of the event loop, and in a fresh one', async () => {
    const document = { ...FLEET, aps: 4, air: { neighbours: 0.2, hidden: 0.2, ap_queue: 100 } };
    const scenario = makeScenario(document);
    const { summary } = await run(scenario, app);
    for (const turnsPerPump of [1, 4])
      expect((await run(scenario, app, { kernel: { turnsPerPump } })).summary.trace_hash).toBe(summary.trace_hash);
    const words = ['--import', 'tsx', 'sim/testing/print-trace-hash.ts', JSON.stringify(document)];
    expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toBe(summary.trace_hash);
    expect((await run({ ...scenario, seed: 2 }, app)).summary.trace_hash).not.toBe(summary.trace_hash);
  });

  it('has the copies of a message arrive one after another', async () => {
    const latency = async (document: ScenarioDocument) =>
      (await run(makeScenario({ ...FLEET, link: {}, ...document }), app)).summary.metrics.broadcast_latency_ms as Distribution;
    const [own, shared] = [await latency({ air: { medium: 'private' } }), await latency(SHARED)];
    expect((shared.p99 as number) - (own.p99 as number)).toBeGreaterThan(3);
    expect((shared.p50 as number) - (own.p50 as number)).toBeGreaterThan(1);
  });

  it('counts what was on the air, and draws it over time by access point', async () => {
    const { summary, air } = await run(makeScenario({ ...FLEET, aps: 2 }), app);
    const { metrics } = summary;
    expect(metrics.air_frames).toBeGreaterThan(0.9 * (metrics.tcp_segments as number)); // what is lost on the way down takes no air
    expect(metrics.air_collisions).toBeGreaterThan(0);
    expect(metrics.air_retries).toBeGreaterThanOrEqual((metrics.air_collisions as number) * 0.99);
    expect(metrics.air_busy).toBeGreaterThan(0.015);
    expect(metrics.air_busy).toBeLessThan(0.1);
    expect(metrics.ap_queue_max).toBeGreaterThan(5);
    expect([metrics.air_full_s, metrics.queue_drops, summary.warnings]).toEqual([0, 0, undefined]);
    expect(air?.accessPoints.map(({ id, channel, busy }) => [id, channel, busy.length])).toEqual([
      ['ap-1', 1, 30],
      ['ap-2', 6, 30],
    ]);
    for (const { busy, own } of air?.accessPoints ?? []) {
      expect(busy.every((share, step) => share >= own[step] && share < 0.2)).toBe(true);
      expect(own.slice(10).every((share) => share > 0)).toBe(true);
    }
  });

  it('says nothing of an air that boards do not share', async () => {
    const { summary, air } = await run(makeScenario({ boards: { count: 2 } }), app);
    expect([summary.metrics.air_frames, summary.metrics.air_busy, air, summary.warnings]).toEqual([0, 0, undefined, undefined]);
  });

  it('warns in plain words when the air was full', async () => {
    const document = { ...SHARED, boards: { count: 60 }, duration: 40_000, link: { rssi: -86 } };
    const { summary } = await run(makeScenario(document), app);
    expect(summary.metrics.air_full_s).toBeGreaterThan(10);
    expect(summary.warnings).toEqual([
      expect.stringMatching(/^the air of ap-1 was full for \d+ s: 60 boards broadcasting need \d\.\d times what one channel has$/),
    ]);
  });
});

describe('access points of one network', () => {
  const document: ScenarioDocument = { aps: 2, boards: { count: 4 }, relay: { duplicate_id: 'takeover' } };

  it('take the boards of one that loses its power, and its links are up again with that', async () => {
    const watched = await online(document);
    expect([0, 1, 2, 3].map((board) => accessPointOf(watched, board))).toEqual([0, 1, 0, 1]);
    watched.world.controls.accessPoint(0).setPower(false);
    await watched.run(30_000);
    expect([0, 1, 2, 3].map((board) => accessPointOf(watched, board))).toEqual([1, 1, 1, 1]);
    for (const board of [0, 2]) {
      expect(watched.named('link.down', board)).toHaveLength(1);
      expect(watched.named('link.up', board)).toHaveLength(1);
      expect(watched.channelState(board)).toBe('open');
    }
    for (const board of [1, 3]) expect([...watched.named('link.down', board), ...watched.named('wifi.lost', board)]).toEqual([]);
    watched.world.controls.accessPoint(0).setPower(true);
    await watched.run(10_000);
    expect(watched.named('wifi.lost', 0)).toHaveLength(1);
  });

  it('keep everybody out when all are off', async () => {
    const watched = await online(document);
    for (const index of [0, 1]) watched.world.controls.accessPoint(index).setPower(false);
    await watched.run(60_000);
    expect(watched.openChannels).toBe(0);
    watched.world.controls.accessPoint(1).setPower(true);
    await watched.run(120_000);
    expect(watched.openChannels).toBe(4);
    expect([0, 1, 2, 3].map((board) => accessPointOf(watched, board))).toEqual([1, 1, 1, 1]);
  });

  it('hand a board that roams over to another one, with its load', async () => {
    const watched = await online(document);
    const own = () => watched.world.air?.accessPoints.map(({ ownUs }) => ownUs) ?? [];
    watched.world.controls.board(0).roam();
    watched.world.controls.board(2).roam(1);
    await watched.run(20_000);
    expect([0, 2].map((board) => accessPointOf(watched, board))).toEqual([1, 1]);
    expect([0, 2].map((board) => watched.channelState(board))).toEqual(['open', 'open']);
    const before = own();
    await watched.run(20_000);
    const [first, second] = own().map((us, index) => us - before[index]);
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(10_000);
  });

  it('belong to boards by turns also where each board has an air of its own', async () => {
    const watched = await online({ ...document, air: { medium: 'private' } });
    watched.world.controls.accessPoint(1).setPower(false);
    await watched.run(30_000);
    expect([0, 1, 2, 3].map((board) => accessPointOf(watched, board))).toEqual([0, 0, 0, 0]);
    expect([1, 3].map((board) => watched.channelState(board))).toEqual(['open', 'open']);
  });
});
