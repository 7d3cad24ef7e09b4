/**
 * The built apps in a real engine against the kit's own relay on loopback. ESPRUINO names the binary; without
 * it these tests are skipped.
 */
import { DEFAULT_CONFIG } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import { NULL_OBSERVER } from 'relay/observer';
import { createRelay, type Relay } from 'relay/relay';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Engine, ESPRUINO, edgesOf, PRINT_EDGES, startApp } from '../testing/espruino.ts';

const HOST = '127.0.0.1';
const LED_PIN = 2;
const SOS_PERIOD_MS = 3250;
/** What a busy host may add to a period of 19 timers, and to what a message takes, ms. */
const LATE_MAX_MS = 800;
/**
 * The engine masks 64 KiB in 1.5 s, in which it answers no ping, and on a busy host in four times that, ms.
 */
const PONG_MAX_MS = 15_000;
const PATIENCE = { timeout: 20_000, interval: 20 };

interface Running {
  relay: Relay;
  port: number;
  /** When each message of the engine came, ms. */
  messagesAtMs: number[];
  pongs: number;
  pingTimeouts: number;
}

async function startRelay(port = 0): Promise<Running> {
  const clock = createRealClock();
  const running = { port, messagesAtMs: [] as number[], pongs: 0, pingTimeouts: 0 };
  const relay = createRelay({
    clock,
    epochMs: () => clock.now(),
    random: () => 0.5,
    config: { ...DEFAULT_CONFIG, envelope: 'raw', pingIntervalMs: 100, pingTimeoutMs: PONG_MAX_MS, closeTimeoutMs: 500 },
    log: NULL_LOG,
    observer: {
      ...NULL_OBSERVER,
      messageReceived: ({ id }) => id === 'engine' && running.messagesAtMs.push(clock.now()),
      pongReceived: ({ id }) => id === 'engine' && running.pongs++,
      sessionClosed: ({ id }, cause) => id === 'engine' && cause === 'ping_timeout' && running.pingTimeouts++,
    },
  });
  running.port = (await listen(relay.server, HOST, port)).port;
  onTestFinished(() => relay.close());
  return Object.assign(running, { relay });
}

async function start(app: string, { port }: Running): Promise<Engine> {
  const engine = await startApp(app, `ws://${HOST}:${port}/`, {}, PRINT_EDGES);
  onTestFinished(() => engine.stop());
  return engine;
}

/** Another client of the relay, and what it heard; the relay's acknowledgements are left out. */
async function join({ port }: Running): Promise<{ client: WebSocket; heard: { data: Buffer; binary: boolean }[] }> {
  const client = new WebSocket(`ws://${HOST}:${port}/tester`, { perMessageDeflate: false });
  const heard: { data: Buffer; binary: boolean }[] = [];
  client.on('message', (data: Buffer, binary) => {
    if (binary || String(data) !== 'Server got your message!') heard.push({ data, binary });
  });
  await new Promise((done, failed) => client.once('open', done).once('error', failed));
  onTestFinished(() => client.terminate());
  return { client, heard };
}

const isOnline = ({ relay }: Running, clients: number) => expect.poll(() => relay.clients, PATIENCE).toBe(clients);

describe.skipIf(ESPRUINO === undefined)('in a real engine (ESPRUINO), with the relay', { timeout: 90_000 }, () => {
  it('the SOS app sends SOS! at its period, blinks on time, and answers the pings meanwhile', async () => {
    const running = await startRelay();
    const engine = await start('sos', running);
    await expect.poll(() => running.messagesAtMs.length, PATIENCE).toBeGreaterThanOrEqual(4);
    const { messagesAtMs } = running;
    const periodMs = (messagesAtMs[3] - messagesAtMs[0]) / 3;
    expect(Math.abs(periodMs - SOS_PERIOD_MS)).toBeLessThan(LATE_MAX_MS);
    const rises = edgesOf(engine).filter(({ pin, level }) => pin === LED_PIN && level === 1);
    const cycleMs = (rises[27].ms - rises[0].ms) / 3;
    expect(cycleMs).toBeGreaterThanOrEqual(SOS_PERIOD_MS - 1);
    expect(cycleMs).toBeLessThan(SOS_PERIOD_MS + LATE_MAX_MS);
    expect(running.pongs).toBeGreaterThan(30);
    expect(running.pingTimeouts).toBe(0);
  });

  it('the echo app returns text and binary of every form of length, up to 64 KiB', async () => {
    const running = await startRelay();
    await start('echo', running);
    await isOnline(running, 1);
    const { client, heard } = await join(running);
    for (const length of [0, 1, 125, 126, 4096, 65_535, 65_536]) {
      for (const binary of [false, true]) {
        const data = Buffer.from(Array.from({ length }, (_, i) => (binary ? i * 7 : 32 + (i % 90)) & 255));
        heard.length = 0;
        client.send(data, { binary });
        await expect.poll(() => heard.length, PATIENCE).toBe(1);
        expect(heard[0].binary, `${length} bytes`).toBe(binary);
        expect(heard[0].data.equals(data), `${length} bytes`).toBe(true);
      }
    }
    expect(running.pingTimeouts).toBe(0);
  });

  it('the echo app is back after each restart of the relay', async () => {
    let running = await startRelay();
    const engine = await start('echo', running);
    for (let restart = 0; restart < 3; restart++) {
      await isOnline(running, 1);
      await running.relay.close();
      running = await startRelay(running.port);
    }
    await isOnline(running, 1);
    const { client, heard } = await join(running);
    client.send('still there?');
    await expect.poll(() => heard.map(({ data }) => String(data)), PATIENCE).toEqual(['still there?']);
    expect(engine.console).toContain('open -> waiting 0.1s (peer closed: 1001');
  });

  it('the button app switches its pin when told to, and says what it is', async () => {
    const running = await startRelay();
    const { client, heard } = await join(running);
    const engine = await start('button', running);
    const says = (last: string) => expect.poll(() => String(heard.at(-1)?.data), PATIENCE).toBe(last);
    await says('led is off');
    for (const [command, answer] of [
      ['led on', 'led is on'],
      ['led?', 'led is on'],
      ['led off', 'led is off'],
    ]) {
      heard.length = 0;
      client.send(command);
      await says(answer);
    }
    await expect.poll(() => edgesOf(engine).map(({ pin, level }) => `${pin}=${level}`), PATIENCE).toEqual(['2=0', '2=1', '2=0']);
  });
});
