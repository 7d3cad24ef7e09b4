/** `npx tsx relay --ssl` as a user runs it: its messages, its log, and SIGHUP. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Workshop } from '../testing/tls-relay.ts';

const ENTRY = fileURLToPath(new URL('../index.ts', import.meta.url));
let folder = '';
let workshop: Workshop;
let child: ChildProcess | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-relay-tls-'));
  workshop = await Workshop.open(Date.now());
  const { cert, key } = workshop.server();
  writeFileSync(join(folder, 'relay.crt'), cert);
  writeFileSync(join(folder, 'relay.key'), key);
  writeFileSync(join(folder, 'ca.crt'), workshop.authority.cert);
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
});

const FILES = ['--ssl', '--ssl-certfile', 'relay.crt', '--ssl-keyfile', 'relay.key'];

function run(...flags: string[]) {
  const words = ['--import', import.meta.resolve('tsx'), ENTRY, ...flags];
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', timeout: 20_000 });
  return { status, lines: stderr.trim().split('\n').slice(0, -1) };
}

/** Log lines as they come. */
function start(...flags: string[]): () => Promise<Record<string, unknown>> {
  const words = ['--import', import.meta.resolve('tsx'), ENTRY, '--host', '127.0.0.1', '--port', '0', ...flags];
  const started = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  child = started;
  let text = '';
  started.stderr.on('data', (bytes) => (text += bytes));
  return async () => {
    while (!text.includes('\n')) await once(started.stderr, 'data');
    const line = text.slice(0, text.indexOf('\n'));
    text = text.slice(line.length + 1);
    return JSON.parse(line);
  };
}

describe('flags that do not go together', () => {
  it.each([
    [['--ssl'], ['--ssl: needs --ssl-certfile and --ssl-keyfile; npx tsx relay certs makes them']],
    [['--ssl-certfile', 'relay.crt'], ['--ssl-certfile: needs --ssl']],
    [
      ['--authorize', 'cn', '--ssl-certs-reqs', '0'],
      ['--authorize cn: needs --ssl and --ssl-cert-reqs 1 or 2', '--ssl-cert-reqs: needs --ssl'],
    ],
    [[...FILES, '--ssl-cert-reqs', '2'], ['--ssl-cert-reqs 2: needs --ssl-ca-certs']],
    [[...FILES, '--ssl-cert-reqs', '3'], ['--ssl-cert-reqs: expected 0 (not asked for), 1 (optional, but good) or 2 (required), got "3"']],
    [[...FILES, '--ssl-ca-cert', 'gone.crt'], ['--ssl-ca-certs gone.crt: cannot be read (ENOENT)']],
  ])('%j', (flags, lines) => {
    expect(run(...flags)).toEqual({ status: 2, lines });
  });
});

describe('npx tsx relay --ssl', () => {
  it('serves wss, logs names, and reads its certificates anew on SIGHUP without dropping anybody', async () => {
    const nextLine = start(...FILES, '--ssl-ca-cert', 'ca.crt', '--ssl-cert-reqs', '2', '--authorize', 'cn');
    const listening = await nextLine();
    expect(listening.msg).toContain('clients connect to wss://<this host>:');
    const client = new WebSocket(`wss://127.0.0.1:${listening.port}/board-1`, {
      ca: workshop.authority.cert,
      ...workshop.client('board-1'),
    });
    await once(client, 'open');
    expect(await nextLine()).toMatchObject({ msg: 'session opened', id: 'board-1', name: 'board-1', address: '127.0.0.1' });

    writeFileSync(join(folder, 'relay.crt'), 'half a certif');
    child?.kill('SIGHUP');
    expect(await nextLine()).toMatchObject({
      msg: 'certificates not read anew, the old ones stay',
      error: '--ssl-certfile relay.crt: expected a certificate in PEM form (-----BEGIN CERTIFICATE-----)',
    });
    writeFileSync(join(folder, 'relay.crt'), workshop.server().cert);
    child?.kill('SIGHUP');
    expect((await nextLine()).msg).toBe('certificates read anew; open connections go on');

    const answer = once(client, 'message');
    client.send('SOS!');
    expect(String((await answer)[0])).toBe('Server got your message!');
    const exited = once(child as ChildProcess, 'exit');
    child?.kill('SIGTERM');
    expect((await exited)[0]).toBe(0);
  });
});
