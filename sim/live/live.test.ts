/**
 * A live run on loopback, short: virtual boards at a relay that a real client joins, and at a relay of
 * somebody else's.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { app as sos } from 'firmware/apps/sos';
import { DEFAULT_CONFIG } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import { createRelay } from 'relay/relay';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { WorldEvent } from '../kernel/events.ts';
import { onWallClock } from '../run/live.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';

const BOARDS: ScenarioDocument = { duration: 4_000, boards: { count: 3, device: 'ideal', boot_spread: 0 }, checks: [] };

describe('a live run', () => {
  it('has a relay of its own that a real client joins, hears boards at, and is told goodbye by', async () => {
    const server = createServer();
    const { port } = await listen(server, '127.0.0.1', 0);
    const running = run(makeScenario(BOARDS), sos, {
      live: onWallClock({ bridge: null, onClient: (callback) => server.on('connection', (socket) => callback(socket, '')) }),
    });
    const heard: string[] = [];
    const closed = new Promise<number>((resolve, reject) => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/laptop`);
      client.on('message', (data) => heard.push(String(data)));
      client.on('open', () => client.send('hello boards'));
      client.on('close', resolve);
      client.on('error', reject);
    });
    const { summary } = await running;
    server.close();
    expect(await closed).toBe(1001);
    expect(summary.mode).toBe('live');
    expect(summary.external).toMatchObject({ connects: 1, peak: 1, messages_received: 1 });
    expect(summary.metrics.connects).toBe(3);
    expect(heard.filter((text) => text.endsWith(': SOS!')).length).toBeGreaterThan(0);
    expect(summary.timer_drift_p99_ms).toBeLessThan(1_000);
  });

  it('is refused where nobody listens, and resets nobody', async () => {
    const server = createServer();
    const { port } = await listen(server, '127.0.0.1', 0);
    await new Promise((resolve) => server.close(resolve));
    const ends: string[] = [];
    await run(makeScenario({ ...BOARDS, duration: 3_500 }), sos, {
      live: onWallClock({ bridge: { host: '127.0.0.1', port, tls: null }, onClient: () => {} }),
      traceLevel: 'state',
      onTraceLine: (line) => {
        const { event, error } = JSON.parse(line) as WorldEvent & { error?: string };
        if (event === 'tcp.closed') ends.push(error ?? '');
      },
    });
    expect(ends.length).toBeGreaterThan(0);
    expect(new Set(ends)).toEqual(new Set(['refused']));
  });

  it.each([
    ['refused', 'no pages of this origin\n', { 'disconnects.refused_duplicate': 0 }],
    ['refused_duplicate', 'duplicate_id: this client id is already connected\n', { 'disconnects.refused': 0 }],
  ])('tells a relay that refuses everybody by 403 apart by what it says: %s', async (cause, body, others) => {
    const server = createHttpServer();
    server.on('upgrade', (_request, socket) => {
      // A board hangs up when it has read the status.
      socket.on('error', () => {}).end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    const { port } = await listen(server, '127.0.0.1', 0);
    const { summary } = await run(makeScenario({ ...BOARDS, duration: 3_000 }), sos, {
      live: onWallClock({ bridge: { host: '127.0.0.1', port, tls: null }, onClient: () => {} }),
    });
    server.close();
    const count = summary.metrics[`disconnects.${cause}`] as number;
    expect(count).toBeGreaterThan(0);
    expect(summary.metrics).toMatchObject({ ...others, disconnects: count, connect_failures: count });
    expect(summary.refused_by_status).toEqual(cause === 'refused' ? { 403: count } : undefined);
  });

  it('reads from the bytes that pass what a real relay does, and reaches it over real sockets', async () => {
    const config = { ...DEFAULT_CONFIG, pingIntervalMs: 500, pingTimeoutMs: 500 };
    const relay = createRelay({ clock: createRealClock(), epochMs: () => 0, random: () => 0.5, config, log: NULL_LOG });
    const { port } = await listen(relay.server, '127.0.0.1', 0);
    const events: string[] = [];
    const { summary } = await run(
      makeScenario({
        ...BOARDS,
        steps: [{ at: 2_500, action: 'link.blackhole', boards: { kind: 'ids', ids: ['board-1'] }, parameters: {} }],
      }),
      sos,
      {
        live: onWallClock({ bridge: { host: '127.0.0.1', port, tls: null }, onClient: () => {} }),
        traceLevel: 'message',
        onTraceLine: (line) => {
          const { event, board, cause } = JSON.parse(line) as WorldEvent & { cause?: string };
          if (String(event).startsWith('ws.')) events.push(`${board} ${event} ${cause ?? ''}`.trim());
        },
      },
    );
    expect(summary.metrics).toMatchObject({ connects: 3 });
    expect(summary.metrics.messages_delivered as number).toBeGreaterThan(0);
    expect(summary.metrics.pongs_received as number).toBeGreaterThan(3);
    expect(events.filter((event) => event.endsWith('ws.open'))).toHaveLength(3);
    // Its packets vanish, the real socket stays open, and the relay's keepalive finds it.
    expect(events).toContainEqual(expect.stringMatching(/1 ws.close ping_timeout/));
    await relay.close();
  });
});
