/**
 * `npx tsx firmware run` in this process, against servers on loopback; signals need a process of their own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { register } from 'tsx/cjs/api';
import { expect, it, onTestFinished } from 'vitest';
import { acceptFor, clientFrames, closeFrame, serverFrame } from '../testing/server-side.ts';
import { main } from './main.ts';

// Apps are loaded by `require`, which knows TypeScript only where tsx runs the process.
register();

const SOS = 'firmware/apps/sos.ts';
const NONE_REFUSED = Object.fromEntries(
  ['', '.too_big', '.not_utf8', '.not_bytes', '.not_string', '.outbox_full'].map((why) => [`messages_refused${why}`, 0]),
);

async function firmware(...words: string[]) {
  return firmwareWith(undefined, ...words);
}

async function firmwareWith(input: NodeJS.ReadableStream | undefined, ...words: string[]) {
  const said = { out: '', err: '' };
  const exitCode = await main(words, {
    ...(input === undefined ? {} : { input }),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { exitCode, ...said };
}

function scratchFile(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Calls `serve` with each connection and its request head; returns the URL. */
async function listen(serve: (socket: Socket, head: string) => void, host = '127.0.0.1'): Promise<string> {
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('error', () => {});
    socket.once('data', (head: string) => serve(socket, head));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `ws://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/`;
}

function accept(socket: Socket, head: string): void {
  const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(head)?.[1] ?? '';
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(key)}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
}

/** A loopback port where nobody listens. */
async function refusingUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `ws://127.0.0.1:${port}/`;
}

const withoutTimes = (text: string) => text.replace(/waiting \d+\.\ds/, 'waiting _s');

it('--once ends with 0 when the first attempt is refused', async () => {
  const { exitCode, out, err } = await firmware('run', '--app', SOS, '--server', await refusingUrl(), '--once');
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(withoutTimes(out)).toMatch(/^channel: waiting -> tcp\nchannel: tcp -> waiting _s \(refused: .*\)\n$/);
});

it.each([
  ['', 'refused: HTTP 403'],
  ['duplicate_id: this client id is already connected\n', 'refused duplicate: HTTP 403: duplicate_id: this client id is already connected'],
  ['<html>\n<head>', 'refused: HTTP 403: <html>'],
])('--once ends with 0 when the relay turns the client away, and tells what it said: "%s"', async (body, told) => {
  const server = await listen((socket) => socket.end(`HTTP/1.1 403 Forbidden\r\n\r\n${body}`));
  const { exitCode, out } = await firmware('run', '--app', SOS, '--server', server, '--once');
  expect([exitCode, withoutTimes(out).split('\n').slice(1)]).toEqual([
    0,
    ['channel: tcp -> handshake', `channel: handshake -> waiting _s (${told})`, ''],
  ]);
});

it('--once ends with 0 when the first channel has ended, with the state changes on the standard output', async () => {
  const server = await listen((socket, head) => {
    accept(socket, head);
    socket.end(closeFrame(1001, 'bye'), 'latin1');
  });
  const { exitCode, out } = await firmware('run', '--app', 'firmware/apps/button.ts', '--server', server, '--once');
  expect([exitCode, withoutTimes(out)]).toEqual([
    0,
    'channel: waiting -> tcp\nchannel: tcp -> handshake\nchannel: handshake -> open\nchannel: open -> waiting _s (peer closed: 1001 bye)\n',
  ]);
});

it('gives the app the config file, with the server of the command line', async () => {
  const config = scratchFile('config.json', '{"client_id":"board 7","server":"ws://192.168.1.10/","outbox":3}');
  const app = scratchFile(
    'app.ts',
    "import { createChannel } from 'firmware/channel';\n" +
      'export function app(hal, config) { hal.log.line(`outbox ${config.outbox}`); createChannel(hal, config); }\n',
  );
  let request = '';
  const server = await listen((socket, head) => {
    request = head;
    socket.destroy();
  });
  const { exitCode, out } = await firmware('run', '--app', app, '--server', server, '--config', config, '--once');
  expect([exitCode, request.split('\r\n')[0]]).toEqual([0, 'GET /board%207 HTTP/1.1']);
  expect(out).toMatch(/^outbox 3\n/);
});

it('needs no --server when the config has one', async () => {
  const config = scratchFile('config.json', JSON.stringify({ server: await refusingUrl() }));
  const { exitCode, out, err } = await firmware('run', '--app', SOS, '--config', config, '--once');
  expect([exitCode, err]).toEqual([0, '']);
  expect(out).toContain('channel: tcp -> waiting');
});

it('says to the relay what URL and config ask for, follows it elsewhere without the secrets, and shows none of them', async () => {
  const heads: string[] = [];
  const elsewhere = await listen((socket, head) => {
    heads.push(head);
    accept(socket, head);
    socket.end();
  }, '::1');
  const server = await listen((socket, head) => {
    heads.push(head);
    socket.end(`HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 307 Temporary Redirect\r\nLocation: ${elsewhere}b?token=7357\r\n\r\n`);
  });
  const config = scratchFile('config.json', JSON.stringify({ headers: { 'X-Key': '53cr37' }, subprotocol: 'mqtt', redirects: 1 }));
  const url = server.replace('//', '//joe:70k3n@');
  const { exitCode, out, err } = await firmware('run', '--app', SOS, '--server', `${url}a?b=70k3n`, '--config', config, '--once');
  expect([exitCode, err]).toEqual([0, '']);
  const basic = Buffer.from('joe:70k3n').toString('base64');
  expect(heads[0]).toMatch(/^GET \/a\?b=70k3n HTTP\/1\.1\r\n/);
  expect(heads[0]).toContain(`\r\nSec-WebSocket-Protocol: mqtt\r\nAuthorization: Basic ${basic}\r\nX-Key: 53cr37\r\n\r\n`);
  expect(heads[1]).toMatch(/^GET \/b\?token=7357 HTTP\/1\.1\r\nHost: \[::1\]:\d+\r\n/);
  expect(heads[1]).not.toMatch(/Authorization|X-Key/);
  expect(out).toContain(`channel: redirected to ${elsewhere}b\nchannel: handshake -> open\n`);
  expect(out).not.toMatch(/70k3n|53cr37|7357/);
});

it('tells why a redirect leads nowhere, with the place and without its query', async () => {
  const server = await listen((socket) => void socket.end('HTTP/1.0 301 Moved\r\nLocation: /login?next=7357\r\n\r\n'));
  const { out } = await firmware('run', '--app', SOS, '--server', server, '--once');
  expect(out).toMatch(/channel: handshake -> waiting [\d.]+s \(refused: HTTP 301 to \/login\)\n/);
});

it('wants a server when the config has none', async () => {
  const { exitCode, err } = await firmware('run', '--app', SOS, '--config', scratchFile('config.json', '{"outbox":3}'));
  expect([exitCode, err]).toEqual([2, expect.stringMatching(/^--server is missing: expected a URL .*, here or in the config\n$/)]);
});

it('shows what others send without letting it move the cursor', async () => {
  const app = scratchFile(
    'app.ts',
    "import { createChannel } from 'firmware/channel';\n" +
      'export function app(hal, config) { createChannel(hal, config).onMessage((data) => hal.log.line(data)); }\n',
  );
  const server = await listen((socket, head) => {
    accept(socket, head);
    socket.end(serverFrame(1, 'a\x1b[2Jb\nc\xc3\xbc\xc2\x9b'), 'latin1');
  });
  const { out } = await firmware('run', '--app', app, '--server', server, '--once');
  expect(out.split('\n')[3]).toBe('a?[2Jb?cü?');
});

it.each<[string, string[], string[]]>([
  ['no command', [], ['expected a command: ']],
  ['an unknown command', ['rum'], ['unknown command "rum"; the nearest legal command is run']],
  [
    'nothing to run',
    ['run'],
    ['--app is missing: expected a file', '--server is missing: expected a URL such as ws://127.0.0.1:8000/, here or in the config'],
  ],
  [
    'several wrong flags',
    ['run', '--app', 'nope.ts', '--server', 'http://x', '--onec'],
    [
      'unknown flag --onec; the nearest legal flag is --once',
      '--app: no such file: "nope.ts"',
      '--server: scheme: expected ws:// or wss://, as in "ws:',
    ],
  ],
  ['a config that is not there', ['run', '--config', 'no.json'], ['--config: no.json: cannot be read: no such file or directory']],
  ['an app that is a folder', ['run', '--app', 'firmware/apps'], ['--app: not a file: "firmware/apps"']],
  [
    'a module without app',
    ['run', '--app', 'firmware/config.ts', '--server', 'ws://h'],
    ['firmware/config.ts: it has no export called app'],
  ],
])('exits with 2 and says what is wrong: %s', async (_what, words, expected) => {
  const { exitCode, out, err } = await firmware(...words);
  expect([exitCode, out]).toEqual([2, '']);
  for (const text of expected) expect(err).toContain(text);
});

it('names every wrong key of a config', async () => {
  const config = scratchFile('config.json', '{"outbox":-1,"sever":"ws://h"}');
  const { exitCode, err } = await firmware('run', '--config', config);
  expect([exitCode, err.trim().split('\n')]).toEqual([
    2,
    [
      `--config: ${config}: sever: unknown key, did you mean server?`,
      `--config: ${config}: outbox: expected an integer from 0 to 1024, got -1`,
    ],
  ]);
});

it.each([
  ['{"ssl":{"cert_reqs":2}}', 'ssl.ca: expected a file name, since cert_reqs is 2'],
  ['{"ssl":{"cert_reqs":2,"ca":"ca.der"}}', 'ssl.ca: FOLDERca.der: cannot be read: no such file or directory'],
])('exits with 2 when a wss server has no certificates to be judged by: %s', async (text, problem) => {
  const config = scratchFile('config.json', text);
  const { exitCode, err } = await firmware('run', '--app', SOS, '--server', 'wss://127.0.0.1:1/', '--config', config);
  const folder = config.slice(0, -'config.json'.length);
  expect([exitCode, err]).toEqual([2, `--config: ${config}: ${problem.replace('FOLDER', folder)}\n`]);
});

it('says so when the app throws', async () => {
  const app = scratchFile('app.ts', "export function app() { throw new Error('no such pin'); }\n");
  const { exitCode, err } = await firmware('run', '--app', app, '--server', 'ws://127.0.0.1:1/');
  expect([exitCode, err]).toEqual([1, expect.stringMatching(/^The app threw: Error: no such pin\n/)]);
});

it('--help names the commands, and a command its flags', async () => {
  expect(await firmware('--help')).toMatchObject({
    exitCode: 0,
    err: '',
    out: expect.stringContaining('  run    run an app on this computer'),
  });
  expect(await firmware('run', '--help')).toMatchObject({ exitCode: 0, err: '', out: expect.stringContaining('--once') });
});

/** A process that is sent `signal`, twice, as soon as its channel is open. */
async function interrupted(signal: NodeJS.Signals, server: string, ...words: string[]) {
  const line = ['firmware/index.ts', 'run', '--app', 'firmware/apps/button.ts', '--server', server, ...words];
  const child = spawn(process.execPath, ['--import', 'tsx', ...line], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  const processOnSaid = (name: 'out' | 'err') => (bytes: Buffer) => {
    said[name] += bytes;
    if (!String(bytes).includes('-> open')) return;
    child.kill(signal);
    child.kill(signal);
  };
  child.stdout.on('data', processOnSaid('out'));
  child.stderr.on('data', processOnSaid('err'));
  const [exitCode] = await once(child, 'close');
  return { exitCode, ...said };
}

it('Ctrl-C ends it with 130, also when one key press arrives twice: what was sent has arrived, then a close frame with 1001, then nothing', async () => {
  let received = '';
  const server = await listen((socket, head) => {
    accept(socket, head);
    socket.on('data', (bytes: string) => {
      received += bytes;
      if (clientFrames(received).some(({ opcode }) => opcode === 8)) socket.end(closeFrame(1001, ''), 'latin1');
    });
  });
  const { exitCode, out } = await interrupted('SIGINT', server);
  expect(withoutTimes(out)).toContain('channel: open -> waiting _s (peer closed: 1001');
  expect(exitCode).toBe(130);
  expect(clientFrames(received).map(({ payload }) => payload)).toEqual(['led is off', '\x03\xe9']);
});

it('a signal ends it within its deadline when the server does not answer the close frame, and --json tells what was counted', async () => {
  const server = await listen(accept);
  const { exitCode, out, err } = await interrupted('SIGTERM', server, '--json');
  expect([exitCode, JSON.parse(out)]).toEqual([
    130,
    { connects: 1, messages_sent: 1, ...NONE_REFUSED, messages_received: 0, state: 'open', cause: '' },
  ]);
  expect(err).toContain('channel: handshake -> open\n');
});

it('counts what the channel refused as sent and refused, by reason, and the console says so', async () => {
  const received: string[] = [];
  const server = await listen((socket, head) => {
    accept(socket, head);
    socket.on('data', (bytes: string) => {
      received.push(...clientFrames(bytes).map(({ payload }) => payload));
      socket.end(closeFrame(1000, ''), 'latin1');
    });
  });
  const app = scratchFile(
    'umlauts.ts',
    `import { createChannel } from 'firmware/channel';
    import { utf8Encode } from 'firmware/websocket/utf8';
    export function app(hal, config) {
      const channel = createChannel(hal, config);
      channel.onState((state) => {
        if (state === 'open') hal.log.line([channel.send('Küche 21°C'), channel.send(utf8Encode('Küche 21°C'))].join());
      });
    }`,
  );
  const { exitCode, out, err } = await firmware('run', '--app', app, '--server', server, '--once', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ messages_sent: 2, ...NONE_REFUSED, messages_refused: 1, 'messages_refused.not_utf8': 1 });
  expect(err).toContain('channel: message refused (not utf8)\nfalse,true\n');
  expect(received).toEqual(['K\xc3\xbcche 21\xc2\xb0C']);
});

it('--json prints one document, and the console goes to stderr', async () => {
  const { exitCode, out, err } = await firmware('run', '--app', SOS, '--server', await refusingUrl(), '--once', '--json');
  expect([exitCode, JSON.parse(out)]).toEqual([
    0,
    { connects: 0, messages_sent: 0, ...NONE_REFUSED, messages_received: 0, state: 'waiting', cause: 'refused' },
  ]);
  expect(withoutTimes(err)).toContain('channel: tcp -> waiting _s (refused: ');
});

it('boots an app again that restarts its board or sleeps deeply, and tells it why', async () => {
  const app = scratchFile(
    'sleeper.ts',
    `export function app(hal) {
      const reason = hal.system.resetReason();
      hal.log.line('booted: ' + reason);
      if (reason === 'power_on') hal.clock.setTimeout(() => { hal.power.deepSleep(20); hal.log.line('never'); }, 1);
      else if (reason === 'deep_sleep') hal.system.restart('once more');
      else hal.log.event('channel.state', 'waiting', '', 0);
    }`,
  );
  const { exitCode, out } = await firmware('run', '--app', app, '--server', 'ws://127.0.0.1:1/', '--once');
  expect([exitCode, out]).toEqual([0, 'booted: power_on\nbooted: deep_sleep\nrestart: once more\nbooted: restart\n']);
});

/** Ends when the door opens. */
const DOOR = `exports.app = ({ gpio, adc, uart, oneWire, clock, log, storage }) => {
  const openings = Number(storage.read('openings') ?? '0') + 1;
  gpio.write(2, 1);
  gpio.write(2, 1);
  gpio.pwm(25, 0.3, 1000);
  uart.open(1, { tx: 17, rx: 16, baud: 9600 }, (bytes) => uart.write(1, bytes + '!'));
  gpio.pull(14, 'up');
  gpio.watch(14, 'falling', 0, () => {
    storage.write('openings', String(openings));
    log.line('opening ' + openings + ' at ' + Math.round(adc.read(34)) + ' mV, sensors: ' + oneWire.search(4).length);
    log.event('channel.state', 'waiting', '', 0);
  });
};`;

it('--pins tells what the firmware does to its pins, and moves them by lines of the input', async () => {
  const input = new PassThrough();
  input.write('adc 34 1650\nuart 1 "RING"\\r\nair 21.5\npin 99 1\nadc 34 3301\nuart 3 x\nair hot\npn 14 0\n\nhelp\npin 14 0\n');
  const { exitCode, out, err } = await firmwareWith(
    input,
    ...['run', '--app', scratchFile('door.js', DOOR), '--server', 'ws://127.0.0.1:1/', '--once', '--pins'],
  );
  expect([exitCode, out]).toEqual([0, 'opening 1 at 1650 mV, sensors: 1\n']);
  const told = err.split('\n');
  for (const line of [
    'pin 2 is 1',
    'pin 25 has pulses of 1000 Hz, high 30 % of the time',
    'uart 1 sends "\\"RING\\"\\r!"',
    'expected pin PIN 0|1|free (PIN 0 to 39), got "pin 99 1"',
    'expected adc PIN MILLIVOLTS (0 to 3300), got "adc 34 3301"',
    'expected uart PORT TEXT (PORT 1 or 2; \\r and \\n as in JSON), got "uart 3 x"',
    'expected air CELSIUS [HUMIDITY_PERCENT [HECTOPASCAL]], got "air hot"',
    'unknown word "pn"; the nearest is pin, and "help" says what there is',
    'help alone: says this',
  ])
    expect(told.filter((one) => one === line)).toEqual([line]);
});

it('--flash keeps what the firmware writes from run to run, and its place must be a folder', async () => {
  const app = scratchFile('door.js', DOOR);
  const flash = join(app, '..', 'flash');
  const words = ['run', '--app', app, '--server', 'ws://127.0.0.1:1/', '--once', '--pins', '--flash', flash];
  const outs: string[] = [];
  for (let run = 0; run < 2; run++) {
    const input = new PassThrough();
    input.write('pin 14 0\n');
    outs.push((await firmwareWith(input, ...words)).out);
  }
  expect(outs).toEqual(['opening 1 at 0 mV, sensors: 0\n', 'opening 2 at 0 mV, sensors: 0\n']);
  const { exitCode, err } = await firmware(...words, '--flash', app);
  expect([exitCode, err]).toEqual([2, expect.stringContaining('--flash')]);
  expect((await firmware(...words.slice(0, -1), '/proc/flash')).err).toContain('--flash: "/proc/flash" cannot be made: no such file');
  expect((await firmware(...words.slice(0, -1), app)).err).toContain('--flash: expected a folder, which is made when it is not there');
});

it('what the firmware writes is there after a reset of its board, too', async () => {
  const app = scratchFile(
    'writer.js',
    `exports.app = ({ storage, system, log }) => {
      log.line(String(storage.read('note')));
      if (system.resetReason() === 'restart') return log.event('channel.state', 'waiting', '', 0);
      storage.write('note', 'kept');
      system.restart('test');
    };`,
  );
  const { out } = await firmware('run', '--app', app, '--server', 'ws://127.0.0.1:1/', '--once');
  expect(out).toBe('null\nrestart: test\nkept\n');
});
