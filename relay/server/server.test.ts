/** The relay behind a real port, with ws as the client: what in-memory streams cannot show. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { UsageError } from 'host/user-error';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { NULL_OBSERVER, type RelayObserver } from '../observer.ts';
import { createRelay, type Relay } from '../relay.ts';
import { createRealClock } from './real-clock.ts';
import { listen } from './server.ts';

const LOOPBACK = '127.0.0.1';
let relay: Relay | null = null;

async function start(config: Partial<RelayConfig> = {}, observer: RelayObserver = NULL_OBSERVER): Promise<number> {
  relay = createRelay({
    clock: createRealClock(),
    epochMs: () => 0,
    random: () => 0.5,
    config: { ...DEFAULT_CONFIG, closeTimeoutMs: 500, ...config },
    log: NULL_LOG,
    observer,
    afterTurn: setImmediate,
  });
  return (await listen(relay.server, LOOPBACK, 0)).port;
}

afterEach(async () => {
  await relay?.close();
  relay = null;
});

async function open(port: number, id: string): Promise<WebSocket> {
  const client = new WebSocket(`ws://${LOOPBACK}:${port}/${id}`);
  await once(client, 'open');
  return client;
}

async function nextText(client: WebSocket): Promise<string> {
  const [payload] = await once(client, 'message');
  return String(payload);
}

async function closeOf(client: WebSocket): Promise<string> {
  const [code, reason] = await once(client, 'close');
  return `${code} ${reason}`;
}

const COUNT = 400;

/** 20 MB, more than the kernel's buffers hold; the reader gets all of it. */
async function sendToReader(sender: WebSocket, reader: WebSocket): Promise<void> {
  let received = 0;
  const all = new Promise<void>((resolve) => {
    reader.on('message', () => {
      if (++received === COUNT) resolve();
    });
  });
  for (let i = 0; i < COUNT; i++) {
    const acknowledged = once(sender, 'message');
    sender.send(Buffer.alloc(50_000));
    await acknowledged;
  }
  await all;
}

describe('behind a real port', () => {
  it('passes texts on', async () => {
    const port = await start();
    const [one, two] = [await open(port, 'ESP%20Client%201'), await open(port, 'two')];
    const texts = Promise.all([nextText(one), nextText(two)]);
    one.send('SOS!');
    expect(await texts).toEqual(['Server got your message!', 'Mes from ESP Client 1: SOS!']);
  });

  it('refuses a duplicate id with 403', async () => {
    const port = await start();
    await open(port, 'one');
    const second = new WebSocket(`ws://${LOOPBACK}:${port}/one`);
    second.on('error', () => {}); // ws reports its own abort of the refused handshake
    const [, response] = await once(second, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    second.terminate();
  });

  it('closes what is taken over with 4001, and what is too big with 1009', async () => {
    const port = await start({ duplicateId: 'takeover', maxPayloadBytes: 100 });
    const older = await open(port, 'one');
    const olderClose = closeOf(older);
    const newer = await open(port, 'one');
    expect(await olderClose).toBe('4001 taken over');
    const newerClose = closeOf(newer);
    newer.send('x'.repeat(101));
    expect(await newerClose).toBe('1009 message too big');
  });

  it('pings, and measures the round trip', async () => {
    let report = (_rttMs: number) => {};
    const rtt = new Promise<number>((resolve) => {
      report = resolve;
    });
    const port = await start({ pingIntervalMs: 20 }, { ...NULL_OBSERVER, pongReceived: (_session, rttMs) => report(rttMs) });
    await open(port, 'one');
    expect(await rtt).toBeGreaterThan(0);
  });

  it('hands on what comes in one turn in its order, and holds nothing of it against a client that reads', async () => {
    const port = await start({ maxBufferedBytes: 1_024, slowClients: 'close', envelope: 'raw' });
    const [sender, reader] = [await open(port, 'sender'), await open(port, 'reader')];
    const texts: string[] = [];
    const all = new Promise<void>((resolve) => {
      reader.on('message', (payload) => {
        if (texts.push(String(payload)) === 200) resolve();
      });
    });
    for (let i = 0; i < 200; i++) sender.send(String(i));
    await all;
    expect(texts).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
  });

  it('lets a client that stops reading hurt nobody, whether it loses messages', async () => {
    let dropped = 0;
    const observer = { ...NULL_OBSERVER, messageDropped: () => dropped++ };
    const port = await start({ maxBufferedBytes: 200_000, pingIntervalMs: 0 }, observer);
    const [stopped, reader, sender] = [await open(port, 'stopped'), await open(port, 'reader'), await open(port, 'sender')];
    stopped.pause();
    await sendToReader(sender, reader);
    expect(dropped).toBeGreaterThan(0);
    expect(dropped).toBeLessThan(COUNT);
    stopped.terminate();
  });

  it('or is closed with 1013, which it finds behind what it has not read', async () => {
    let heldBytes = 0;
    const observer: RelayObserver = {
      ...NULL_OBSERVER,
      sessionClosed: ({ id, stream }, cause, code) => {
        if (id !== 'stopped') return;
        expect([cause, code]).toEqual(['policy', 1013]);
        heldBytes = stream.writableLength;
      },
    };
    const config: Partial<RelayConfig> = { maxBufferedBytes: 200_000, slowClients: 'close', pingIntervalMs: 0, closeTimeoutMs: 5_000 };
    const port = await start(config, observer);
    const [stopped, reader, sender] = [await open(port, 'stopped'), await open(port, 'reader'), await open(port, 'sender')];
    stopped.pause();
    await sendToReader(sender, reader);
    expect(heldBytes).toBeGreaterThan(0);
    expect(heldBytes).toBeLessThanOrEqual(200_000);
    const closed = closeOf(stopped);
    stopped.resume();
    expect(await closed).toBe('1013 reads too slowly');
  });

  it('stops gracefully: 1001 for everyone, and no connection left', async () => {
    const port = await start();
    const [polite, silent] = [await open(port, 'polite'), connectTcp(port, LOOPBACK)];
    await once(silent, 'connect');
    silent.on('error', () => {});
    const silentClose = once(silent, 'close');
    const politeClose = closeOf(polite);
    await relay?.close();
    expect(await politeClose).toBe('1001 the relay stops');
    await silentClose;
    const late = connectTcp(port, LOOPBACK);
    const [error] = await once(late, 'error');
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('an address that cannot be had', () => {
  it('is the user’s mistake and says what to do', async () => {
    const port = await start();
    const second = createRelay({ clock: createRealClock(), epochMs: () => 0, random: () => 0, config: DEFAULT_CONFIG, log: NULL_LOG });
    const inUse = await listen(second.server, LOOPBACK, port).catch((thrown: unknown) => thrown);
    expect(inUse).toBeInstanceOf(UsageError);
    expect(String(inUse)).toContain(`cannot listen on ${LOOPBACK}:${port}: something listens there already`);
    await expect(listen(second.server, '192.0.2.1', 0)).rejects.toThrow('this computer does not have that address');
  });
});
