/**
 * The command as a user runs it. Each case starts a process, so there are few; what a flag may be is tested
 * in usage.test.ts and units.test.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freePort } from '../testing/free-port.ts';
import { upgradeRequest } from '../testing/test-relay.ts';

const ENTRY = fileURLToPath(new URL('../index.ts', import.meta.url));
const TIMEOUT_MS = 20_000;
const running: ChildProcess[] = [];

function start(...flags: string[]): { child: ChildProcess; output: { out: string; err: string } } {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const output = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => (output.out += chunk));
  child.stderr?.on('data', (chunk) => (output.err += chunk));
  return { child, output };
}

async function run(...flags: string[]) {
  const { child, output } = start(...flags);
  const [code] = await once(child, 'close');
  return { code, ...output };
}

/** Log lines, parsed. */
function linesOf(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

describe('npx tsx relay', { timeout: TIMEOUT_MS }, () => {
  it('serves until SIGTERM, logs one JSON object a line, closes its clients with 1001 and exits 0', async () => {
    const { child, output } = start('--host', '127.0.0.1', '--port', '0', '--envelope', 'json', '--log-level', 'debug');
    while (!output.err.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    const client = new WebSocket(`ws://127.0.0.1:${linesOf(output.err)[0].port}/board-1`);
    await once(client, 'open');
    const answer = once(client, 'message');
    client.send('SOS!');
    expect(JSON.parse(String((await answer)[0]))).toMatchObject({ from: 'server', text: 'Server got your message!' });

    const closed = once(client, 'close');
    const exited = once(child, 'close');
    child.kill('SIGTERM');
    expect((await closed)[0]).toBe(1001);
    expect((await exited)[0]).toBe(0);
    expect(output.out).toBe('');
    expect(linesOf(output.err).map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^relay listens/),
      'session opened',
      'message received',
      expect.stringMatching(/^relay stops/),
      'session closed',
      'relay stopped',
    ]);
  });

  it('stops within its deadline although clients do not read, with 1001, a flushed recording and exit code 0', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'squall-stop-'));
    const recording = join(folder, 'field.jsonl');
    const { child, output } = start('--host', '127.0.0.1', '--port', '0', '--close-timeout', '300ms', '--record', recording);
    while (!output.err.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    const port = Number(linesOf(output.err)[0].port);
    const [polite, deaf, idle] = [
      new WebSocket(`ws://127.0.0.1:${port}/polite`),
      connectTcp(port, '127.0.0.1'),
      connectTcp(port, '127.0.0.1'),
    ];
    for (const socket of [deaf, idle]) socket.on('error', () => {});
    await once(polite, 'open');
    deaf.write(upgradeRequest('/deaf'));
    await once(deaf, 'data');
    const [closed, exited] = [once(polite, 'close'), once(child, 'close')];
    child.kill('SIGTERM');
    const [code, reason] = await closed;
    expect(`${code} ${reason}`).toBe('1001 the relay stops');
    expect((await exited)[0]).toBe(0);
    const events = linesOf(readFileSync(recording, 'utf8')).map(({ board, event }) => [board, event]);
    expect(events.slice(-3)).toEqual([
      ['polite', 'ws.close'],
      ['deaf', 'ws.close'],
      [undefined, 'relay.down'],
    ]);
    rmSync(folder, { recursive: true });
  });

  it('serves /metrics on its port, in which what just happened is counted', async () => {
    const { child, output } = start('--host', '127.0.0.1', '--port', '0', '--max-message-rate', '2', '--max-per-address', '2');
    while (!output.err.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    const port = Number(linesOf(output.err)[0].port);
    const client = new WebSocket(`ws://127.0.0.1:${port}/flooder`);
    await once(client, 'open');
    const closed = once(client, 'close');
    for (let i = 0; i < 5; i++) client.send('x');
    expect((await closed)[0]).toBe(1008);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect((await response.text()).split('\n')).toEqual(
      expect.arrayContaining([
        'squall_relay_clients 0',
        'squall_relay_messages_received_total{kind="text"} 4',
        'squall_relay_disconnects_total{cause="policy",code="1008"} 1',
        expect.stringMatching(/^nodejs_eventloop_lag_p99_seconds [\d.]+$/),
      ]),
    );
  });

  it('serves /metrics elsewhere, and then not on its port; off is nowhere', async () => {
    const elsewhere = await freePort();
    const { child, output } = start('--host', '127.0.0.1', '--port', '0', '--metrics', `127.0.0.1:${elsewhere}`);
    while (!output.err.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    const port = Number(linesOf(output.err)[0].port);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
    expect(await (await fetch(`http://127.0.0.1:${elsewhere}/metrics`)).text()).toContain('\nsquall_relay_clients 0\n');
    const { code, err } = await run('--host', '127.0.0.1', '--port', '0', '--metrics', `127.0.0.1:${elsewhere}`);
    expect(code).toBe(2);
    expect(err).toContain(`--metrics: cannot listen on 127.0.0.1:${elsewhere}: something listens there already`);
    const exited = once(child, 'close');
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(0);

    const off = start('--host', '127.0.0.1', '--port', '0', '--metrics', 'off');
    while (!off.output.err.includes('\n')) await once(off.child.stderr as NodeJS.ReadableStream, 'data');
    expect((await fetch(`http://127.0.0.1:${linesOf(off.output.err)[0].port}/metrics`)).status).toBe(404);
  });

  it('ends at once on the second signal, although a client does not take part', async () => {
    const { child, output } = start('--host', '127.0.0.1', '--port', '0');
    while (!output.err.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    const deaf = connectTcp(Number(linesOf(output.err)[0].port), '127.0.0.1');
    deaf.on('error', () => {});
    deaf.write(upgradeRequest('/deaf'));
    await once(deaf, 'data');
    const exited = once(child, 'close');
    child.kill('SIGINT');
    await once(deaf, 'data'); // the close frame
    child.kill('SIGINT');
    expect((await exited)[0]).toBe(130);
    deaf.destroy();
  });

  it('parts with its clients one by one when it is told to drain, which no web page may, and ends with 0', async () => {
    const elsewhere = await freePort();
    const { child, output } = start('--port', '0', '--metrics', `127.0.0.1:${elsewhere}`, '--drain', '400ms');
    while (!output.err.includes('\n')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    const port = Number(linesOf(output.err)[0].port);
    const order = async (init: RequestInit) => (await fetch(`http://127.0.0.1:${elsewhere}/drain`, init)).status;
    expect([await order({}), await order({ method: 'POST', headers: { Origin: 'http://evil.example' } })]).toEqual([405, 403]);
    expect((await fetch(`http://127.0.0.1:${port}/drain`, { method: 'POST' })).status).toBe(405);
    const clients = ['a', 'b'].map((id) => new WebSocket(`ws://127.0.0.1:${port}/${id}`));
    await Promise.all(clients.map((client) => once(client, 'open')));
    const closed = clients.map(async (client) => `${(await once(client, 'close'))[0]} ${Date.now()}`);
    const exited = once(child, 'close');
    expect([await order({ method: 'POST' }), await order({ method: 'POST' })]).toEqual([202, 202]);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(503);
    const [first, second] = (await Promise.all(closed)).map((text) => text.split(' ').map(Number));
    expect([first[0], second[0]]).toEqual([1012, 1012]);
    expect(second[1] - first[1]).toBeGreaterThan(100);
    expect((await exited)[0]).toBe(0);
    expect(linesOf(output.err).map(({ msg }) => msg)).toContain('relay drains; a second signal stops it now');
  });

  it('says everything that is wrong with its flags and exits 2', async () => {
    const { code, out, err } = await run(
      ...[
        '--prot',
        '1',
        '--port',
        '65536',
        '--ws-ping-interval',
        '-1',
        '--ws-ping-timeout',
        '0',
        '--max-payload',
        '64',
        '--max-clients',
        '1.5',
        '--mode',
        'x',
      ],
    );
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.split('\n')).toEqual([
      'unknown flag --prot; the nearest legal flag is --port',
      '--port: expected a whole number from 0 (any free port) to 65535, got "65536"',
      '--ws-ping-interval: expected seconds, or a duration such as 500ms, up to 24h (0 = no pings), got "-1"',
      '--ws-ping-timeout: expected seconds, or a duration such as 500ms, from 1ms to 24h, got "0"',
      '--mode: expected one of broadcast, echo, got "x"',
      '--max-payload: expected a size such as 64KiB, from 1B to 16MiB, got "64"',
      '--max-clients: expected a whole number from 1 to 100000, got "1.5"',
      'npx tsx relay --help shows all flags',
      '',
    ]);
  });

  it('exits 2 when the address cannot be had', async () => {
    const { code, err } = await run('--host', '192.0.2.1', '--port', '0');
    expect(code).toBe(2);
    expect(err).toContain('cannot listen on 192.0.2.1:0: this computer does not have that address');
  });

  it('shows its flags and an example for --help', async () => {
    const { code, out, err } = await run('--help');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('--ws-ping-interval');
    expect(out).toContain('npx tsx relay --port 9000 --duplicate-id takeover');
  });
});
