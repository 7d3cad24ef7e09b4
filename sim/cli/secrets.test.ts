/**
 * What boards say to a relay and nobody else may hear: it gets to the relay, and into no file and no line
 * that the command writes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { acceptFor } from 'firmware/testing/server-side';
import { listen } from 'relay/server/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sim } from './testing/capture.ts';
import { scratch } from './testing/scratch.ts';

const SECRETS = ['53cr37', '70k3n', Buffer.from('joe:70k3n').toString('base64')];

function writtenIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

function expectNoSecret(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

describe('in virtual time', () => {
  it.each<[string, object]>([
    ['headers', { headers: { Authorization: 'Bearer 53cr37', 'X-Key': '70k3n' } }],
    ['user info and a query', { server: 'ws://joe:70k3n@relay.example/?token=53cr37' }],
  ])('%s are in no file of a run, and its recording comes out the same again', async (_what, config) => {
    const folder = scratch();
    const file = folder.write('config.json', JSON.stringify(config));
    const out = folder.path('run');
    const words = ['--boards', '2', '--duration', '30s', '--trace', 'packet', '--out', out];
    const first = await sim(...words, '--config', file);
    expect(first.exitCode).toBe(0);
    // The kit's relay takes no offence, and knows its clients by their ids.
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).metrics).toMatchObject({ connects: 2, connect_failures: 0 });
    expectNoSecret(first.out + first.err + writtenIn(out));
    const again = await sim('replay', join(out, 'trace.jsonl'), '--quiet', '--no-report', '--no-trace');
    expect([again.exitCode, again.err]).toEqual([0, '']);
  });

  it('they are in no line that replays a run with --set', async () => {
    const folder = scratch();
    const file = folder.write('short.yaml', 'version: 1\nname: short\nduration: 10s\nboards: { count: 1 }\n');
    const out = folder.path('run');
    const set = ['--set', 'boards.config.headers={ X-Key: 53cr37 }', '--set', 'boards.config.server=ws://joe:70k3n@relay.example/'];
    const run = await sim('replay', file, ...set, '--out', out);
    expect(run.exitCode).toBe(0);
    expect(run.out).toContain(`--set 'boards.config.headers={"X-Key":"******"}'`);
    expectNoSecret(run.out + run.err + writtenIn(out));
  });
});

describe.each(['127.0.0.1', '::1'])('at a real relay at %s', (host) => {
  it('boards say all of it, and the run says nothing of it', async () => {
    const heads: string[] = [];
    const server = createServer((socket) => {
      socket.setEncoding('latin1').on('error', () => {});
      socket.once('data', (head: string) => {
        heads.push(head);
        const accept = acceptFor(/Sec-WebSocket-Key: (.*)\r\n/.exec(head)?.[1] ?? '');
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
        );
      });
    });
    onTestFinished(() => void server.close());
    const { port } = await listen(server, host, 0);
    const folder = scratch();
    const address = host === '::1' ? `[::1]:${port}` : `${host}:${port}`;
    const boards = "{ count: 1, boot_spread: 0s, device: ideal, config: { headers: { X-Key: '53cr37' }, subprotocol: mqtt } }";
    const file = folder.write('live.yaml', `version: 1\nname: live\nduration: 5s\nboards: ${boards}\nchecks: []\n`);
    const out = folder.path('run');
    const words = ['replay', file, '--relay', `ws://joe:70k3n@${address}/fleet?token=53cr37`, '--out', out];
    const run = await sim(...words);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).metrics.connects).toBe(1);
    expect(heads[0]).toMatch(/^GET \/fleet\/board-1\?token=53cr37 HTTP\/1\.1\r\n/);
    expect(heads[0]).toContain(`\r\nHost: ${address}\r\n`);
    expect(heads[0]).toContain(`\r\nAuthorization: Basic ${SECRETS[2]}\r\nX-Key: 53cr37\r\n`);
    expect(heads[0]).toContain('\r\nSec-WebSocket-Protocol: mqtt\r\n');
    expect(run.out).toContain(`--relay 'ws://***:*****@${address}/fleet?token=******'`);
    expectNoSecret(run.out + run.err + writtenIn(out));
  });
});

it.each([
  ['--relay: query: expected visible ASCII characters, all others percent-encoded', ['--relay', 'ws://joe:70k3n@h/?a b']],
  ['--relay: user info: expected USER:PASSWORD', ['--relay', 'ws://joe:70k3n@x@h/']],
  ['--relay: port: expected 1 to 65535, got 65536', ['--relay', 'ws://joe:70k3n@h:65536/']],
])('a wrong URL is named by its part, without its secrets: %s', async (message, words) => {
  const { exitCode, err } = await sim('--boards', '1', ...words);
  expect(exitCode).toBe(2);
  expect(err).toContain(message);
  expectNoSecret(err);
});

it('redirects are not for live boards, whose connections all go to one place', async () => {
  const config = scratch().write('config.json', '{"redirects":3}');
  const { exitCode, err } = await sim('--boards', '1', '--config', config, '--relay', 'ws://127.0.0.1:1/');
  expect([exitCode, err]).toEqual([2, expect.stringContaining('boards.config.redirects: expected 0 with --relay')]);
});

it('a device without IPv6 is not given an IPv6 address in virtual time', async () => {
  const config = scratch().write('config.json', '{"server":"ws://[::1]:8000/"}');
  const words = ['--boards', '1', '--duration', '20s', '--config', config, '--no-report', '--no-trace', '--json'];
  const espruino = await sim(...words);
  expect([espruino.exitCode, espruino.err]).toEqual([
    2,
    '--config: server: espruino-esp32 has no IPv6: expected a name or an IPv4 address\n',
  ]);
  const ideal = await sim(...words, '--device', 'ideal');
  expect([ideal.exitCode, JSON.parse(ideal.out).metrics.connects]).toEqual([0, 1]);
});
