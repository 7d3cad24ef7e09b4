/** What boards and the relay see when names, addresses and the network's own machines change. */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../measure/result.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';
import { run } from './run.ts';

const MINUTE_MS = 60_000;
const BOARDS = 4;
const NEW = '192.0.2.7';
const BY_NAME = { server: 'ws://relay.example:8000/' };

async function summaryOf(document: ScenarioDocument): Promise<Summary> {
  return (await run(makeScenario(document), app)).summary;
}

/** Channels that were lost and came back. */
function back(metrics: Summary['metrics']): number {
  return (metrics.reconnect_ms as { count: number }).count;
}

function step(atMs: number, forMs: number | undefined, action: string, parameters: StepDocument['parameters'] = {}): StepDocument {
  return { at: atMs, for: forMs, action, parameters };
}

function fleet(steps: StepDocument[], more: ScenarioDocument = {}): ScenarioDocument {
  return { duration: 5 * MINUTE_MS, ...more, steps, boards: { count: BOARDS, config: BY_NAME, ...more.boards } };
}

/** The relay moves after a minute, and DNS says so at once. */
const move = (ttl: number, old: 'silent' | 'refuses' = 'silent'): StepDocument[] => [
  step(0, undefined, 'dns.answer', { ttl }),
  step(MINUTE_MS, undefined, 'relay.move', { to: NEW, old }),
  step(MINUTE_MS, undefined, 'dns.answer', { address: NEW }),
];

describe('a relay that moves', () => {
  it('is found at once by boards that may not remember, however silent the old address', async () => {
    const { metrics } = await summaryOf(fleet(move(0)));
    expect(back(metrics)).toBe(BOARDS);
    expect(metrics.recovery_ms).toMatchObject({ count: BOARDS });
    expect((metrics.recovery_ms as { max: number }).max).toBeLessThan(15_000);
  });

  it.each(['silent', 'refuses'] as const)('is not found as long as boards remember: the old address %s', async (old) => {
    const lost = await summaryOf(fleet(move(60 * MINUTE_MS, old)));
    expect(back(lost.metrics)).toBe(0);
    expect(lost.metrics.connect_failures).toBeGreaterThan(BOARDS);
    const soon = await summaryOf(fleet(move(2 * MINUTE_MS, old)));
    expect(back(soon.metrics)).toBe(BOARDS);
    expect((soon.metrics.recovery_ms as { min: number }).min).toBeGreaterThan(50_000);
  });

  it('is not found by boards that know an address, until it is back', async () => {
    const steps = [step(MINUTE_MS, MINUTE_MS, 'relay.move', { to: NEW })];
    const world = new WatchedWorld(fleet(steps, { boards: { config: {} } }));
    world.world.controls.relay.move({ address: NEW });
    await world.run(MINUTE_MS);
    expect(world.openChannels).toBe(0);
    world.world.controls.relay.move({ address: '10.0.255.1' });
    await world.run(3 * MINUTE_MS);
    expect(world.openChannels).toBe(BOARDS);
    await world.close();
  });

  it('ends its sessions in order before it goes', async () => {
    const { metrics } = await summaryOf(fleet(move(0)));
    expect(metrics['disconnects.peer_closed']).toBe(BOARDS);
  });
});

it('a name that DNS leads elsewhere is reached by nobody, and again when it is right', async () => {
  const { metrics } = await summaryOf(
    fleet([step(30_000, MINUTE_MS, 'dns.answer', { address: NEW }), step(30_000, undefined, 'link.reset')]),
  );
  expect(back(metrics)).toBe(BOARDS);
  expect((metrics.reconnect_ms as { min: number }).min).toBeGreaterThan(50_000);
});

it('slow DNS makes every connect late, and too slow it makes none', async () => {
  const late = await summaryOf(fleet([step(0, undefined, 'dns.slow', { delay: 3_000 })]));
  expect((late.metrics.connect_ms as { min: number }).min).toBeGreaterThan(3_000);
  const never = await summaryOf(fleet([step(0, undefined, 'dns.slow', { delay: 10_000 })]));
  expect(never.metrics.connects).toBe(0);
});

describe('dhcp.exhausted', () => {
  it('lets nobody join, leaves alone who has joined, and is over within seconds', async () => {
    const world = new WatchedWorld({ duration: 10 * MINUTE_MS, boards: { count: BOARDS, device: 'espruino-esp32' } });
    await world.run(30_000);
    const { controls } = world.world;
    for (let board = 0; board < BOARDS; board++) controls.board(board).setDhcp(false);
    controls.board(0).reset();
    controls.board(1).deauthenticate(3);
    await world.run(3 * MINUTE_MS);
    expect(world.openChannels).toBe(BOARDS - 2);
    expect(world.named('wifi.joined', 0)).toHaveLength(1);
    for (let board = 0; board < BOARDS; board++) controls.board(board).setDhcp(true);
    await world.run(MINUTE_MS);
    expect(world.openChannels).toBe(BOARDS);
    await world.close();
  });

  it('is waited for by a station that nobody takes away: lwIP asks on for ever', async () => {
    const world = new WatchedWorld({ duration: 10 * MINUTE_MS, boards: { count: 1 } }, () => {});
    const board = world.world.controls.board(0);
    board.setDhcp(false);
    await world.run(5 * MINUTE_MS);
    expect([...world.named('wifi.joined'), ...world.named('wifi.failed')]).toEqual([]);
    await world.close();
  });
});

describe('dhcp.renew with another address', () => {
  /** Boards send each ten seconds; the relay pings each ten. */
  const RELAY: ScenarioDocument = { relay: { ping_interval: 10_000, ping_timeout: 5_000, mode: 'echo', duplicate_id: 'takeover' } };

  it('of the router: nobody is told, both sides find out by their pings', async () => {
    const boards = { count: BOARDS, board_ping_interval: 10_000, board_ping_timeout: 5_000 };
    const { metrics, checks } = await summaryOf(
      fleet([step(MINUTE_MS, undefined, 'dhcp.renew', { new_address: true })], { ...RELAY, boards }),
    );
    expect(metrics.disconnects).toBe(BOARDS);
    expect((metrics['disconnects.ping_timeout'] as number) + (metrics['disconnects.board_ping_timeout'] as number)).toBe(BOARDS);
    expect(metrics.false_disconnects).toBe(0);
    expect(metrics.wifi_joins).toBe(BOARDS);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('of the board: lwIP ends its sockets, and the relay gets RST', async () => {
    const world = new WatchedWorld(fleet([], RELAY));
    await world.run(MINUTE_MS);
    for (let board = 0; board < BOARDS; board++) world.world.controls.link(board).renewAddress();
    await world.run(1_000);
    expect(world.named('tcp.closed').map(({ detail }) => detail)).toEqual(Array(BOARDS).fill('aborted'));
    expect(world.named('ws.close').map(({ detail }) => detail)).toEqual(Array(BOARDS).fill('reset'));
    await world.run(MINUTE_MS);
    expect(world.openChannels).toBe(BOARDS);
    await world.close();
  });
});

describe('a captive portal', () => {
  const portal = (http?: number) => [step(MINUTE_MS, MINUTE_MS, 'wifi.captive_portal', http === undefined ? {} : { http })];

  it.each([
    [undefined, '302'],
    [511, '511'],
    [200, '200'],
  ] as const)('accepts every connect and answers %s: refused by status %s', async (http, status) => {
    const { metrics, refused_by_status: refused, checks } = await summaryOf(fleet(portal(http)));
    expect(Object.keys(refused ?? {})).toEqual([status]);
    expect(metrics['disconnects.reset']).toBe(BOARDS);
    expect(back(metrics)).toBe(BOARDS);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it.each([
    ['server', 0],
    ['encrypt', 1],
  ] as const)('shows boards with tls %s a certificate for another name', async (tls, letsThrough) => {
    const { metrics, refused_by_status: refused } = await summaryOf(fleet(portal(), { tls }));
    if (letsThrough) expect(Object.keys(refused ?? {})).toEqual(['302']);
    else {
      expect(refused ?? {}).toEqual({});
      expect(metrics['disconnects.tls']).toBeGreaterThan(0);
    }
    expect(back(metrics)).toBe(BOARDS);
  });

  it('is followed as far as the firmware follows anybody, and leads nowhere', async () => {
    const boards = { count: BOARDS, config: { ...BY_NAME, redirects: 2 } };
    const { metrics, refused_by_status: refused } = await summaryOf(fleet(portal(), { boards }));
    expect(Object.keys(refused ?? {})).toEqual(['302']);
    expect(back(metrics)).toBe(BOARDS);
  });
});
