/**
 * What five hundred reconnects leave behind in the engine's memory, for each way in which a server can end a
 * connection.
 *
 * Needs ESPRUINO, the path of an engine for this computer, and is reported as skipped without it. An object
 * that the engine does not free again (firmware/README.md) is the kind of thing that only shows here.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Engine, ESPRUINO, memoryOf, NO_BACKOFF, printMemory, startApp } from '../testing/espruino.ts';

const RECONNECTS = 500;
/**
 * What may be in use more at the end than after a fifth of the run, variables: a quarter of one per
 * reconnect. An ESP32 has 16,383.
 */
const GROWTH_MAX = 100;
const LOOK_EVERY_MS = 100;
/** Seven to twelve seconds on an idle computer. */
const LIMIT_MS = 180_000;

/** Ends an open connection. */
type Ending = (client: WebSocket, socket: Socket) => void;

const ENDINGS: Record<string, Ending> = {
  'a close frame, then FIN': (client) => client.close(1001, 'going away'),
  'FIN alone': (_, socket) => socket.end(),
  RST: (_, socket) => socket.resetAndDestroy(),
  'a frame that breaks the protocol': (_, socket) => socket.write(Buffer.from([0xf1, 0])),
};

/**
 * A server that refuses every client (null), and sends it somewhere else, which only a client that follows
 * redirects looks at; or lets each say something and ends it then. Counts them.
 */
async function startServer(ending: Ending | null) {
  const counter = { attempts: 0, url: '' };
  const http = createServer();
  const verifyClient = (_: unknown, done: (ok: boolean, status?: number, name?: string, headers?: Record<string, string>) => void) => {
    counter.attempts++;
    done(ending !== null, 302, 'Found', { Location: '/elsewhere' });
  };
  const server = new WebSocketServer({ server: http, perMessageDeflate: false, verifyClient });
  server.on('connection', (client: WebSocket, request: IncomingMessage) => {
    client.on('error', () => {});
    client.ping('still there?');
    client.send('hello');
    client.once('message', () => ending?.(client, request.socket));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  counter.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    http.close();
  });
  return counter;
}

async function reconnect(ending: Ending | null, config: object = {}): Promise<number[]> {
  const server = await startServer(ending);
  const engine: Engine = await startApp('echo', server.url, config, NO_BACKOFF + printMemory(LOOK_EVERY_MS));
  onTestFinished(() => engine.stop());
  await expect.poll(() => server.attempts, { timeout: LIMIT_MS, interval: LOOK_EVERY_MS }).toBeGreaterThan(RECONNECTS);
  return memoryOf(engine);
}

/** The least of a stretch of readings: what stays, without what an open connection takes. */
function growth(readings: readonly number[]): number {
  const fifth = Math.floor(readings.length / 5);
  expect(fifth).toBeGreaterThan(3);
  return Math.min(...readings.slice(-fifth)) - Math.min(...readings.slice(fifth, 2 * fifth));
}

it.skipIf(ESPRUINO === undefined).for(Object.entries(ENDINGS))(
  `in a real engine (ESPRUINO) ${RECONNECTS} reconnects after %s leave nothing behind`,
  { timeout: LIMIT_MS },
  async ([, ending]) => {
    expect(growth(await reconnect(ending))).toBeLessThan(GROWTH_MAX);
  },
);

it.skipIf(ESPRUINO === undefined).for([0, 3])(
  `in a real engine (ESPRUINO) ${RECONNECTS} refusals leave nothing behind, %d redirects in each attempt`,
  { timeout: LIMIT_MS },
  async (redirects) => {
    expect(growth(await reconnect(null, { redirects }))).toBeLessThan(GROWTH_MAX);
  },
);

it.skipIf(ESPRUINO === undefined)(
  `in a real engine (ESPRUINO) ${RECONNECTS} reconnects with a paced reader leave nothing behind`,
  { timeout: LIMIT_MS },
  async () => {
    expect(growth(await reconnect(ENDINGS['a close frame, then FIN'], { socket_delay_ms: 1 }))).toBeLessThan(GROWTH_MAX);
  },
);
