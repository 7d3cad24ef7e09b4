/**
 * Attacks on the relay as it is run: what its log and its recording cost it when strangers decide how much
 * there is to write.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fillBuffers, joinAll, join as joinRelay } from '../testing/abuse/attackers.ts';
import { HOST } from '../testing/abuse/relay-process.ts';
import { freePort } from '../testing/free-port.ts';
import { maskedFrame } from '../testing/test-client.ts';

const ENTRY = fileURLToPath(new URL('../index.ts', import.meta.url));
const TIMEOUT = { timeout: 180_000 };
/** How long anybody may wait for an answer, ms: a busy computer takes most of it. */
const SOON_MS = 5_000;
const START_MS = 60_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A pipe of the shell's kind, into which nobody looks. */
function unreadPipe(): number {
  const path = join(folder(), 'log');
  spawnSync('mkfifo', [path]);
  const descriptor = openSync(path, constants.O_RDWR);
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
}

/** Serves when this returns. @param log where it writes its log */
async function start(log: number | 'pipe' | 'ignore', ...flags: string[]): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const where = ['--host', HOST, '--port', String(port), '--ws-ping-interval', '0'];
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, ...where, ...flags], {
    stdio: ['ignore', 'ignore', log],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for (let waitedMs = 0; !(await isHealthy(port)); waitedMs += 50) {
    if (waitedMs > START_MS) throw new Error('the relay does not serve');
    await sleep(50);
  }
  return { child, port };
}

async function isHealthy(port: number): Promise<boolean> {
  return fetch(`http://${HOST}:${port}/healthz`, { signal: AbortSignal.timeout(SOON_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function metric(port: number, name: string): Promise<number> {
  const page = await (await fetch(`http://${HOST}:${port}/metrics`)).text();
  const line = page.split('\n').find((text) => text.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

/** @returns exit code and ms */
async function stop(child: ChildProcess): Promise<[code: number, ms: number]> {
  const startMs = performance.now();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return [code, performance.now() - startMs];
}

describe('a log that nobody reads', () => {
  it.each([
    ['a pipe', unreadPipe],
    ['a socket', () => 'pipe' as const],
  ])('(%s) keeps none of 1,500 clients out, and nobody waiting, nor the end', TIMEOUT, async (_what, log) => {
    const { child, port } = await start(log(), '--mode', 'echo', '--log-level', 'debug');
    const [speaker, ...others] = await joinAll(port, 1_500, 'client');
    expect(others).toHaveLength(1_499);
    speaker.resume();
    speaker.write(Buffer.concat(Array(15_000).fill(maskedFrame(1, Buffer.from('x')))));
    while ((await metric(port, 'squall_relay_messages_received_total{kind="text"}')) < 15_000) await sleep(50);
    expect(await isHealthy(port)).toBe(true);
    expect(await metric(port, 'squall_relay_log_lines_dropped_total')).toBeGreaterThan(1_000);
    for (const socket of [speaker, ...others]) socket.destroy();
    const [code, ms] = await stop(child);
    expect(code).toBe(0);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(1_000 + SOON_MS);
  });
});

describe('a recording', () => {
  it(
    'has a line for each client and second that loses messages, and a hundred for thousands of strangers, and holds nobody up',
    TIMEOUT,
    async () => {
      const path = join(folder(), 'field.jsonl');
      const bounds = ['--envelope', 'raw', '--max-buffered', '64KiB', '--max-clients', '12'];
      const { child, port } = await start('ignore', '--record', path, ...bounds);
      const stopped = await joinAll(port, 10, 'stopped');
      for (const socket of stopped) socket.pause();
      const [speaker] = await joinRelay(port, 'speaker');
      speaker.resume();
      const dropped = () => metric(port, 'squall_relay_messages_dropped_total');
      const large = Buffer.concat(Array(10).fill(maskedFrame(2, Buffer.alloc(60_000))));
      await fillBuffers(speaker, large, async () => (await dropped()) > 0);
      speaker.write(Buffer.concat(Array(15_000).fill(maskedFrame(1, Buffer.from('x')))));
      const strangers = joinAll(port, 2_000, 'stranger');
      for (let i = 0; i < 20; i++) {
        expect(await isHealthy(port)).toBe(true);
        await sleep(50);
      }
      expect(await strangers).toHaveLength(1);
      while ((await metric(port, 'squall_relay_messages_received_total{kind="text"}')) < 15_000) await sleep(50);
      const lost = await dropped();
      expect(lost).toBeGreaterThan(100_000);
      expect((await stop(child))[0]).toBe(0);
      const lines = readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const drops = lines.filter(({ event }) => event === 'relay.dropped');
      expect(drops.reduce((sum, { count }) => sum + count, 0)).toBe(lost);
      const seconds = Math.ceil((lines.at(-1).t - lines[1].t) / 1_000);
      expect(drops.length).toBeLessThanOrEqual(10 * (seconds + 1));
      const refusals = lines.filter(({ event }) => event === 'ws.refused');
      expect(refusals.length).toBeLessThanOrEqual(100 + 51 * seconds);
      expect(refusals.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(1_999);
    },
  );
});
