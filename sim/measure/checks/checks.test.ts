import { describe, expect, it } from 'vitest';
import type { WorldEvent } from '../../kernel/events.ts';
import type { Step } from '../../scenario/scenario.ts';
import { boot, channel, ev, judge, leaves, linkDown, linkUp, opens, scenario, sessionClosed, tcpClosed, world } from '../testing/story.ts';
import { convergenceBoundMs } from './converges-after-heal.ts';
import { CHECKS } from './index.ts';

const linkSet = (parameters: Record<string, unknown>): Step => ({
  atMs: 1000,
  action: 'link.set',
  target: { kind: 'all' },
  forMs: 0,
  parameters,
});
const OPEN = [boot(0), ...opens(900)];

describe.each(Object.keys(CHECKS))('%s', (name) => {
  it('holds when nothing happens, and names itself', () => {
    expect(judge(CHECKS[name], [], 1000)).toEqual({ name, ok: true });
    expect(CHECKS[name].about).toMatch(/\.$/);
  });
});

describe('one-session-per-id', () => {
  const check = (events: WorldEvent[]) => judge(CHECKS['one-session-per-id'], events, 100_000);
  const opened = (atMs: number, connection: number, board = 0) => ev(atMs, 'ws.open', { connection }, board);

  it('holds for one session after another, and for two boards', () => {
    expect(check([opened(1, 1), sessionClosed(2, 'reset', 1), opened(2, 2), opened(3, 1, 1)]).ok).toBe(true);
  });

  it('breaks when a second session of a board opens', () => {
    expect(check([opened(1, 1, 1), opened(12_345, 2, 1), sessionClosed(12_346, 'takeover', 1, 1), opened(13_000, 3, 1)])).toEqual({
      name: 'one-session-per-id',
      ok: false,
      detail: 'at 12.345 s board-2 had 2 open sessions at the relay (connections 1, 2) (and 1 more)',
    });
  });
});

describe('no-uncaught-error', () => {
  it('breaks with the first error, told with its place if that is known', () => {
    const threw = (atMs: number, subject: string, board: number) => ev(atMs, 'board.error', { subject, detail: 'no sensor' }, board);
    const check = (...events: WorldEvent[]) => judge(CHECKS['no-uncaught-error'], events, 60_000);
    expect(check(threw(1500, 'app.ts:4', 2), threw(1600, 'app.ts:4', 1))).toEqual({
      name: 'no-uncaught-error',
      ok: false,
      detail: 'at 1.5 s board-3 threw "no sensor" (app.ts:4) (and 1 more)',
    });
    expect(check(threw(1500, '', 0)).detail).toBe('at 1.5 s board-1 threw "no sensor"');
  });
});

describe('always-bootable', () => {
  it('breaks with the first boot that finds nothing to run', () => {
    const events = [ev(1000, 'board.boot', { value: 1 }), ev(2000, 'board.unbootable', { detail: 'ota_0 holds no program' }, 1)];
    expect(judge(CHECKS['always-bootable'], events, 60_000)).toEqual({
      name: 'always-bootable',
      ok: false,
      detail: 'at 2 s board-2 could not boot: ota_0 holds no program',
    });
  });
});

describe('bounded-detection', () => {
  // 20 s + 20 s + 0.5 s at the relay, 25 s + 10 s + 0.5 s at the board.
  const check = (events: WorldEvent[], endMs = 300_000, parts = {}) => judge(CHECKS['bounded-detection'], events, endMs, parts);
  const dark = [...OPEN, linkDown(5000)];

  it('holds up to the bounds', () => {
    expect(check([...dark, ...leaves(40_500, 'board_ping_timeout'), sessionClosed(45_500, 'ping_timeout')])).toEqual({
      name: 'bounded-detection',
      ok: true,
    });
  });

  it('breaks when the relay is later', () => {
    expect(check([...dark, ...leaves(40_000, 'board_ping_timeout'), sessionClosed(45_501, 'ping_timeout')])).toEqual({
      name: 'bounded-detection',
      ok: false,
      detail: 'at 45.501 s board-1 lost its session at the relay 40.501 s after its link went silent; the bound is 40.5 s',
    });
  });

  it('breaks when the board is later', () => {
    expect(check([...dark, sessionClosed(45_000, 'ping_timeout'), ...leaves(40_501, 'board_ping_timeout')])).toEqual({
      name: 'bounded-detection',
      ok: false,
      detail: 'at 40.501 s board-1 left its open channel 35.501 s after its link went silent; the bound is 35.5 s',
    });
  });

  it('breaks when either side has still not noticed at the end, and not a moment earlier', () => {
    expect(check(dark, 40_500).ok).toBe(true);
    expect(check(dark, 40_501).detail).toMatch(/still held its open channel 35.501 s/);
    expect(check([...dark, ...leaves(40_000, 'board_ping_timeout')], 45_501).detail).toMatch(/still had its session at the relay 40.501 s/);
  });

  it.each([
    ['link down', [linkDown(5000)]],
    ['Wi-Fi lost', [ev(5000, 'wifi.lost'), ...leaves(5000, 'wifi_lost')]],
    ['a reboot', [boot(5000, 2)]],
  ])('begins at the relay with %s', (_, start) => {
    expect(check([...OPEN, ...start], 45_400, { keepalive: { ping_interval_ms: 0, ping_timeout_ms: 0 } }).ok).toBe(true);
    expect(check([...OPEN, ...start], 45_600, { keepalive: { ping_interval_ms: 0, ping_timeout_ms: 0 } }).ok).toBe(false);
  });

  it('forgets a silence that heals while both ends live, unless it had lasted too long', () => {
    expect(check([...dark, linkUp(30_000)]).ok).toBe(true);
    expect(check([...dark, linkUp(60_000)]).ok).toBe(false);
  });

  it('does not forget it when one end was over', () => {
    expect(check([...dark, tcpClosed(20_000), channel(20_000, 'waiting', 'board_ping_timeout'), linkUp(30_000)]).detail).toMatch(
      /still had its session/,
    );
  });

  it('does not ask a board whose link heals after the relay has let go, but asks it about the time before', () => {
    const healed = (atMs: number) => [
      ...dark,
      sessionClosed(25_000, 'ping_timeout'),
      linkUp(atMs),
      ...leaves(80_000, 'board_ping_timeout'),
    ];
    expect(check(healed(40_500)).ok).toBe(true);
    expect(check(healed(40_501)).detail).toMatch(/still held its open channel 35.501 s/);
  });

  it('counts, for the board, from the last thing it got', () => {
    const late = [...dark, ev(10_000, 'message.received', { connection: 1 }), sessionClosed(45_000, 'ping_timeout')];
    expect(check([...late, ...leaves(45_500, 'board_ping_timeout')]).ok).toBe(true);
    expect(check([...late, ...leaves(45_501, 'board_ping_timeout')]).ok).toBe(false);
  });

  it('counts, for the board, from its opening, which a link that died meanwhile may have let through', () => {
    const opened = [
      ...opens(0).filter(({ event, subject }) => event !== 'channel.state' || subject !== 'open'),
      linkDown(90),
      sessionClosed(200, 'ping_timeout'),
    ];
    const open = (atMs: number) => [...opened, linkUp(atMs - 50), channel(atMs, 'open', '', 1), ...leaves(atMs + 50, 'ping_timeout')];
    expect(check([boot(0), ...open(60_000)], 100_000).ok).toBe(true);
  });

  it('allows as much more as the slowest link of the run delays', () => {
    const slow = { steps: [linkSet({ latency: 600, jitter: 100 })] };
    const late = (atMs: number) => [...dark, sessionClosed(5000 + atMs, 'ping_timeout'), ...leaves(30_000, 'board_ping_timeout')];
    expect(check(late(41_400), 300_000, slow).ok).toBe(true);
    expect(check(late(41_401), 300_000, slow).ok).toBe(false);
    expect(check(late(41_400), 300_000).ok).toBe(false);
  });

  it('allows the board twice its worst stall in the silence', () => {
    const stalled = (atMs: number) => [
      ...OPEN,
      ...[ev(atMs, 'loop.stall', { value: 1000 }), linkDown(5000)].sort((a, b) => a.atUs - b.atUs),
      sessionClosed(20_000, 'ping_timeout'),
      ...leaves(42_500, 'board_ping_timeout'),
    ];
    expect(check(stalled(6000)).ok).toBe(true);
    expect(check(stalled(4000)).ok).toBe(false);
  });

  it('does not ask a relay that is down, but asks it again once it is up', () => {
    const hang = [...dark, ...leaves(40_000, 'board_ping_timeout'), world(10_000, 'relay.down'), world(50_000, 'relay.up')];
    expect(check(hang, 90_500).ok).toBe(true);
    expect(check(hang, 90_501).ok).toBe(false);
    expect(
      check([...dark, ...leaves(40_000, 'board_ping_timeout'), world(10_000, 'relay.down'), sessionClosed(60_000, 'shutdown')]).ok,
    ).toBe(true);
    expect(
      check([...dark, ...leaves(40_000, 'board_ping_timeout'), world(60_000, 'relay.down'), sessionClosed(60_000, 'shutdown')]).ok,
    ).toBe(false);
  });

  it('says which side it cannot judge because its keepalive is off', () => {
    const off = { relay: { pingIntervalMs: 0 }, keepalive: { ping_interval_ms: 0, ping_timeout_ms: 10_000 } };
    expect(check(dark, 300_000, off)).toEqual({
      name: 'bounded-detection',
      ok: true,
      detail: 'not judged: the keepalive of the relay and the boards is off',
    });
    expect(check(dark, 300_000, { relay: { pingIntervalMs: 0 } }).ok).toBe(false);
  });
});

describe('converges-after-heal', () => {
  const check = (events: WorldEvent[], endMs: number, parts = {}) => judge(CHECKS['converges-after-heal'], events, endMs, parts);
  // 20 s + 20 s until the id is free, 3 × (60 s + 20 s + 10 s), 30 s to join.
  const BOUND_MS = 340_000;

  it('derives its bound from the settings', () => {
    expect(convergenceBoundMs(scenario())).toBe(BOUND_MS);
    expect(convergenceBoundMs(scenario({ relay: { duplicateId: 'takeover' } }))).toBe(BOUND_MS - 40_000);
  });

  it('holds for boards that are back within the bound, and breaks later', () => {
    const back = (atMs: number) => [...OPEN, linkDown(2000), ...leaves(9000, 'wifi_lost'), linkUp(10_000), ...opens(atMs - 100, 2)];
    expect(check(back(10_000 + BOUND_MS), 900_000).ok).toBe(true);
    expect(check(back(10_001 + BOUND_MS), 900_000)).toEqual({
      name: 'converges-after-heal',
      ok: false,
      detail: 'at 350.001 s board-1 had no open channel for 340.001 s although its link and the relay were up; the bound is 340 s',
    });
  });

  it('breaks for a board that never comes back, or never comes', () => {
    expect(check([...OPEN, ...leaves(9000, 'reset')], 9001 + BOUND_MS).ok).toBe(false);
    expect(check([...OPEN, ...leaves(9000, 'reset')], 9000 + BOUND_MS).ok).toBe(true);
    expect(check([boot(0, 1, 1)], 1 + BOUND_MS).detail).toMatch(/^at 340.001 s board-2 /);
  });

  it('does not ask boards that are off, in an outage, or just rebooted', () => {
    expect(check([linkUp(0)], 900_000).ok).toBe(true);
    expect(check([boot(0), linkDown(300_000), linkUp(500_000)], 800_000).ok).toBe(true);
    expect(check([boot(0), world(300_000, 'relay.down'), world(500_000, 'relay.up')], 800_000).ok).toBe(true);
    expect(check([boot(0), boot(300_000, 2)], 600_000).ok).toBe(true);
    expect(check([boot(0)], 600_000).ok).toBe(false);
  });

  it('judges nobody while a step keeps boards out whose link and relay are up, and counts from its end', () => {
    const step = (atMs: number, detail: string) => ev(atMs, 'step', { subject: 'wifi.password', detail }, -1);
    const kept = [
      boot(0),
      step(100_000, 'changes'),
      step(200_000, 'changes'),
      step(300_000, 'over: changes'),
      step(500_000, 'over: changes'),
    ];
    expect(check(kept, 500_000 + BOUND_MS).ok).toBe(true);
    expect(check(kept, 500_001 + BOUND_MS).ok).toBe(false);
    expect(check([boot(0), ev(100_000, 'step', { subject: 'link.reset', detail: 'reset' }, -1)], 600_000).ok).toBe(false);
  });

  it.each([
    [{ link: { lossRate: 0.5 } }, 'not judged: at a loss rate of 0.5 no number of attempts is sure'],
    [{ link: { lossRate: 0.1, burst: 5 } }, 'not judged: loss bursts of 5 packets can take every SYN of an attempt'],
    [{ steps: [linkSet({ loss: 0.9 })] }, 'not judged: at a loss rate of 0.9 no number of attempts is sure'],
    [{ relay: { pingIntervalMs: 0 } }, 'not judged: a relay without keepalive may hold the id of a half-open session for ever'],
  ])('says when it cannot judge: %j', (parts, detail) => {
    expect(check([boot(0)], 900_000, parts)).toEqual({ name: 'converges-after-heal', ok: true, detail });
  });

  it.each([
    { link: { lossRate: 0.49 } },
    { link: { lossRate: 0, burst: 9 } },
    { relay: { pingIntervalMs: 0, duplicateId: 'takeover' as const } },
    { steps: [linkSet({ loss: 0.4, latency: 900 })] },
  ])('judges %j', (parts) => {
    expect(check([boot(0)], 900_000, parts).ok).toBe(false);
  });
});
