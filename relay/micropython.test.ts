/**
 * The original's client in MicroPython against the relay on loopback. MICROPYTHON names the binary; without
 * it these tests are skipped.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_CONFIG, type RelayConfig } from './config.ts';
import { NULL_LOG } from './log.ts';
import { NULL_OBSERVER } from './observer.ts';
import { createRelay, type Relay } from './relay.ts';
import { createRealClock } from './server/real-clock.ts';
import { listen } from './server/server.ts';
import { MICROPYTHON, OriginalClient, patternOf, toldOf } from './testing/original-client.ts';

const HOST = '127.0.0.1';
const PATIENCE = { timeout: 10_000, interval: 10 };
/**
 * Each form of length that a frame has, and what fits a message. The client corrupts a frame that it has to
 * read twice, so none is above a first window.
 */
const LENGTHS = [1, 125, 126, 4096, 60_000];
const ACKNOWLEDGEMENT = 'Server got your message!';

interface Running {
  relay: Relay;
  port: number;
  pings: number;
  pongs: number;
  /** `board ping_timeout`, … */
  ended: string[];
}

async function startRelay(config: Partial<RelayConfig> = {}, port = 0): Promise<Running> {
  const clock = createRealClock();
  const seen = { pings: 0, pongs: 0, ended: [] as string[] };
  const relay = createRelay({
    clock,
    epochMs: () => clock.now(),
    random: () => 0.5,
    config: { ...DEFAULT_CONFIG, pingIntervalMs: 200, pingTimeoutMs: 1000, closeTimeoutMs: 500, ...config },
    log: NULL_LOG,
    observer: {
      ...NULL_OBSERVER,
      pingSent: ({ id }) => id === 'board' && seen.pings++,
      pongReceived: ({ id }) => id === 'board' && seen.pongs++,
      sessionClosed: ({ id }, cause) => seen.ended.push(`${id} ${cause}`),
    },
  });
  onTestFinished(() => relay.close());
  return Object.assign(seen, { relay, port: (await listen(relay.server, HOST, port)).port });
}

function startBoard({ port }: Running): OriginalClient {
  const board = new OriginalClient(`ws://${HOST}:${port}/board`);
  onTestFinished(() => board.stop());
  return board;
}

/** A board that is in. */
async function joinBoard(running: Running): Promise<OriginalClient> {
  const board = startBoard(running);
  await becomes(() => board.told, [['open']]);
  return board;
}

/** A client of this process, and what it heard but acknowledgements. */
async function joinTester({ port }: Running): Promise<{ tester: WebSocket; heard: (string | Buffer)[] }> {
  const tester = new WebSocket(`ws://${HOST}:${port}/tester`, { perMessageDeflate: false });
  const heard: (string | Buffer)[] = [];
  tester.on('message', (data: Buffer, binary) => {
    if (binary || String(data) !== ACKNOWLEDGEMENT) heard.push(binary ? data : String(data));
  });
  await new Promise((done, failed) => tester.once('open', done).once('error', failed));
  onTestFinished(() => tester.terminate());
  return { tester, heard };
}

const becomes = (value: () => unknown, expected: unknown) => expect.poll(value, PATIENCE).toEqual(expected);

describe.skipIf(MICROPYTHON === undefined)('the original client in MicroPython (MICROPYTHON)', { timeout: 60_000 }, () => {
  it('gets its own messages back from a relay that echoes, and answers every ping', async () => {
    const running = await startRelay({ mode: 'echo' });
    const board = await joinBoard(running);
    for (const length of LENGTHS) {
      board.send('text', length);
      await becomes(() => board.told.at(-1), toldOf(`Echo: ${patternOf(length)}`));
      board.send('binary', length);
      await becomes(() => board.told.at(-1), toldOf(patternOf(length)));
    }
    await expect.poll(() => running.pings, PATIENCE).toBeGreaterThan(5);
    await becomes(() => running.pings - running.pongs, 0);
    expect(board.told).toHaveLength(1 + 2 * LENGTHS.length);
  });

  it('hears another client and is heard by it', async () => {
    const running = await startRelay();
    const board = await joinBoard(running);
    const { tester, heard } = await joinTester(running);
    for (const length of LENGTHS) {
      tester.send(String(patternOf(length)));
      await becomes(() => board.told.at(-1), toldOf(`Mes from tester: ${patternOf(length)}`));
      tester.send(patternOf(length));
      await becomes(() => board.told.at(-1), toldOf(patternOf(length)));
      board.send('text', length);
      await becomes(() => board.told.at(-1), toldOf(ACKNOWLEDGEMENT));
      await becomes(() => heard.at(-1), `Mes from board: ${patternOf(length)}`);
      board.send('binary', length);
      await becomes(() => heard.at(-1), patternOf(length));
    }
    tester.send('');
    await becomes(() => board.told.at(-1), toldOf('Mes from tester: '));
    expect([board.count('error'), running.ended]).toEqual([0, []]);
  });

  it('is refused while its id is connected, without harm to the holder, and let in afterwards', async () => {
    const running = await startRelay({ mode: 'echo' });
    const holder = await joinBoard(running);
    const second = startBoard(running);
    await expect.poll(() => second.count('refused'), PATIENCE).toBeGreaterThan(2);
    holder.send('text', 4);
    await becomes(() => holder.told.at(-1), toldOf(`Echo: ${patternOf(4)}`));
    expect(second.count('open')).toBe(0);
    holder.stop();
    await becomes(() => second.count('open'), 1);
  });

  it('sees the relay stop and is back after each restart', async () => {
    let running = await startRelay({ mode: 'echo' });
    const board = await joinBoard(running);
    for (let restart = 1; restart <= 3; restart++) {
      await running.relay.close();
      await becomes(() => board.count('closed'), restart);
      running = await startRelay({ mode: 'echo' }, running.port);
      await becomes(() => board.count('open'), 1 + restart);
    }
    board.send('text', 4);
    await becomes(() => board.told.at(-1), toldOf(`Echo: ${patternOf(4)}`));
  });

  it('hangs on an empty binary message, and its id is free after the ping timeout', async () => {
    const running = await startRelay();
    const board = await joinBoard(running);
    const { tester, heard } = await joinTester(running);
    tester.send(Buffer.alloc(0));
    await becomes(() => running.ended, ['board ping_timeout']);
    expect(board.told).toEqual([['open']]);
    const next = await joinBoard(running);
    next.send('text', 4);
    await becomes(() => heard, [`Mes from board: ${patternOf(4)}`]);
  });
});
