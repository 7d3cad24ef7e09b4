/**
 * What OPERATIONS.md promises: its command and its unit run, signals end the relay as it says, and its alerts
 * ask for metrics that there are.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';

const PAGE = readFileSync('relay/OPERATIONS.md', 'utf8');
const SCRIPT = '/usr/bin/script';
const ANALYZE = '/usr/bin/systemd-analyze';
const TIMEOUT_MS = 30_000;
const folder = mkdtempSync(join(tmpdir(), 'squall-operations-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A block of the page, as it stands. */
function block(language: string, begins: string): string {
  const found = [...PAGE.matchAll(/```(\w*)\n(.*?)```/gs)].find(([, kind, text]) => kind === language && text.startsWith(begins));
  if (found === undefined) throw new Error(`no such block: ${begins}`);
  return found[2];
}

/** A documented line with its ports, paths and program replaced by those of this test. */
function here(line: string): string[] {
  const words = line.trim().split(' ');
  expect(['node', '/usr/bin/node']).toContain(words[0]);
  return words
    .slice(1)
    .map((word) => (word === '8000' ? '0' : word.replace('127.0.0.1:9100', '127.0.0.1:0').replace('/var/lib/squall', folder)));
}

async function start(line: string) {
  const child = spawn(process.execPath, here(line), { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.on('data', (bytes) => {
    err += bytes;
  });
  while (!err.includes('relay listens')) await once(child.stderr, 'data');
  const lines = () =>
    err
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
  const { port } = lines().find(({ msg }) => String(msg).startsWith('relay listens')) as { port: number };
  return { child, port, lines };
}

function processesOf(mark: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(mark));
}

async function ends(child: ChildProcess, ...signals: NodeJS.Signals[]): Promise<unknown> {
  const exit = once(child, 'exit');
  for (const signal of signals) child.kill(signal);
  return (await exit)[0];
}

const COMMAND = block('', 'node --import');
const UNIT = block('ini', '[Unit]');
const EXEC_START = /^ExecStart=(.*)$/m.exec(UNIT)?.[1] ?? '';

describe('a relay without the launcher', { timeout: TIMEOUT_MS }, () => {
  it.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends with 0 on %s, and tells its clients', async (signal) => {
    const { child, port } = await start(COMMAND);
    const client = new WebSocket(`ws://127.0.0.1:${port}/board-1`);
    await once(client, 'open');
    const closed = once(client, 'close');
    expect(await ends(child, signal)).toBe(0);
    expect((await closed)[0]).toBe(1001);
  });

  it.skipIf(!existsSync(SCRIPT))('ends when its terminal is closed', async () => {
    const mark = join(folder, 'hung-up.jsonl');
    const relay = [process.execPath, ...here(COMMAND), '--record', mark].join(' ');
    const terminal = spawn(SCRIPT, ['-qec', `exec ${relay}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void terminal.kill('SIGKILL'));
    while (!existsSync(mark)) await once(terminal.stdout, 'data');
    terminal.kill('SIGKILL');
    const ended = () => readFileSync(mark, 'utf8').includes('relay.down') && processesOf(mark).length === 0;
    await vi.waitFor(() => expect(ended()).toBe(true), { timeout: TIMEOUT_MS, interval: 200 });
  });

  it('ends at once with 130 when it is told twice', async () => {
    const { child, port, lines } = await start(COMMAND);
    const client = new WebSocket(`ws://127.0.0.1:${port}/board-1`, { autoPong: false });
    await once(client, 'open');
    // A client that does not take part in its end: the first signal alone would wait for it.
    client.pause();
    client.on('error', () => {});
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    while (!lines().some(({ msg }) => String(msg).startsWith('relay stops'))) await once(child.stderr as NodeJS.ReadableStream, 'data');
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(130);
    client.terminate();
  });
});

describe('the unit for systemd', { timeout: TIMEOUT_MS }, () => {
  it('starts a relay that records and serves its metrics, and stops it with 0', async () => {
    const { child } = await start(EXEC_START);
    expect(await ends(child, 'SIGTERM')).toBe(0);
    expect(readFileSync(join(folder, 'field.jsonl'), 'utf8')).toContain('relay.down');
  });

  it.skipIf(!existsSync(ANALYZE))('is one that systemd takes', () => {
    const file = join(folder, 'squall-relay.service');
    writeFileSync(file, UNIT.replace('/usr/bin/node', process.execPath).replace('User=squall', `User=${process.env.USER || 'root'}`));
    const { status, stderr } = spawnSync(ANALYZE, ['verify', file], { encoding: 'utf8' });
    expect({ status, stderr: stderr.split('\n').filter((line) => line.includes('squall-relay')) }).toEqual({ status: 0, stderr: [] });
  });
});

describe('the alerts', { timeout: TIMEOUT_MS }, () => {
  interface Rule {
    alert: string;
    expr: string;
    annotations: { summary: string };
  }
  const { groups } = parse(readFileSync('relay/metrics/alerts.yaml', 'utf8')) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  it('ask for metrics that the relay has', async () => {
    const { port } = await start(COMMAND);
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const asked = new Set(rules.flatMap(({ expr }) => expr.match(/\b(squall_relay|process|nodejs)_\w+/g) ?? []));
    expect(asked.size).toBeGreaterThan(10);
    const missing = [...asked].filter((name) => !new RegExp(`^# TYPE ${name.replace(/_bucket$/, '')} `, 'm').test(page));
    expect(missing).toEqual([]);
  });

  it('are all in the table that says what to do, and say what is the matter', () => {
    for (const { alert, annotations } of rules) {
      expect(PAGE).toMatch(new RegExp(`^\\| .*\\b${alert}\\b.* \\|`, 'm'));
      expect(annotations.summary).not.toBe('');
    }
  });
});
