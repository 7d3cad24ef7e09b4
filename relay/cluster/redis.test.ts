/** Two relays and a real Redis that is restarted and hangs. Skipped where there is none. */
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_CONFIG } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { createRelay, type Relay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { listen } from '../server/server.ts';
import { REDIS_SERVER, TestRedis } from '../testing/redis.ts';
import { Cluster } from './cluster.ts';
import { RedisBackplane } from './redis-backplane.ts';

const WAIT = { timeout: 9_000, interval: 20 };
const config = { ...DEFAULT_CONFIG, closeTimeoutMs: 100 };

describe.skipIf(!existsSync(REDIS_SERVER))('a cluster on Redis', () => {
  const redis = new TestRedis();
  let relays: Relay[] = [];

  async function startNode(node: string): Promise<{ relay: Relay; port: number; dial(id: string): Promise<Client> }> {
    const clock = createRealClock();
    const backplane = new RedisBackplane({ clock, url: redis.url, onError() {} });
    const { duplicateId, maxPayloadBytes } = config;
    const parts = { node, random: Math.random, duplicateId, maxPayloadBytes, whenDown: 'reject', afterTurn: setImmediate } as const;
    const cluster = new Cluster({ clock, backplane, ...parts });
    const relay = createRelay({ clock, epochMs: Date.now, random: Math.random, config, log: NULL_LOG, afterTurn: setImmediate, cluster });
    const { port } = await listen(relay.server, '127.0.0.1', 0);
    relays.push(relay);
    await vi.waitFor(() => expect(relay.health.cluster).toBe('up'), WAIT);
    return { relay, port, dial: (id) => dial(`ws://127.0.0.1:${port}/${id}`) };
  }

  beforeEach(() => redis.start());
  afterEach(async () => {
    redis.signal('SIGCONT');
    await Promise.all(relays.map((relay) => relay.close()));
    relays = [];
    await redis.kill();
  });

  test('messages reach the other node, an id is connected once, and is free when it leaves', async () => {
    const [one, two] = [await startNode('one'), await startNode('two')];
    const [sender, listener] = [await one.dial('sender'), await two.dial('listener')];
    for (let index = 0; index < 100; index++) sender.socket.send(`${index}`);
    await vi.waitFor(() => expect(listener.texts).toEqual(Array.from({ length: 100 }, (_, index) => `Mes from sender: ${index}`)), WAIT);
    expect((await two.dial('sender')).status).toBe(403);
    sender.socket.close();
    await vi.waitFor(async () => expect((await two.dial('sender')).status).toBe(101), WAIT);
  });

  test('what is said while Redis restarts without its memory comes when it is back', async () => {
    const [one, two] = [await startNode('one'), await startNode('two')];
    const [sender, listener] = [await one.dial('sender'), await two.dial('listener')];
    sender.socket.send('before');
    await vi.waitFor(() => expect(listener.texts).toHaveLength(1), WAIT);
    await redis.kill();
    await vi.waitFor(() => expect(one.relay.health).toMatchObject({ status: 'cut_off', cluster: 'down' }), WAIT);
    sender.socket.send('meanwhile');
    await vi.waitFor(() => expect(sender.texts).toHaveLength(2), WAIT);
    await redis.start();
    await vi.waitFor(() => expect(listener.texts).toEqual(['Mes from sender: before', 'Mes from sender: meanwhile']), WAIT);
    await vi.waitFor(() => expect(two.relay.health.cluster).toBe('up'), WAIT);
    expect((await two.dial('sender')).status).toBe(403);
  });

  test('a Redis that hangs is down within seconds, and new ids are refused meanwhile', async () => {
    const one = await startNode('one');
    redis.signal('SIGSTOP');
    await vi.waitFor(() => expect(one.relay.health.status).toBe('cut_off'), WAIT);
    expect((await one.dial('board')).status).toBe(503);
    const status = (path: string) => fetch(`http://127.0.0.1:${one.port}${path}`).then((answer) => answer.status);
    expect([await status('/healthz'), await status('/livez')]).toEqual([503, 200]);
    redis.signal('SIGCONT');
    await vi.waitFor(() => expect(one.relay.health.status).toBe('ok'), WAIT);
  });
});

interface Client {
  socket: WebSocket;
  status: number;
  texts: string[];
}

function dial(url: string): Promise<Client> {
  const socket = new WebSocket(url);
  const client: Client = { socket, status: 101, texts: [] };
  socket.on('message', (data) => client.texts.push(String(data)));
  return new Promise((resolve) => {
    socket.on('open', () => resolve(client));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve({ ...client, status: statusCode }));
  });
}
