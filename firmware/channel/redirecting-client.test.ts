/** Redirects on the scripted HAL: where they lead, what goes there, and which are not followed. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type DeviceConfig } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames } from '../testing/server-side.ts';
import { createChannel } from './channel.ts';

const HOME = 'ws://user:pass@relay:8000/a/b?token=abc';

function start(server = HOME, settings: Partial<DeviceConfig> = {}) {
  const hal = new FakeHal();
  hal.files['board.crt'] = 'CERT';
  hal.files['board.key'] = 'KEY';
  const config: DeviceConfig = {
    ...DEFAULT_CONFIG,
    redirects: 3,
    headers: { 'X-Key': 'secret' },
    subprotocol: 'mqtt',
    backoff: { kind: 'fixed', jitter: 'none', min_ms: 1000, max_ms: 1000 },
    ...settings,
    server,
  };
  const channel = createChannel(hal, config);
  hal.clock.advance(100);
  return { hal, channel };
}

/** The latest connection is answered. */
function redirect(hal: FakeHal, location: string, status = 302): void {
  hal.socket().handlers.onConnect();
  hal.socket().receive(`HTTP/1.1 ${status} Found\r\nLocation: ${location}\r\n\r\n`);
}

/** Where the latest connection goes and what it asks for. */
function request(hal: FakeHal): { address: string; tls: boolean; path: string; secrets: boolean; mqtt: boolean } {
  const socket = hal.socket();
  socket.handlers.onConnect();
  const head = socket.writes.join('');
  const secrets = ['X-Key: secret', 'Authorization: Basic'].map((text) => head.includes(text));
  expect(new Set(secrets).size).toBe(1);
  return {
    address: socket.address,
    tls: socket.tls !== null,
    path: /^GET (\S+) /.exec(head)?.[1] ?? '',
    secrets: secrets[0],
    mqtt: head.includes('Sec-WebSocket-Protocol: mqtt\r\n'),
  };
}

describe('a redirect leads to', () => {
  it.each<[string, string, string, boolean, boolean]>([
    ['ws://relay:8000/c', 'relay:8000', '/c', false, true],
    ['http://relay:8000/c?d=e', 'relay:8000', '/c?d=e', false, true],
    ['HTTP://relay:8000', 'relay:8000', '/', false, true],
    ['/c', 'relay:8000', '/c', false, true],
    ['c?d', 'relay:8000', '/a/c?d', false, true],
    ['?d', 'relay:8000', '/a/b?d', false, true],
    ['/c#fragment', 'relay:8000', '/c', false, true],
    ['ws://other:8000/c', 'other:8000', '/c', false, false],
    ['//other/c', 'other:80', '/c', false, false],
    ['ws://relay:8001/c', 'relay:8001', '/c', false, false],
    ['http://joe:doe@other/c', 'other:80', '/c', false, false],
    ['https://relay/c', 'relay:443', '/c', true, true],
    ['wss://relay:8443/c', 'relay:8443', '/c', true, true],
    ['https://other/c', 'other:443', '/c', true, false],
  ])('%s', (location, address, path, tls, secrets) => {
    const { hal } = start();
    redirect(hal, location);
    expect(request(hal)).toEqual({ address, tls, path, secrets, mqtt: true });
    hal.socket().receive(hal.socket().accepted());
    expect(hal.log.states()).toEqual(['wifi', 'tcp', 'handshake', 'open']);
  });

  it.each([301, 302, 307, 308])('another place for status %i, also one after the other', (status) => {
    const { hal } = start();
    redirect(hal, '/one', status);
    redirect(hal, '/two', status);
    expect(request(hal).path).toBe('/two');
  });

  it('a WebSocket that is as any other: it sends, hears, pings, ends', () => {
    const { hal, channel } = start();
    const heard: string[] = [];
    channel.onMessage((data) => heard.push(data));
    redirect(hal, 'ws://other/');
    hal.socket().open();
    channel.send('hello');
    hal.socket().text('world');
    hal.clock.advance(25_000);
    const frames = clientFrames(hal.socket().writes.slice(1).join(''));
    expect([heard, frames.map(({ opcode }) => opcode)]).toEqual([['world'], [1, 9]]);
    hal.socket().fin();
    expect(hal.log.states().at(-1)).toBe('waiting peer_closed');
  });

  it('its host for this attempt only', () => {
    const { hal } = start();
    redirect(hal, 'ws://other/c');
    hal.socket().fail('refused');
    hal.clock.advance(1000);
    expect(request(hal)).toMatchObject({ address: 'relay:8000', path: '/a/b?token=abc', secrets: true });
  });

  it('back home, where secrets are sent again', () => {
    const { hal } = start();
    redirect(hal, 'ws://other/c');
    redirect(hal, 'ws://relay:8000/d');
    expect(request(hal)).toMatchObject({ address: 'relay:8000', path: '/d', secrets: true });
  });

  it('a log without secrets', () => {
    const { hal } = start();
    redirect(hal, 'http://joe:doe@other/c?token=def');
    hal.socket().fail('refused');
    expect(hal.log.lines.slice(3)).toEqual([
      'channel: redirected to ws://other:80/c',
      'channel: handshake -> waiting 1.0s (refused: refused)',
    ]);
  });

  it('TLS with the files of the config', () => {
    const { hal } = start(HOME, { ssl: { key: 'board.key', cert: 'board.crt', ca: '', cert_reqs: 0 } });
    redirect(hal, 'https://relay/');
    expect(hal.socket().tls).toEqual({ ca: '', cert: 'CERT', key: 'KEY', verify: false });
    hal.socket().failTls('protocol');
    expect(hal.log.lines.at(-1)).toBe('channel: handshake -> waiting 1.0s (tls: no TLS on the other side, or no version in common)');
  });
});

describe('a redirect is not followed', () => {
  const last = (hal: FakeHal) => [hal.log.lines.at(-1), hal.sockets.length];
  const refused = (words: string) => `channel: handshake -> waiting 1.0s (refused: ${words})`;

  it('more often than allowed in one attempt, and as often in the next', () => {
    const { hal } = start();
    for (let i = 0; i < 4; i++) redirect(hal, '/loop');
    expect(last(hal)).toEqual([refused('HTTP 302 to /loop, not followed: 3 were, which is all that "redirects" allows'), 4]);
    hal.clock.advance(1000);
    for (let i = 0; i < 3; i++) redirect(hal, '/loop');
    expect(hal.sockets.length).toBe(8);
  });

  it('at all by default', () => {
    const { hal } = start(HOME, { redirects: 0 });
    redirect(hal, '/c');
    expect(last(hal)).toEqual([refused('HTTP 302 to /c'), 1]);
  });

  it.each(['http://relay:8000/', 'ws://relay/'])('from wss to ws: %s', (location) => {
    const { hal } = start('wss://relay/');
    redirect(hal, location);
    expect(last(hal)).toEqual([refused(`HTTP 302 to ${location}, not followed: from wss to ws`), 1]);
  });

  it('from ws over wss to ws', () => {
    const { hal } = start();
    redirect(hal, 'https://relay/');
    redirect(hal, 'http://relay:8000/');
    expect(last(hal)).toEqual([refused('HTTP 302 to http://relay:8000/, not followed: from wss to ws'), 2]);
  });

  it.each([
    'ftp://relay/',
    'mailto:joe',
    'ws://',
    'http:///c',
    'ws://relay:x/',
    'ws://relay:0/',
    'ws://relay:65536/',
    'ws://re@:lay/',
    '/a b',
    '?\xfc',
  ])('to what is no place: %s', (location) => {
    const { hal } = start();
    redirect(hal, location);
    expect(hal.log.lines.at(-1)).toContain('not followed: not a URL for WebSockets)');
    expect(hal.sockets.length).toBe(1);
  });

  it.each([300, 303, 304, 201, 400])('with status %i', (status) => {
    const { hal } = start();
    redirect(hal, '/c', status);
    expect(last(hal)).toEqual([refused(`HTTP ${status} to /c`), 1]);
  });

  it('without a Location', () => {
    const { hal } = start();
    redirect(hal, '');
    expect(last(hal)).toEqual([refused('HTTP 302'), 1]);
  });

  it('to TLS when a file for it is missing', () => {
    const { hal } = start(HOME, { ssl: { key: 'no.key', cert: 'board.crt', ca: '', cert_reqs: 0 } });
    redirect(hal, 'https://relay/');
    expect(last(hal)).toEqual([refused('HTTP 302 to https://relay/, not followed: no such file on the device: no.key'), 1]);
  });

  it('when Wi-Fi is lost meanwhile: the next attempt begins at home', () => {
    const { hal } = start();
    redirect(hal, 'ws://other/');
    const abandoned = hal.socket();
    hal.wifi.lose('8');
    hal.clock.advance(100);
    expect([abandoned.destroyed, request(hal).address]).toEqual([true, 'relay:8000']);
  });
});
