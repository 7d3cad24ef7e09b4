/**
 * Recording as a user runs it. Each case starts a process, so there are few; what is written is tested in
 * recorder.test.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

const ENTRY = fileURLToPath(new URL('../index.ts', import.meta.url));
const TIMEOUT_MS = 30_000;

function scratchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'field.jsonl');
}

function start(...flags: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, '--host', '127.0.0.1', '--port', '0', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function portOf(child: ChildProcess): Promise<number> {
  let text = '';
  child.stderr?.on('data', (chunk) => (text += chunk));
  while (!text.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
  return JSON.parse(text.split('\n', 1)[0]).port;
}

/** A client that has been answered, so that the relay has seen its message. */
async function talk(child: ChildProcess, id: string): Promise<void> {
  const client = new WebSocket(`ws://127.0.0.1:${await portOf(child)}/${id}`);
  client.on('error', () => {});
  await once(client, 'open');
  client.send('hi');
  await once(client, 'message');
}

async function refusal(...flags: string[]): Promise<{ code: number; text: string }> {
  const child = start(...flags);
  let text = '';
  child.stderr?.on('data', (chunk) => (text += chunk));
  const [code] = await once(child, 'close');
  return { code, text: text.split('\n', 1)[0] };
}

describe('npx tsx relay --record', { timeout: TIMEOUT_MS }, () => {
  it('has every event in the file when it is killed, and goes on in the same file at the next start', async () => {
    const path = scratchFile();
    const killed = start('--record', path, '--ws-ping-timeout', '7');
    await talk(killed, 'a');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const stopped = start('--record', path);
    await talk(stopped, 'b');
    stopped.kill('SIGTERM');
    expect((await once(stopped, 'close'))[0]).toBe(0);
    const text = readFileSync(path, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event, board, relay }) => (event === undefined ? relay.ping_timeout : `${event} ${board ?? ''}`))).toEqual([
      '7s',
      'ws.open a',
      'relay.received a',
      '20s',
      'ws.open b',
      'relay.received b',
      'ws.close b',
      'relay.down ',
    ]);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('takes up a file of which a loss of power left a part of the first line', async () => {
    for (const left of ['', '{"format":"squall-trace","version":1,"source":"relay","kit":"0.1']) {
      const path = scratchFile();
      writeFileSync(path, left);
      const child = start('--record', path);
      await talk(child, 'a');
      expect(readFileSync(path, 'utf8')).toMatch(/^\{"format":.*\}\n.*"ws.open".*\n.*"relay.received".*\n$/);
    }
  });

  it('refuses a place where it cannot record, and exits 2', async () => {
    const path = scratchFile();
    writeFileSync(path, 'my diary\n');
    expect(await refusal('--record', path)).toEqual({
      code: 2,
      text: `--record: cannot record to ${JSON.stringify(path)}: it holds something else than a relay's recording`,
    });
    expect(readFileSync(path, 'utf8')).toBe('my diary\n');
    const nowhere = join(path, 'x.jsonl');
    expect(await refusal('--record', nowhere)).toMatchObject({ code: 2, text: expect.stringContaining('ENOTDIR') });
  });
});
