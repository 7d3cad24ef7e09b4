import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { createRelay } from '../relay.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { TestClient } from '../testing/test-client.ts';
import { EPOCH_MS, upgradeRequest } from '../testing/test-relay.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Recorder } from './recorder.ts';
import { KEPT_FILES, RecordingFile } from './recording-file.ts';

const MIB = 1024 ** 2;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A relay that records, from its start. The first ping of a session comes in the middle of the interval. */
function recordedRelay(
  path: string,
  { maxBytes = MIB, ...config }: Partial<RelayConfig> & { maxBytes?: number } = {},
  afterTurn?: (flush: () => void) => void,
) {
  const clock = new VirtualClock();
  const failures: string[] = [];
  const whole = { ...DEFAULT_CONFIG, ...config };
  const epochMs = () => EPOCH_MS + clock.now();
  const file = new RecordingFile(path, maxBytes);
  const onFailure = ({ message }: Error) => failures.push(message);
  const recorder = new Recorder({ file, clock, epochMs, config: whole, version: '1.2.3', onFailure, afterTurn });
  const relay = createRelay({
    clock,
    epochMs,
    random: () => 0.5,
    pingPhase: () => 0.5,
    config: whole,
    log: NULL_LOG,
    observer: recorder.observer,
  });
  recorder.start();
  const connect = async (id: string) => {
    const connection = new MemoryConnection();
    relay.server.emit('connection', connection);
    const client = new TestClient(connection);
    await client.sendBytes(upgradeRequest(`/${id}`));
    return client;
  };
  return { clock, relay, recorder, connect, failures };
}

function linesOf(path: string): Record<string, unknown>[] {
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a recording of a relay', () => {
  it('tells who connected when, sizes, round trips, refusals and ends, and nothing that was said', async () => {
    const path = join(folder(), 'field.jsonl');
    const { clock, connect, recorder } = recordedRelay(path, { duplicateId: 'reject' });
    await clock.advance(5);
    const client = await connect('board-7');
    await connect('board-7');
    await clock.advance(1_000);
    await client.send('secret!');
    await client.ping(Buffer.from('hm'));
    await clock.advance(19_000);
    await clock.advance(40);
    await client.answerPings();
    await client.close(1000);
    recorder.close();
    const [header, ...events] = linesOf(path);
    expect(header).toEqual({
      format: 'squall-trace',
      version: 1,
      source: 'relay',
      kit: '1.2.3',
      node: process.version,
      epoch_ms: EPOCH_MS,
      relay: { ping_interval: '20s', ping_timeout: '20s', duplicate_id: 'reject', mode: 'broadcast' },
    });
    expect(events).toEqual([
      { t: 5, board: 'board-7', event: 'ws.open', session: 1 },
      { t: 5, board: 'board-7', event: 'ws.refused', reason: 'duplicate_id', status: 403 },
      { t: 1005, board: 'board-7', event: 'relay.received', kind: 'text', bytes: 7 },
      { t: 1005, board: 'board-7', event: 'relay.ping_answered', bytes: 4 },
      { t: 20005, board: 'board-7', event: 'relay.ping', bytes: 10 },
      { t: 20045, board: 'board-7', event: 'relay.pong', rtt_ms: 40, bytes: 14 },
      { t: 20045, board: 'board-7', event: 'ws.close', session: 1, cause: 'peer_closed', code: 1000 },
      { t: 20045, event: 'relay.down', reason: 'shutdown' },
    ]);
    expect(readFileSync(path, 'utf8')).not.toContain('secret');
  });

  it('sums up what a client has lost, by second and before its end', async () => {
    const path = join(folder(), 'field.jsonl');
    const { clock, connect } = recordedRelay(path, { maxBufferedBytes: 1_024, pingIntervalMs: 0 });
    const [slow, stopped, sender] = [await connect('slow'), await connect('stopped'), await connect('sender')];
    for (const { connection } of [slow, stopped]) connection.stopReading();
    for (let i = 0; i < 12; i++) await sender.sendBinary(Buffer.alloc(1_000));
    stopped.connection.destroy();
    await clock.advance(999);
    await sender.sendBinary(Buffer.alloc(500));
    await clock.advance(1_001);
    await sender.sendBinary(Buffer.alloc(700));
    await clock.advance(1_000);
    const lines = linesOf(path).filter(({ board, event }) => board !== 'sender' && event !== 'ws.open');
    expect(lines.slice(1)).toEqual([
      { t: 0, board: 'stopped', event: 'relay.dropped', count: 11, bytes: 11_000 },
      { t: 0, board: 'stopped', event: 'ws.close', session: 2, cause: 'reset', code: 1006 },
      { t: 1_000, board: 'slow', event: 'relay.dropped', count: 12, bytes: 11_500 },
      { t: 3_000, board: 'slow', event: 'relay.dropped', count: 1, bytes: 700 },
    ]);
  });

  it('has one line for equal refusals of a second, and a hundred for others, and counts the rest', async () => {
    const path = join(folder(), 'field.jsonl');
    const { clock, connect, recorder } = recordedRelay(path, { maxClients: 1, pingIntervalMs: 0 });
    await connect('board-7');
    for (let i = 0; i < 500; i++) await connect('board-7');
    for (let i = 0; i < 500; i++) await connect(`stranger-${i}`);
    await clock.advance(1_000);
    await connect('board-7');
    recorder.close();
    const again = { board: 'board-7', event: 'ws.refused', reason: 'duplicate_id', status: 403 };
    const refusals = linesOf(path).filter(({ event }) => event === 'ws.refused');
    expect(refusals).toHaveLength(1 + 99 + 2 + 1);
    expect(refusals.slice(0, 2)).toEqual([
      { t: 0, ...again },
      { t: 0, board: 'stranger-0', event: 'ws.refused', reason: 'full', status: 503 },
    ]);
    expect(refusals.slice(-3)).toEqual([
      { t: 1_000, ...again, count: 499 },
      { t: 1_000, event: 'ws.refused', count: 401 },
      { t: 1_000, ...again },
    ]);
  });

  it('is written together for a turn of the event loop, or when there is much of it', async () => {
    const path = join(folder(), 'field.jsonl');
    const flushes: (() => void)[] = [];
    const { connect, recorder } = recordedRelay(path, {}, (flush) => flushes.push(flush));
    const client = await connect('a');
    for (let i = 0; i < 10; i++) await client.send('hi');
    expect([flushes.length, linesOf(path).length]).toEqual([1, 1]);
    flushes[0]();
    expect(linesOf(path)).toHaveLength(12);
    for (let i = 0; i < 1_000; i++) await client.send('hi');
    expect(flushes).toHaveLength(2);
    expect(linesOf(path).length).toBeGreaterThan(800);
    recorder.close();
    expect(linesOf(path)).toHaveLength(1_013);
  });

  it('is complete in the file at every moment, without a close', async () => {
    const path = join(folder(), 'field.jsonl');
    const { connect } = recordedRelay(path);
    expect(linesOf(path)).toHaveLength(1);
    await connect('a');
    expect(linesOf(path)).toHaveLength(2);
  });

  it('goes on in the next file when one is full, keeps a number of old ones, and each begins with the sessions that are open', async () => {
    const path = join(folder(), 'field.jsonl');
    const maxBytes = 2_000;
    const { connect } = recordedRelay(path, { maxBytes });
    const client = await connect('a');
    for (let i = 0; i < 200; i++) await client.send('hi');
    const names = [path, ...Array.from({ length: KEPT_FILES }, (_, age) => path.replace('.jsonl', `.${age + 1}.jsonl`))];
    for (const name of names) {
      const [header, first, ...rest] = linesOf(name);
      expect(readFileSync(name).length).toBeLessThanOrEqual(maxBytes);
      expect(header).toMatchObject({ format: 'squall-trace', source: 'relay' });
      expect(first).toEqual({ t: 0, board: 'a', event: 'ws.open', session: 1, continued: true });
      expect(new Set(rest.map(({ event }) => event))).toEqual(new Set(['relay.received']));
    }
    expect(existsSync(path.replace('.jsonl', `.${KEPT_FILES + 1}.jsonl`))).toBe(false);
  });

  it('is taken up again by the next start, without the line that a crash cut', async () => {
    const path = join(folder(), 'field.jsonl');
    await recordedRelay(path).connect('a');
    appendFileSync(path, '{"t":12,"board":"a","ev');
    await recordedRelay(path).connect('b');
    expect(linesOf(path).map(({ format, board }) => format ?? board)).toEqual(['squall-trace', 'a', 'squall-trace', 'b']);
  });

  it('finds a cut line of any length', () => {
    const path = join(folder(), 'field.jsonl');
    for (const whole of ['', 'a\n', `${'a'.repeat(100_000)}\n`]) {
      for (const cut of ['', 'x', 'x'.repeat(65_536), 'x'.repeat(200_000)]) {
        writeFileSync(path, whole + cut);
        const file = new RecordingFile(path, MIB);
        file.dropCutLine();
        file.append('b');
        file.close();
        expect(readFileSync(path, 'utf8')).toBe(`${whole}b\n`);
      }
    }
  });

  it('ends with one word when the file fails, and the relay goes on', async () => {
    const place = join(folder(), 'inner');
    mkdirSync(place);
    const { connect, relay, recorder, failures, clock } = recordedRelay(join(place, 'field.jsonl'), { maxBytes: 600 });
    const client = await connect('a');
    rmSync(place, { recursive: true });
    for (let i = 0; i < 20; i++) await client.send('hi');
    await connect('b');
    await clock.advance(2_000);
    expect(failures).toEqual([expect.stringContaining('ENOENT')]);
    expect(relay.clients).toBe(2);
    expect(client.texts).toHaveLength(20);
    expect(() => recorder.close()).not.toThrow();
  });

  it('is no place but a file', () => {
    expect(() => new RecordingFile('/dev/null', MIB)).toThrow('it is not a file');
    expect(() => new RecordingFile(folder(), MIB)).toThrow('EISDIR');
  });
});
