/**
 * `socket_delay_ms` starves the keepalive as it did in the original: one SOS board on a good link, relay
 * pings against the read delay.
 *
 * README.md has the table beside the original's figures. The backoff is the original's way to come back,
 * without growth.
 */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { Distribution, Summary } from '../measure/result.ts';
import { run } from '../run/run.ts';
import { makeScenario } from '../testing/scenario.ts';

const MINUTES = 10;
const SEEDS = [1, 2, 3];
const MODES = ['echo', 'broadcast'] as const;
/** Status line, Upgrade, Connection, Sec-WebSocket-Accept, empty line. */
const ANSWER_LINES = 5;

async function play(pingMs: number, delayMs: number, mode: (typeof MODES)[number], seed: number): Promise<Summary['metrics']> {
  const scenario = makeScenario({
    seed,
    duration: MINUTES * 60_000,
    relay: { ping_interval: pingMs, ping_timeout: pingMs, mode },
    boards: {
      count: 1,
      device: 'micropython-esp32',
      boot_spread: 0,
      backoff: { kind: 'fixed', min: 1000, jitter: 'none' },
      config: { socket_delay_ms: delayMs },
    },
    link: { latency: 1, jitter: 0 },
  });
  return (await run(scenario, app)).summary.metrics;
}

/** Disconnects per minute, of each mode and seed. */
async function disconnectRates(pingMs: number, delayMs: number): Promise<number[]> {
  const runs = MODES.flatMap((mode) => SEEDS.map((seed) => play(pingMs, delayMs, mode, seed)));
  return (await Promise.all(runs)).map((metrics) => (metrics.disconnects as number) / MINUTES);
}

describe.each([
  { ping: 1, delay: 5 },
  { ping: 1, delay: 50 },
  { ping: 2, delay: 200 },
  { ping: 5, delay: 500 },
])('relay ping $ping/$ping against reads of $delay ms', ({ ping, delay }) => {
  it('holds the channel', async () => {
    expect(Math.max(...(await disconnectRates(ping * 1000, delay)))).toBe(0);
  });
});

/**
 * Pings come at moments that the id fixes. The first one once did, too, and board-7, which got it soon after
 * its opening, never got in.
 */
it('relay ping 1/1 against reads of 200 ms throws no id out', async () => {
  const scenario = makeScenario({
    relay: { ping_interval: 1000, ping_timeout: 1000, mode: 'echo' },
    boards: { count: 200, device: 'micropython-esp32', config: { socket_delay_ms: 200 } },
    link: { latency: 1, jitter: 0 },
  });
  const { metrics } = (await run(scenario, app)).summary;
  expect([metrics.connects, metrics.disconnects]).toEqual([200, 0]);
});

describe.each([
  { delay: 300, original: 16 },
  { delay: 400, original: 12 },
  { delay: 500, original: 9 },
])('relay ping 1/1 against reads of $delay ms', ({ delay, original }) => {
  it(`breaks the channel again and again, about as often as the original's ${original} times a minute`, async () => {
    for (const perMinute of await disconnectRates(1000, delay)) {
      expect(perMinute).toBeGreaterThan(original * 0.75);
      expect(perMinute).toBeLessThan(original * 1.25);
    }
  });

  it('because the relay misses pongs, on a link that works', async () => {
    const metrics = await play(1000, delay, 'echo', 1);
    expect(metrics['disconnects.ping_timeout']).toBe(metrics.disconnects);
    expect(metrics.false_disconnects).toBe(metrics.disconnects);
    expect(metrics.tcp_retransmits).toBe(0);
  });
});

it.each([5, 50, 200, 300, 400, 500])('the opening handshake takes one delay of %d ms per line of the answer', async (delay) => {
  const { connect_ms } = await play(5000, delay, 'echo', 1);
  const { count, min, max } = connect_ms as Distribution;
  expect(count).toBe(1);
  expect(min).toBeGreaterThanOrEqual(ANSWER_LINES * delay);
  expect(max).toBeLessThan(ANSWER_LINES * delay + 10);
});
