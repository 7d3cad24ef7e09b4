/**
 * One world, two clocks: a scenario gives the same events in the same order on every board in virtual time
 * and live, at a real relay.
 */
import { app as sos } from 'firmware/apps/sos';
import { DEFAULT_CONFIG } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import { createRelay } from 'relay/relay';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { expect, it } from 'vitest';
import { type LiveOptions, onWallClock } from '../run/live.ts';
import { run } from '../run/run.ts';
import type { StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';

const DURATION_MS = 22_000;
const TOLERANCE_MS = 250;
const PING = { ping_interval: 2_000, ping_timeout: 2_000 };

interface Told {
  what: string;
  atMs: number;
}

async function play(step: Partial<StepDocument>, live?: LiveOptions): Promise<Map<string, Told[]>> {
  const boards = new Map<string, Told[]>();
  const scenario = makeScenario({
    duration: DURATION_MS,
    relay: PING,
    boards: {
      count: 3,
      boot_spread: 500,
      board_ping_interval: 3_000,
      board_ping_timeout: 2_000,
      backoff: { kind: 'fixed', min: 1_000, jitter: 'none' },
    },
    link: { jitter: 0 },
    checks: [],
    steps: [{ at: 8_000, parameters: {}, ...step } as StepDocument],
  });
  await run(scenario, sos, {
    live: live && onWallClock(live),
    traceLevel: 'state',
    onTraceLine: (line) => {
      const { t, board, event, state = '', cause = '' } = JSON.parse(line) as Record<string, string>;
      if (board === undefined || Number(t) > DURATION_MS) return;
      boards.set(board, [...(boards.get(board) ?? []), { what: `${event} ${state} ${cause}`.trim(), atMs: Number(t) }]);
    },
  });
  return boards;
}

async function playLive(step: Partial<StepDocument>): Promise<Map<string, Told[]>> {
  const config = { ...DEFAULT_CONFIG, pingIntervalMs: PING.ping_interval, pingTimeoutMs: PING.ping_timeout };
  const relay = createRelay({ clock: createRealClock(), epochMs: () => 0, random: () => 0.5, config, log: NULL_LOG });
  const { port } = await listen(relay.server, '127.0.0.1', 0);
  const told = await play(step, { bridge: { host: '127.0.0.1', port, tls: null }, onClient: () => {} });
  await relay.close();
  return told;
}

it.concurrent.for<[string, Partial<StepDocument>]>([
  // Back before either side's keepalive gives up: no two causes meet within the tolerance.
  ['an access point that is switched off and on', { action: 'ap.down', for: 2_000 }],
  ['a link that dies silently', { action: 'link.blackhole', boards: { kind: 'count', count: 2 }, for: 6_000 }],
  ['a relay that restarts', { action: 'relay.restart', for: 2_500 }],
])('%s', { timeout: 60_000 }, async ([, step]) => {
  const [virtual, live] = [await play(step), await playLive(step)];
  for (const [board, expected] of virtual) {
    const told = live.get(board) ?? [];
    expect(told.map(({ what }) => what)).toEqual(expected.map(({ what }) => what));
    told.forEach(({ atMs, what }, index) => {
      expect(Math.abs(atMs - expected[index].atMs), `${board}: ${what}`).toBeLessThan(TOLERANCE_MS);
    });
  }
});
