/** What boards and the relay see of a balancer between them; sim/proxy/real-balancers.test.ts has the programs beside it. */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../measure/result.ts';
import { loadScenario } from '../scenario/document/load.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';
import { run } from './run.ts';

const MINUTE_MS = 60_000;
const BOARDS = 3;
/** Nobody pings, and the app sends every ten seconds: what is left open, a balancer closes. */
const SILENT: ScenarioDocument = {
  duration: 3 * MINUTE_MS,
  relay: { ping_interval: 0, mode: 'echo' },
  boards: { count: BOARDS, board_ping_interval: 0 },
  checks: [],
};

async function summaryOf(document: ScenarioDocument): Promise<Summary> {
  return (await run(makeScenario(document), app)).summary;
}

function step(atMs: number, forMs: number | undefined, action: string, parameters: StepDocument['parameters'] = {}): StepDocument {
  return { at: atMs, for: forMs, action, parameters };
}

describe('idle_close', () => {
  it.each([
    ['fin', 'peer_closed', 'peer_closed'],
    ['rst', 'reset', 'peer_closed'],
    ['late_rst', 'reset', 'takeover'],
  ] as const)('with %s is %s to the board', async (close_with, cause, atRelay) => {
    const world = new WatchedWorld({
      ...SILENT,
      relay: { ping_interval: 0, mode: 'echo', duplicate_id: 'takeover' },
      balancer: { idle_close: 2_000, close_with },
    });
    await world.run(MINUTE_MS);
    const lost = world.named('channel.state').flatMap(({ subject, detail }) => (subject === 'waiting' ? [detail] : []));
    const closed = world.named('ws.close').map(({ detail }) => detail);
    await world.close();
    expect(lost.length).toBeGreaterThan(BOARDS);
    expect(new Set(lost)).toEqual(new Set([cause]));
    expect(new Set(closed)).toEqual(new Set([atRelay]));
  });

  it('is kept off by a ping of either side that comes sooner', async () => {
    const balancer = { idle_close: 2_000 };
    const byRelay = await summaryOf({ ...SILENT, relay: { ping_interval: 1_500, mode: 'echo' }, balancer });
    const byBoard = await summaryOf({ ...SILENT, boards: { count: BOARDS, board_ping_interval: 1_500 }, balancer });
    expect([byRelay.metrics.disconnects, byBoard.metrics.disconnects]).toEqual([0, 0]);
  });

  it('as a step begins with connections that are there, and ends', async () => {
    const steps = [step(MINUTE_MS, MINUTE_MS, 'balancer.idle_close', { after: 2_000 })];
    const world = new WatchedWorld({ ...SILENT, steps });
    await world.run(MINUTE_MS);
    expect(world.named('ws.close')).toEqual([]);
    world.world.controls.balancer?.change({ idleCloseMs: 2_000 });
    await world.run(2_100);
    expect(world.named('ws.close')).toHaveLength(BOARDS);
    await world.close();
    const { metrics } = await summaryOf({ ...SILENT, steps });
    expect(metrics.disconnects).toBeGreaterThanOrEqual(BOARDS);
  });
});

it('max_lifetime ends what is old whatever passes, each connection at its own time within the spread', async () => {
  const balancer = { max_lifetime: 40_000, lifetime_spread: 10_000 };
  const world = new WatchedWorld({ boards: { count: 8 }, duration: MINUTE_MS, balancer });
  await world.run(MINUTE_MS);
  const opened = new Map(world.named('tcp.connected').map(({ board, connection, atUs }) => [`${board}/${connection}`, atUs]));
  const ages = world.named('ws.close').map(({ board, connection, atUs }) => (atUs - (opened.get(`${board}/${connection}`) ?? 0)) / 1e6);
  await world.close();
  expect(ages.length).toBeGreaterThanOrEqual(8);
  expect(Math.min(...ages)).toBeGreaterThan(29.9);
  expect(Math.max(...ages)).toBeLessThan(40.1);
  expect(new Set(ages.map((age) => Math.round(age * 10))).size).toBeGreaterThan(4);
});

describe('while the relay is away', () => {
  const AWAY: ScenarioDocument = { duration: 2 * MINUTE_MS, boards: { count: BOARDS }, steps: [step(MINUTE_MS, 20_000, 'relay.stop')] };

  it.each([
    ['nginx', '502'],
    ['haproxy', '503'],
    ['cloudflare', '521'],
  ] as const)('%s lets boards connect and says %s', async (preset, status) => {
    const { metrics, refused_by_status: refused } = await summaryOf({ ...AWAY, balancer: { preset } });
    expect(Object.keys(refused ?? {})).toEqual([status]);
    expect(metrics['disconnects.refused']).toBe(refused?.[status]);
  });

  it('one that only passes bytes on resets them', async () => {
    const { refused_by_status: refused, metrics } = await summaryOf({ ...AWAY, balancer: { mode: 'tcp' } });
    expect(refused ?? {}).toEqual({});
    expect(metrics.connect_failures).toBeGreaterThan(0);
  });

  it('a relay that hangs is a 504 after the balancer’s time, and TCP is there before', async () => {
    const steps = [step(30_000, 50_000, 'relay.hang')];
    const balancer = { answer_timeout: 3_000 };
    const boards = { count: BOARDS, board_ping_interval: 5_000, board_ping_timeout: 2_000 };
    const { refused_by_status: refused } = await summaryOf({ duration: 2 * MINUTE_MS, boards, balancer, steps });
    expect(Object.keys(refused ?? {})).toEqual(['504']);
  });
});

it('without Upgrade the relay itself says 426, until the balancer is mended', async () => {
  const steps = [step(MINUTE_MS, 20_000, 'balancer.set', { upgrade: 'drop' }), step(MINUTE_MS, undefined, 'link.reset')];
  const { metrics, refused_by_status: refused } = await summaryOf({ duration: 3 * MINUTE_MS, boards: { count: BOARDS }, steps });
  expect(Object.keys(refused ?? {})).toEqual(['426']);
  expect(metrics.channel_availability).toBeGreaterThan(0.7);
});

it('an answer that is held back comes late, and not at all for a board that waits for less', async () => {
  const late = await summaryOf({ boards: { count: BOARDS }, balancer: { handshake_delay: 5_000 } });
  expect(late.metrics.connects).toBe(BOARDS);
  expect(late.metrics.connect_ms).toMatchObject({ min: expect.closeTo(5_050, -2) });
  const tooLate = await summaryOf({ boards: { count: BOARDS }, balancer: { handshake_delay: 15_000 } });
  expect(tooLate.metrics.channel_availability).toBe(0);
  expect(tooLate.metrics.connect_failures).toBeGreaterThan(BOARDS);
});

it('a large message and a small window pass whole, in both directions', async () => {
  const steps = [step(20_000, undefined, 'board.burst', { messages: 20, bytes: 8_000 })];
  const { metrics, checks } = await summaryOf({ relay: { mode: 'echo' }, boards: { count: BOARDS }, balancer: {}, steps });
  expect(metrics.messages_lost).toBe(0);
  expect(metrics.disconnects).toBe(0);
  expect(checks.every(({ ok }) => ok)).toBe(true);
});

describe('with TLS', () => {
  it('bytes pass as they are, and idle ones are closed', async () => {
    const { metrics } = await summaryOf({
      ...SILENT,
      duration: MINUTE_MS,
      tls: 'encrypt',
      balancer: { preset: 'nginx', idle_close: 2_000 },
    });
    expect(metrics.connects).toBeGreaterThan(BOARDS);
    expect(metrics['disconnects.peer_closed']).toBeGreaterThan(BOARDS);
  });

  it('what needs to read what passes is refused, where it stands', () => {
    const text = 'version: 1\ntls: encrypt\nbalancer: { upgrade: drop }\nsteps:\n  - { at: 1s, action: balancer.set, away_status: 503 }\n';
    expect(loadScenario('f.yaml', text).errors).toEqual([
      expect.stringMatching(/^f\.yaml:3:\d+: balancer\.upgrade: with tls/),
      expect.stringMatching(/^f\.yaml:5:\d+: steps\.0\.away_status: with tls/),
    ]);
  });
});

it('a preset is one word, its keys can be changed, and an unknown one is named', () => {
  const of = (balancer: string) => loadScenario('f.yaml', `version: 1\nbalancer: ${balancer}\n`);
  expect(of('aws-nlb').scenario?.balancer).toMatchObject({ mode: 'tcp', idleCloseMs: 350_000, closeWith: 'late_rst' });
  expect(of('{ preset: nginx, idle_close: 0s }').scenario?.balancer).toMatchObject({ idleCloseMs: 0 });
  expect(of('apache').errors[0]).toMatch(/f\.yaml:2:\d+: balancer\.preset: expected one of nginx/);
  expect(of('{ idle_close: 10ms }').errors[0]).toContain('or 0s for never');
});

describe('ports', () => {
  const few: ScenarioDocument = { ...SILENT, boards: { count: 5, board_ping_interval: 0 }, balancer: { ports: 8 } };

  it('that clients used up by leaving first are not there for a minute: 502, though the relay is well', async () => {
    const { metrics, refused_by_status } = await summaryOf({ ...few, steps: [step(MINUTE_MS, undefined, 'link.reset')] });
    expect(refused_by_status?.['502']).toBeGreaterThan(0);
    expect(metrics.connects).toBe(10); // all are back once TIME_WAIT is over
    const enough = await summaryOf({ ...few, balancer: { ports: 10 }, steps: [step(MINUTE_MS, undefined, 'link.reset')] });
    expect(enough.refused_by_status).toBeUndefined();
  });

  it('are free at once when the relay closed first', async () => {
    const world = new WatchedWorld(few);
    await world.run(MINUTE_MS);
    world.world.controls.relay.setRunning(false);
    await world.run(1_000);
    world.world.controls.relay.setRunning(true);
    const backUs = world.world.kernel.nowUs;
    await world.run(MINUTE_MS / 2);
    const refused = world.named('ws.refused').filter(({ atUs }) => atUs > backUs + 1_000);
    await world.close();
    expect([world.openChannels, refused.length]).toEqual([5, 0]);
  });

  it('bound how many clients a balancer serves at a time', async () => {
    const { metrics } = await summaryOf({ ...few, balancer: { ports: 3 } });
    expect(metrics.connects).toBe(3);
  });
});
