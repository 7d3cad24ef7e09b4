/** The command as a user runs it. Each case starts a process, so there are few; what a flag may be is tested in usage.test.ts and units.test.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { upgradeRequest } from './testing/test-relay.ts';

const ENTRY = fileURLToPath(new URL('./index.ts', import.meta.url));
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
