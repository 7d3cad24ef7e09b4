/** What the actions of the air do to boards, firmware and relay: each once, in a small world. */
import { app as sos } from 'firmware/apps/sos';
import type { FirmwareApp } from 'firmware/boot';
import { createChannel } from 'firmware/channel';
import { afterEach, describe, expect, it } from 'vitest';
import type { Distribution } from '../measure/result.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';
import { run } from './run.ts';

const opened: WatchedWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

/** Two boards whose channels are open, and the time 20 s. */
async function online(document: ScenarioDocument = {}): Promise<WatchedWorld> {
  const world = new WatchedWorld({ ...document, boards: { count: 2, ...document.boards } });
  opened.push(world);
  await world.run(20_000);
  expect(world.openChannels).toBe(2);
  world.events.length = 0;
  return world;
}

const details = (world: WatchedWorld, name: Parameters<WatchedWorld['named']>[0], board: number) =>
  world.named(name, board).map(({ detail }) => detail);

describe('a station that is sent away', () => {
  it('loses its connections, tells the firmware why, and joins again; the relay learns of it when it sends to the board that is back', async () => {
    const watched = await online();
    watched.world.controls.board(0).deauthenticate(3);
    await watched.run(60_000);
    expect(details(watched, 'wifi.lost', 0)).toEqual(['3']);
    expect(details(watched, 'tcp.closed', 0)[0]).toBe('aborted');
    expect(details(watched, 'ws.close', 0)[0]).toBe('reset');
    expect(watched.named('wifi.joined', 0)).toHaveLength(1);
    expect(watched.channelState(0)).toBe('open');
    expect(watched.named('wifi.lost', 1)).toEqual([]);
  });
});

describe('a station that roams', () => {
  it('is back without a scan of all channels', async () => {
    const watched = await online();
    watched.world.controls.board(0).roam();
    await watched.run(5_000);
    expect(details(watched, 'wifi.lost', 0)).toEqual(['207']);
    const [{ value: tookMs }] = watched.named('wifi.joined', 0);
    expect(tookMs).toBeLessThan(120 + 138 + 40 + 40 + 1210 + 1);
  });
});

describe('connections that are reset', () => {
  it('end at both ends, and come back', async () => {
    const watched = await online();
    watched.world.controls.link(0).resetConnections();
    await watched.run(100);
    expect(details(watched, 'tcp.closed', 0)).toEqual(['reset']);
    expect(watched.named('ws.close', 0)).toHaveLength(1);
    expect(watched.named('ws.close', 1)).toEqual([]);
    await watched.run(30_000);
    expect(watched.channelState(0)).toBe('open');
  });

  it('are not, where the RST cannot reach them', async () => {
    const watched = await online();
    watched.world.controls.link(0).setBlackhole(true);
    watched.world.controls.link(0).resetConnections();
    await watched.run(100);
    expect([watched.named('tcp.closed', 0), watched.named('ws.close', 0)]).toEqual([[], []]);
  });
});

describe('a password that changed', () => {
  it('keeps everybody out, with the reason of a handshake that fails, until it is the old one again', async () => {
    const watched = await online();
    watched.world.controls.accessPoint(0).setPasswordChanged(true);
    await watched.run(60_000);
    expect(watched.openChannels).toBe(0);
    expect(new Set(details(watched, 'wifi.failed', 0))).toEqual(new Set(['15']));
    expect(watched.named('wifi.joined')).toEqual([]);
    watched.world.controls.accessPoint(0).setPasswordChanged(false);
    await watched.run(120_000);
    expect(watched.openChannels).toBe(2);
  });
});

describe('DNS that does not answer', () => {
  const byName: ScenarioDocument = { boards: { config: { server: 'ws://relay.example:8000/' } } };

  it('lets no connection begin, until it answers again', async () => {
    const watched = await online(byName);
    watched.world.controls.board(0).setResolver(false);
    for (const board of [0, 1]) watched.world.controls.link(board).resetConnections();
    await watched.run(60_000);
    expect(new Set(details(watched, 'tcp.closed', 0).slice(1))).toEqual(new Set(['dns']));
    expect(watched.channelState(1)).toBe('open');
    watched.world.controls.board(0).setResolver(true);
    await watched.run(120_000);
    expect(watched.channelState(0)).toBe('open');
  });

  it('does not matter to a board that knows the address', async () => {
    const watched = await online();
    watched.world.controls.board(0).setResolver(false);
    watched.world.controls.link(0).resetConnections();
    await watched.run(60_000);
    expect(watched.channelState(0)).toBe('open');
  });
});

describe('a NAT that forgets idle flows', () => {
  /** Sends nothing, so that only keepalives keep the flow. */
  const idle: FirmwareApp = (hal, config) => {
    createChannel(hal, config);
  };
  const SECONDS = 1_000;
  const nat: StepDocument = { at: 0, action: 'link.idle_timeout', parameters: { after: 30 * SECONDS } };
  const scenario = (pingInterval: number) =>
    makeScenario({
      duration: 300 * SECONDS,
      boards: { count: 4, board_ping_interval: 0 },
      relay: { ping_interval: pingInterval, ping_timeout: 10 * SECONDS },
      steps: [nat],
    });

  it('is not noticed by a keepalive that pings more often', async () => {
    const { summary } = await run(scenario(20 * SECONDS), idle);
    expect(summary.metrics).toMatchObject({ disconnects: 0, channel_availability: 1 });
  });

  it('breaks channels of one that pings less often, which is no false alarm, and is found within the bound', async () => {
    const { summary } = await run(scenario(50 * SECONDS), idle);
    const { disconnects, false_disconnects: falseOnes, detect_ms: detect } = summary.metrics;
    expect(disconnects).toBeGreaterThanOrEqual(4);
    expect(falseOnes).toBe(0);
    // From the moment it forgot (30 s after the last packet) to the timeout of the ping that came 50 s after
    // it.
    expect((detect as Distribution).min).toBeGreaterThan((50 - 30 + 9) * SECONDS);
    expect((detect as Distribution).max).toBeLessThanOrEqual((50 + 10) * SECONDS);
    expect(summary.checks.every(({ ok }) => ok)).toBe(true);
  });
});

describe('a relay that hangs', () => {
  it('still accepts and acknowledges, answers nothing, and goes on where it stood', async () => {
    const watched = await online({ boards: { board_ping_interval: 10_000, board_ping_timeout: 5_000 } });
    watched.world.controls.relay.setHung(true);
    await watched.run(20_000);
    expect(watched.named('relay.received')).toEqual([]);
    expect(details(watched, 'channel.state', 0)).toContain('board_ping_timeout');
    expect(watched.named('tcp.connected', 0)).toHaveLength(1);
    expect(watched.named('ws.open')).toEqual([]);
    watched.world.controls.relay.setHung(false);
    await watched.run(20_000);
    expect(watched.openChannels).toBe(2);
    expect(watched.named('relay.down').map(({ detail }) => detail)).toEqual(['hang']);
    expect(watched.named('relay.up')).toHaveLength(1);
    // What was sent before the board gave up had been acknowledged, and is not lost.
    expect(watched.named('relay.received', 0).length).toBeGreaterThan(5);
  });

  it('hangs no longer when it has been restarted', async () => {
    const watched = await online();
    watched.world.controls.relay.setHung(true);
    watched.world.controls.relay.setRunning(false);
    watched.world.controls.relay.setRunning(true);
    watched.world.controls.relay.setHung(false);
    await watched.run(40_000);
    expect(watched.openChannels).toBe(2);
    expect(watched.named('relay.down').map(({ detail }) => detail)).toEqual(['hang', 'stop']);
    expect(watched.named('relay.up')).toHaveLength(1);
  });
});

describe('a board without power', () => {
  it('does nothing, says nothing to the relay, and starts from flash', async () => {
    const watched = await online();
    watched.world.controls.board(0).setPower(false);
    watched.world.controls.board(0).setPower(false);
    await watched.run(10_000);
    expect(watched.named('board.off', 0)).toHaveLength(1);
    expect(watched.named('relay.received', 0)).toEqual([]);
    expect(watched.named('ws.close', 0)).toEqual([]);
    watched.world.controls.board(0).setPower(true);
    await watched.run(60_000);
    expect(watched.named('board.boot', 0).map(({ value }) => value)).toEqual([2]);
    expect(watched.channelState(0)).toBe('open');
  });
});

describe('a board that is unplugged, or reset, before it was ever powered up', () => {
  it.each([
    ['board.power_cycle', { at: 0, for: 20_000 }, 20_000],
    ['board.power_cycle', { at: 0, for: 2_000 }, 2_000],
    ['board.reset', { at: 1_000 }, 1_000],
  ])('boots once: %s %o', async (action, times, bootedMs) => {
    const boots: number[] = [];
    const { summary } = await run(
      makeScenario({
        seed: 3,
        duration: 60_000,
        boards: { count: 1, boot_spread: 10_000 },
        steps: [{ action, ...times, parameters: {} }],
      }),
      sos,
      {
        traceLevel: 'state',
        onTraceLine: (line) => {
          const { event, t } = JSON.parse(line) as { event: string; t: number };
          if (event === 'board.boot') boots.push(t);
        },
      },
    );
    expect(boots).toEqual([bootedMs]);
    expect(summary.metrics).toMatchObject({ board_resets: 0, connects: 1 });
  });
});

describe('a client on the relay’s own network', () => {
  it('sends at once to every board, again after a restart of the relay, and the same whatever the turns of the event loop', async () => {
    const steps: StepDocument[] = [
      { at: 30_000, action: 'client.burst', parameters: { messages: 50, size: 200 } },
      { at: 40_000, action: 'relay.restart', for: 1_000, parameters: {} },
      { at: 70_000, action: 'client.burst', parameters: { messages: 10 } },
    ];
    const scenario = makeScenario({
      duration: 90_000,
      boards: { count: 3, firmware: 'firmware/apps/sos.ts' },
      relay: { mode: 'broadcast' },
      steps,
    });
    const quiet: FirmwareApp = (hal, config) => void createChannel(hal, config);
    const { summary } = await run(scenario, quiet);
    expect(summary.metrics.broadcasts_delivered).toBe(3 * (50 + 10));
    expect((await run(scenario, quiet, { kernel: { turnsPerPump: 4 } })).summary.trace_hash).toBe(summary.trace_hash);
  });
});

describe('what a scenario expects', () => {
  const within = (at: number, expected: string, more: Record<string, unknown> = {}): StepDocument => ({
    at,
    action: 'expect',
    parameters: { expect: expected, ...more },
  });
  const judge = async (...steps: StepDocument[]) =>
    (await run(makeScenario({ duration: 60_000, relay: { duplicate_id: 'takeover' }, boards: { count: 2 }, checks: [], steps }), sos))
      .summary.checks;

  it('holds for a state, a message and a pin', async () => {
    const checks = await judge(
      within(30_000, 'channel.open'),
      within(30_000, 'message.sent', { within: 5_000 }),
      within(30_000, 'pin.high', { within: 5_000, pin: 2 }),
    );
    expect(checks).toEqual([
      { name: 'expect channel.open', ok: true },
      { name: 'expect message.sent within 5s', ok: true },
      { name: 'expect pin.high on pin 2 within 5s', ok: true },
    ]);
  });

  it('breaks with the first board, the time and what was so instead', async () => {
    const off: StepDocument = {
      at: 30_000,
      action: 'board.power_cycle',
      boards: { kind: 'ids', ids: ['board-2'] },
      for: 20_000,
      parameters: {},
    };
    const checks = await judge(
      off,
      within(31_000, 'channel.open', { within: 4_000 }),
      within(31_000, 'message.sent', { within: 5_000 }),
      within(31_000, 'pin.high', { within: 6_000, pin: 2 }),
    );
    expect(checks.map(({ ok, detail }) => [ok, detail])).toEqual([
      [false, 'at 35 s board-2 was not channel.open within 4 s; its channel was off'],
      [false, 'at 36 s board-2 had no message.sent within 5 s; its channel was off'],
      [false, 'at 37 s board-2 did not drive pin 2 high within 6 s'],
    ]);
  });

  it('is met by what happens meanwhile, not only by what is so at the beginning', async () => {
    const off: StepDocument = { at: 30_000, action: 'board.power_cycle', for: 1_000, parameters: {} };
    expect(await judge(off, within(30_500, 'channel.open', { within: 29_000 }))).toEqual([
      { name: 'expect channel.open within 29s', ok: true },
    ]);
  });
});
