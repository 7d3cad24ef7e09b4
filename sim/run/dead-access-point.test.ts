/**
 * Wi-Fi that is joined but leads nowhere: a board leaves it and joins anew after ten connects that nobody
 * answered (`wifi.rejoin_after`), and neither a relay that is merely down nor one that is silent for minutes
 * makes a fleet join again and again.
 */

import { app } from 'firmware/apps/sos';
import { createChannel } from 'firmware/channel';
import { DEFAULT_CONFIG } from 'firmware/config';
import { MINUTE_MS } from 'host/units';
import { describe, expect, it } from 'vitest';
import { PROFILES } from '../board/profiles/index.ts';
import { BoardLab, PASSWORD, SERVER_HOST, SSID } from '../board/testing/board-lab.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { run } from './run.ts';

async function joins(document: ScenarioDocument): Promise<number> {
  const { summary } = await run(makeScenario(document), app);
  return summary.metrics.wifi_joins as number;
}

/** For so long, from the first minute on. */
function dead(action: string, forMs: number, boards: ScenarioDocument['boards'] = {}): ScenarioDocument {
  return {
    duration: forMs + 5 * MINUTE_MS,
    boards: { count: 3, device: 'espruino-esp32', ...boards },
    steps: [{ at: MINUTE_MS, for: forMs, action, parameters: {} }],
    checks: [],
  };
}

describe('an access point that leads nowhere for 25 minutes', () => {
  it('is left, and joined when it is well again', async () => {
    const keepalive = { board_ping_interval: 10_000, board_ping_timeout: 5000 };
    expect(await joins(dead('link.blackhole', 25 * MINUTE_MS, keepalive))).toBe(6);
  });

  it('is never left with rejoin_after 0', async () => {
    const config = { wifi: { rejoin_after: 0 } };
    expect(await joins(dead('link.blackhole', 25 * MINUTE_MS, { config }))).toBe(3);
  });
});

describe('Wi-Fi is not left', () => {
  it.each([
    ['while a link is dead for five minutes', 'link.blackhole', 5],
    ['while a relay refuses for an hour', 'relay.stop', 60],
    ['while a relay accepts and says nothing for a quarter of an hour', 'relay.hang', 15],
  ])('%s', async (_what, action, minutes) => {
    expect(await joins(dead(action, minutes * MINUTE_MS, { count: 20 }))).toBe(20);
  });
});

it('is left now and then beside a relay that hangs for an hour: its accept queue is full by then, and no connect is answered', async () => {
  const joined = await joins(dead('relay.hang', 60 * MINUTE_MS, { count: 20 }));
  expect(joined).toBeGreaterThan(20);
  expect(joined).toBeLessThanOrEqual(20 * 7);
  const queue = { backlog: 4096 };
  expect(await joins({ ...dead('relay.hang', 60 * MINUTE_MS, { count: 20 }), relay: queue })).toBe(20);
});

it('beside a relay that is off for an hour, in a network that is well, a board joins anew every seven minutes or later', async () => {
  const config = { ...DEFAULT_CONFIG, server: `ws://${SERVER_HOST}:8000/`, wifi: { ...DEFAULT_CONFIG.wifi, SSID, password: PASSWORD } };
  const lab = new BoardLab({
    boards: 20,
    profile: PROFILES['espruino-esp32'],
    app: createChannel,
    files: { 'config.json': JSON.stringify(config) },
  });
  lab.route = () => null;
  await lab.boot();
  await lab.run(60 * MINUTE_MS);
  for (const board of lab.boards.keys()) {
    const atMs = lab.eventsNamed('wifi.joined').flatMap((event) => (event.board === board ? [event.atUs / 1000] : []));
    // Ten connects of 18 s and as many waits of at least 1 s between two joins.
    for (const [index, joinedMs] of atMs.slice(1).entries()) expect(joinedMs - atMs[index]).toBeGreaterThan(190_000);
    expect(atMs.length).toBeGreaterThanOrEqual(6);
    expect(atMs.length).toBeLessThanOrEqual(1 + 60 / 6);
  }
});
