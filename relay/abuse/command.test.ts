/** Attacks on the relay as it is run: what its log and its recording cost it when strangers decide how much there is to write. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { joinAll } from '../testing/abuse/attackers.ts';
import { HOST } from '../testing/abuse/relay-process.ts';
import { freePort } from '../testing/free-port.ts';

const ENTRY = fileURLToPath(new URL('../index.ts', import.meta.url));
const TIMEOUT = { timeout: 60_000 };
/** How long anybody may wait for an answer, ms: a busy computer takes some of it. */
const SOON_MS = 2_000;
const START_MS = 20_000;

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
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, '--host', HOST, '--port', String(port), ...flags], {
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
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1]);
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
    const { child, port } = await start(log());
    // Each storm has some 600 kB to tell.
    for (let storm = 0; storm < 4; storm++) {
      const sockets = await joinAll(port, 1_500, `storm-${storm}`);
      expect(sockets).toHaveLength(1_500);
      expect(await isHealthy(port)).toBe(true);
      for (const socket of sockets) socket.destroy();
    }
    expect(await metric(port, 'squall_relay_log_lines_dropped_total')).toBeGreaterThan(1_000);
    const [code, ms] = await stop(child);
    expect(code).toBe(0);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(1_000 + SOON_MS);
  });
});
