/**
 * The built apps in a real engine against a server on loopback. ESPRUINO names the binary; without it these
 * tests are skipped.
 */
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { createAuthority, createKeyPair, issue } from 'relay/certs/authority';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Engine, ESPRUINO } from '../testing/espruino.ts';
import { buildProgram } from './build.ts';

/** Prints each edge of a pin with its time in ms. */
const EDGES = 'function digitalWrite(p,l){print("edge",l,(getTime()*1000).toFixed(1))}';
const QUICK = { kind: 'fixed', jitter: 'none', min_ms: 100, max_ms: 100 };

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(app: string, port: number, prelude = ''): Promise<Engine> {
  const config = { server: `ws://127.0.0.1:${port}/`, client_id: 'engine', backoff: QUICK };
  const { code } = await buildProgram(resolve(`firmware/apps/${app}.ts`), JSON.stringify(config));
  const engine = new Engine(prelude + code);
  stops.push(() => engine.stop());
  return engine;
}

async function webSocketServer(port = 0): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: false });
  await new Promise((done) => server.once('listening', done));
  stops.push(() => stopServer(server));
  return { server, port: (server.address() as AddressInfo).port };
}

function stopServer(server: WebSocketServer): Promise<void> {
  for (const client of server.clients) client.terminate();
  return new Promise((done) => server.close(() => done()));
}

const nextConnection = (server: WebSocketServer) => new Promise<WebSocket>((done) => server.once('connection', done));
const nextMessage = (client: WebSocket) =>
  new Promise<{ data: Buffer; binary: boolean }>((done) =>
    client.once('message', (data, binary) => done({ data: data as Buffer, binary })),
  );

async function tcpServer(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

describe.skipIf(ESPRUINO === undefined)('in a real engine (ESPRUINO)', { timeout: 60_000 }, () => {
  it('the SOS app connects, blinks on time, and sends SOS! once per cycle', async () => {
    const { server, port } = await webSocketServer();
    const connected = nextConnection(server);
    const engine = await start('sos', port, EDGES);
    const client = await connected;
    expect(String((await nextMessage(client)).data)).toBe('SOS!');
    expect(String((await nextMessage(client)).data)).toBe('SOS!');
    const edges = [...engine.console.matchAll(/edge (\d) ([\d.]+)/g)].map(([, level, ms]) => ({ level: Number(level), ms: Number(ms) }));
    expect(edges.length).toBeGreaterThanOrEqual(36);
    const rises = edges.filter(({ level }) => level === 1).map(({ ms }) => ms);
    // Nine flashes and the pause: never early, and late by what a busy host adds to its 19 timers.
    const cycleMs = rises[9] - rises[0];
    expect(cycleMs).toBeGreaterThanOrEqual(3249);
    expect(cycleMs).toBeLessThan(3250 + 300);
    const lengths = edges.slice(0, 18).flatMap(({ level, ms }, i) => (level === 1 ? [Math.round((edges[i + 1].ms - ms) / 100) * 100] : []));
    expect(lengths).toEqual([200, 200, 200, 400, 400, 400, 200, 200, 200]);
  });

  it('the echo app returns text and binary of every form of length, and answers pings with their payload', async () => {
    const { server, port } = await webSocketServer();
    const connected = nextConnection(server);
    await start('echo', port);
    const client = await connected;
    for (const length of [0, 1, 125, 126, 1000]) {
      for (const binary of [false, true]) {
        const data = Buffer.from(Array.from({ length }, (_, i) => (binary ? i * 7 : 32 + (i % 90)) & 255));
        client.send(data, { binary });
        const echo = await nextMessage(client);
        expect(echo.binary).toBe(binary);
        expect(echo.data.equals(data)).toBe(true);
      }
    }
    for (const payload of ['', 'are you there?', '\x00'.repeat(125)]) {
      const pong = new Promise<Buffer>((done) => client.once('pong', done));
      client.ping(payload);
      expect(String(await pong)).toBe(payload);
    }
  });

  it('survives a refusing port and a server that starts again', async () => {
    const first = await webSocketServer();
    await stopServer(first.server);
    const engine = await start('echo', first.port);
    await expect.poll(() => engine.console, { timeout: 10_000 }).toContain('(refused: ');
    for (let restart = 0; restart < 2; restart++) {
      const { server } = await webSocketServer(first.port);
      const client = await nextConnection(server);
      client.send('hello');
      expect(String((await nextMessage(client)).data)).toBe('hello');
      await stopServer(server);
    }
  });

  it('shows a wss:// relay the certificate that the build put into the program', async () => {
    const nowMs = Date.now();
    const [authority, keys] = await Promise.all([createAuthority({ keyBits: 2048, days: 10, nowMs }), createKeyPair(2048)]);
    const certified = (kind: 'server' | 'client', commonName: string) => issue(authority, { kind, commonName, ...keys, days: 10, nowMs });
    const shown: string[] = [];
    const server = createTlsServer({ ...certified('server', 'relay'), ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    server.on('secureConnection', (socket: TLSSocket) => {
      shown.push(String(socket.getPeerCertificate().subject.CN));
      socket.on('error', () => {}).destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    stops.push(() => server.close());
    const { cert, key } = certified('client', 'board-1');
    const { port } = server.address() as AddressInfo;
    const config = { server: `wss://127.0.0.1:${port}/`, ssl: { cert: 'b.crt', key: 'b.key' }, backoff: QUICK };
    const { code } = await buildProgram(resolve('firmware/apps/echo.ts'), JSON.stringify(config), { 'b.crt': cert, 'b.key': key });
    const engine = new Engine(code);
    stops.push(() => engine.stop());
    await expect.poll(() => shown, { timeout: 20_000 }).toContain('board-1');
  });

  it('gives up on a server that accepts and says nothing, and tries again', async () => {
    let sockets = 0;
    const { port } = await tcpServer(() => sockets++);
    const engine = await start('echo', port);
    await expect.poll(() => sockets, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(engine.console).toContain('handshake -> waiting 0.1s (timeout');
  });
});
