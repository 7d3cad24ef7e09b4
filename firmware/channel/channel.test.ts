import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type DeviceConfig } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames, closeFrame, serverFrame } from '../testing/server-side.ts';
import { CONNECT_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS, MESSAGE_MAX_BYTES } from '../websocket/client.ts';
import { createChannel, RETRY_AFTER_MAX_MS, STABLE_OPEN_MS } from './channel.ts';
import { JOIN_TIMEOUT_MS } from './wifi-keeper.ts';

const BACKOFF = { kind: 'exponential', jitter: 'none', min_ms: 1000, max_ms: 60000 } as const;

function start(settings: Partial<DeviceConfig> = {}) {
  const hal = new FakeHal();
  const channel = createChannel(hal, { ...DEFAULT_CONFIG, backoff: BACKOFF, ...settings });
  return { hal, channel };
}

/** Joined, and TCP on its way. */
function startTcp(settings: Partial<DeviceConfig> = {}) {
  const parts = start(settings);
  parts.hal.clock.advance(100);
  return { ...parts, socket: parts.hal.socket() };
}

function startOpen(settings: Partial<DeviceConfig> = {}) {
  const parts = startTcp(settings);
  parts.socket.open();
  parts.socket.writes.length = 0;
  return parts;
}

type Parts = ReturnType<typeof startOpen>;
const http =
  (head: string, body = '') =>
  (parts: Parts) => {
    parts.socket.handlers.onConnect();
    parts.socket.receive(`HTTP/1.1 ${head}\r\n\r\n${body}`);
  };
const receive = (bytes: string) => (parts: Parts) => parts.socket.receive(bytes);

describe('the channel on its way up', () => {
  it('passes wifi, tcp, handshake, open, and starts only after createChannel has returned', () => {
    const { hal, channel } = start();
    const heard: string[] = [];
    channel.onState((state, cause) => heard.push(`${state} ${cause}`.trim()));
    expect([hal.log.events, hal.wifi.joins]).toEqual([[], 0]);
    hal.clock.advance(100);
    hal.socket().open();
    expect(heard).toEqual(['wifi', 'tcp', 'handshake', 'open']);
    expect(hal.log.states()).toEqual(heard);
    expect(channel.state()).toBe('open');
  });

  it('skips the join when the board is already connected', () => {
    const { hal } = start();
    hal.wifi.connected = true;
    hal.clock.advance(0);
    expect(hal.log.states()).toEqual(['tcp']);
  });

  it.each([
    [{ server: 'ws://192.168.1.10:8000/', client_id: 'board 1' }, '192.168.1.10:8000', '/board%201'],
    [{ server: 'ws://relay.local', client_id: 'b' }, 'relay.local:80', '/b'],
    [{ server: 'ws://relay.local/fleet', client_id: 'b' }, 'relay.local:80', '/fleet/b'],
    [{ server: 'ws://relay.local/ESP_client', client_id: '' }, 'relay.local:80', '/ESP_client'],
    [{ server: 'ws://relay.local', client_id: '' }, 'relay.local:80', '/'],
    [{ server: 'ws://relay.local/path?token=abc', client_id: '' }, 'relay.local:80', '/path?token=abc'],
    [{ server: 'ws://relay.local/path?token=abc', client_id: 'board 1' }, 'relay.local:80', '/path/board%201?token=abc'],
    [{ server: 'ws://relay.local?token=abc', client_id: 'b' }, 'relay.local:80', '/b?token=abc'],
    [{ server: 'ws://user:pass@my_relay:81/', client_id: 'b' }, 'my_relay:81', '/b'],
    [{ server: 'ws://[::1]:8000/', client_id: 'b' }, '[::1]:8000', '/b'],
  ])('connects where %o says', (settings, address, path) => {
    const { socket } = startTcp(settings);
    socket.handlers.onConnect();
    expect(socket.address).toBe(address);
    expect(socket.writes.join('')).toContain(`GET ${path} HTTP/1.1\r\n`);
  });

  it.each<[Partial<DeviceConfig>, string]>([
    // RFC 7617 section 2.
    [{ server: 'ws://Aladdin:open%20sesame@relay/' }, 'Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n'],
    [{ server: 'ws://t%C3%BCr:a:b%40@relay/' }, `Authorization: Basic ${Buffer.from('tür:a:b@').toString('base64')}\r\n`],
    [{ server: 'ws://user@relay/' }, `Authorization: Basic ${btoa('user:')}\r\n`],
    [{ headers: { Authorization: 'Bearer abc', 'X-Fleet': '7' } }, 'Authorization: Bearer abc\r\nX-Fleet: 7\r\n'],
    [{ subprotocol: 'mqtt' }, 'Sec-WebSocket-Protocol: mqtt\r\n'],
  ])('says in its request what %j asks for, and nowhere else', (settings, lines) => {
    const { hal, socket } = startTcp(settings);
    socket.handlers.onConnect();
    expect(socket.writes.join('')).toContain(`Sec-WebSocket-Version: 13\r\n${lines}\r\n`);
    socket.receive('HTTP/1.1 401 Unauthorized\r\n\r\n');
    const [, value] = lines.trimEnd().split(/: |\r\n/);
    expect(JSON.stringify([hal.log.lines, hal.log.events])).not.toContain(value);
  });

  it('takes the subprotocol that it asked for, and breaks with a server that speaks another', () => {
    const answer = (protocol: string) => {
      const { hal, socket } = startTcp({ subprotocol: 'mqtt' });
      socket.handlers.onConnect();
      socket.receive(socket.accepted().replace('\r\n\r\n', `\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`));
      return hal.log.states().at(-1);
    };
    expect([answer('mqtt'), answer('amqp')]).toEqual(['open', 'waiting protocol_error']);
  });

  it('opens after interim responses', () => {
    const { hal, socket } = startTcp();
    socket.handlers.onConnect();
    socket.receive('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n');
    socket.receive(socket.accepted());
    expect(hal.log.states().at(-1)).toBe('open');
  });

  it('does not start on a server that it cannot serve, and keeps its secrets', () => {
    expect(() => start({ server: 'http://user:secret@relay.local/' })).toThrow(/^server: not a ws:\/\/ or wss:\/\/ URL$/);
  });
});

describe('the channel in trouble', () => {
  it.each<[string, (parts: Parts) => void, string]>([
    ['an RST answers the SYN', ({ socket }) => socket.fail('refused'), 'refused'],
    ['there is no route', ({ socket }) => socket.fail('unreachable'), 'unreachable'],
    ['the name has no address', ({ socket }) => socket.fail('dns'), 'unreachable'],
    ['the platform has no socket left', ({ socket }) => socket.fail('sockets'), 'unreachable'],
    ['the SYN is swallowed', ({ hal }) => hal.clock.advance(CONNECT_TIMEOUT_MS), 'timeout'],
    ['the platform gives the SYN up first', ({ socket }) => socket.fail('timeout'), 'timeout'],
  ])('waits and tries again when %s', (_what, trouble, cause) => {
    const parts = startTcp();
    trouble(parts);
    expect(parts.hal.log.states()).toEqual(['wifi', 'tcp', `waiting ${cause}`]);
    parts.hal.clock.advance(1000);
    expect(parts.hal.log.states().slice(3)).toEqual(['tcp']);
    expect(parts.hal.sockets).toHaveLength(2);
  });

  it.each<[string, (parts: Parts) => void, string]>([
    [
      'the server is silent after TCP',
      ({ hal, socket }) => {
        socket.handlers.onConnect();
        hal.clock.advance(HANDSHAKE_TIMEOUT_MS);
      },
      'timeout',
    ],
    ['the id is taken', http('403 Forbidden', 'duplicate_id: this client id is already connected\n'), 'refused_duplicate'],
    ['another server says so in its words', http('409 Conflict', 'Client already connected'), 'refused_duplicate'],
    ['the server says 403 to everything', http('403 Forbidden'), 'refused'],
    ['the server says 403 for a reason of its own', http('403 Forbidden', '<html>403 Forbidden</html>'), 'refused'],
    ['the relay is busy', http('503 Service Unavailable'), 'refused'],
    [
      'the server speaks HTTP/1.0',
      ({ socket }) => {
        socket.handlers.onConnect();
        socket.receive('HTTP/1.0 400 Bad Request\r\n\r\n');
      },
      'refused',
    ],
    ['the answer is another protocol', http('101 Switching Protocols'), 'protocol_error'],
    [
      'the server ends TCP instead of answering',
      ({ socket }) => {
        socket.handlers.onConnect();
        socket.fin();
      },
      'peer_closed',
    ],
  ])('waits and tries again when %s', (_what, trouble, cause) => {
    const parts = startTcp();
    trouble(parts);
    expect(parts.hal.log.states()).toEqual(['wifi', 'tcp', 'handshake', `waiting ${cause}`]);
    parts.hal.clock.advance(1000);
    expect(parts.hal.log.states().slice(4)).toEqual(['tcp']);
  });

  it.each<[string, (parts: Parts) => void, string]>([
    ['the server sends FIN', ({ socket }) => socket.fin(), 'peer_closed'],
    ['the server sends RST', ({ socket }) => socket.fail('reset'), 'reset'],
    ['TCP gives up', ({ socket }) => socket.fail('timeout'), 'reset'],
    ['nothing is heard any more', ({ hal }) => hal.clock.advance(35000), 'board_ping_timeout'],
    ['the relay goes away', receive(closeFrame(1001)), 'peer_closed'],
    ['another board takes the id over', receive(closeFrame(4001, 'takeover')), 'peer_closed'],
    ['the relay missed a pong', receive(closeFrame(1011, 'ping timeout')), 'ping_timeout'],
    ['an uvicorn relay missed a pong', receive(closeFrame(1011, 'keepalive ping timeout')), 'ping_timeout'],
    ['the relay has an error of its own', receive(closeFrame(1011, 'out of order')), 'peer_closed'],
    ['the relay says that we broke the protocol', receive(closeFrame(1002)), 'protocol_error'],
    ['a message is too big', receive('\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x01'), 'protocol_error'],
    ['text is not UTF-8', receive(serverFrame(1, '\xff')), 'protocol_error'],
  ])('waits and connects anew when %s', (_what, trouble, cause) => {
    const parts = startOpen();
    trouble(parts);
    expect(parts.hal.log.states()).toEqual(['wifi', 'tcp', 'handshake', 'open', `waiting ${cause}`]);
    parts.hal.clock.advance(1000);
    parts.hal.socket().open();
    expect(parts.hal.log.states().slice(5)).toEqual(['tcp', 'handshake', 'open']);
    expect(parts.socket.destroyed).toBe(true);
  });

  it.each<[string, (parts: Parts) => void]>([
    ['the platform says so', ({ hal }) => hal.wifi.lose('200')],
    ['only the socket says so', ({ socket }) => socket.fail('aborted')],
    [
      'the socket hears of it first',
      ({ hal, socket }) => {
        hal.wifi.connected = false;
        socket.fail('reset');
        hal.wifi.lose('200');
      },
    ],
  ])('joins again at once when Wi-Fi is lost and %s', (_what, trouble) => {
    const parts = startOpen();
    trouble(parts);
    expect(parts.hal.log.states().slice(4)).toEqual(['wifi wifi_lost']);
    expect(parts.socket.destroyed).toBe(true);
    parts.hal.clock.advance(100);
    parts.hal.socket().open();
    expect(parts.hal.log.states().slice(5)).toEqual(['tcp', 'handshake', 'open']);
  });

  it('ends an attempt when Wi-Fi is lost under it', () => {
    const { hal, socket } = startTcp();
    hal.wifi.lose('8');
    expect(hal.log.states()).toEqual(['wifi', 'tcp', 'wifi wifi_lost']);
    expect(socket.destroyed).toBe(true);
  });

  it('waits when all joins fail, ever longer, and does not hold it against the relay', () => {
    const { hal } = start();
    hal.wifi.outcome = '201';
    hal.clock.advance(700 + 1000 + 700 + 2000 + 700);
    expect(hal.log.named('channel.state').map(({ subject, value }) => `${subject} ${value}`)).toEqual([
      ...['wifi 0', 'waiting 1000', 'wifi 0', 'waiting 2000', 'wifi 0', 'waiting 4000'],
    ]);
    expect(hal.log.states()[1]).toBe('waiting unreachable');
    hal.wifi.outcome = null;
    hal.clock.advance(4000 + 100);
    hal.socket().fail('refused');
    expect(hal.log.named('channel.state').at(-1)).toMatchObject({ subject: 'waiting', value: 1000 });
  });

  it('gets over a platform that never answers a join', () => {
    const { hal } = start();
    hal.wifi.outcome = undefined;
    hal.clock.advance(3 * JOIN_TIMEOUT_MS + 2 * 200);
    expect(hal.log.states()).toEqual(['wifi', 'waiting unreachable']);
  });

  it('never has two sockets, not even while one still ends politely', () => {
    const { hal, socket } = startOpen();
    socket.receive(closeFrame(1001));
    expect(socket.destroyed).toBe(false);
    hal.clock.advance(1000);
    expect([socket.destroyed, hal.sockets.length]).toEqual([true, 2]);
  });

  it.each([
    ['404 Not Found', 'HTTP 404'],
    ['301 Moved Permanently\r\nLocation: https://relay.example/b?token=abc', 'HTTP 301 to https://relay.example/b'],
    [`302 Found\r\nLocation: /${'a'.repeat(200)}`, `HTTP 302 to /${'a'.repeat(127)}`],
    ['503 Busy\r\nRetry-After: Sun, 22 Nov 2026 00:00:00 GMT', 'HTTP 503, Retry-After is a date and the clock is not set'],
  ])('says of the answer %j: %s', (head, words) => {
    const parts = startTcp();
    http(head)(parts);
    expect(parts.hal.log.lines.at(-1)).toBe(`channel: handshake -> waiting 1.0s (refused: ${words})`);
  });

  it('names the bound that a message passed, also when its fragments did', () => {
    for (const bytes of [
      '\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x01',
      serverFrame(2, 'x'.repeat(MESSAGE_MAX_BYTES), false) + serverFrame(0, 'y'),
    ]) {
      const { hal, socket } = startOpen();
      socket.receive(bytes);
      expect(hal.log.lines.at(-1)).toBe('channel: open -> waiting 1.0s (protocol error: 1009 message above 65536 bytes)');
    }
  });

  it('writes one line per change, with the wait and the cause, and no line breaks of the peer', () => {
    const { hal, socket } = startOpen();
    socket.receive(closeFrame(1011, 'ping timeout\n\x1b[31m'));
    expect(hal.log.lines).toEqual([
      'channel: waiting -> wifi',
      'channel: wifi -> tcp',
      'channel: tcp -> handshake',
      'channel: handshake -> open',
      'channel: open -> waiting 1.0s (ping timeout: 1011 ping timeout??[31m)',
    ]);
  });
});

describe('the backoff of the channel', () => {
  /** Opens the next attempt, lets it live for `openMs`, ends it, and returns the wait that follows. */
  function waitAfter({ hal }: Pick<Parts, 'hal'>, openMs: number): number {
    hal.socket().open();
    for (let ms = 0; ms < openMs; ms += 1000) {
      hal.clock.advance(Math.min(1000, openMs - ms));
      hal.socket().text('still here');
    }
    hal.socket().fin();
    const { value } = hal.log.named('channel.state').at(-1) ?? { value: -1 };
    hal.clock.advance(value);
    return value;
  }

  it('grows against a relay that accepts and closes at once, and starts over once a channel was stable', () => {
    const parts = startTcp();
    expect([0, 0, STABLE_OPEN_MS - 1, 0].map((openMs) => waitAfter(parts, openMs))).toEqual([1000, 2000, 4000, 8000]);
    expect([STABLE_OPEN_MS, 0].map((openMs) => waitAfter(parts, openMs))).toEqual([1000, 2000]);
  });

  it.each([
    ['17', 17000 + 1000],
    ['100000', RETRY_AFTER_MAX_MS + 1000],
    ['99999999999999999999999999', RETRY_AFTER_MAX_MS + 1000],
    ['soon', 1000],
    ['-5', 1000],
    ['Sun, 22 Nov 2026 00:00:00 GMT\r\nDate: Sat, 21 Nov 2026 23:59:30 GMT', 30000 + 1000],
    ['Sun, 22 Nov 2026 00:00:00 GMT\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT', RETRY_AFTER_MAX_MS + 1000],
    ['Sun, 22 Nov 2026 00:00:00 GMT\r\nDate: Sun, 22 Nov 2026 00:00:01 GMT', 1000],
  ])('puts the backoff on top of Retry-After: %s', (value, waitMs) => {
    const parts = startTcp();
    http(`503 Busy\r\nRetry-After: ${value}`)(parts);
    expect(parts.hal.log.named('channel.state').at(-1)).toMatchObject({ subject: 'waiting', detail: 'refused', value: waitMs });
    parts.hal.clock.advance(waitMs - 1);
    expect(parts.hal.sockets).toHaveLength(1);
    parts.hal.clock.advance(1);
    expect(parts.hal.sockets).toHaveLength(2);
  });
});

describe('a Retry-After that is a date', () => {
  const NOW = Date.UTC(2026, 10, 21, 23, 59, 0);
  const waitAt = (epochMs: number, head: string) => {
    const parts = startTcp();
    parts.hal.epochMs = epochMs;
    http(`503 Busy\r\nRetry-After: Sun, 22 Nov 2026 00:00:00 GMT${head}`)(parts);
    return parts.hal.log.named('channel.state').at(-1)?.value;
  };

  it("counts from the board's clock when the server does not tell its own", () => {
    expect(waitAt(NOW, '')).toBe(60000 + 1000);
    expect(waitAt(NOW, '\r\nDate: now')).toBe(60000 + 1000);
  });

  it("counts from the server's clock when it does, whatever the board's says", () => {
    expect(waitAt(NOW, '\r\nDate: Sat, 21 Nov 2026 23:59:50 GMT')).toBe(10000 + 1000);
    expect(waitAt(0, '\r\nDate: Sat, 21 Nov 2026 23:59:50 GMT')).toBe(10000 + 1000);
  });

  it('is unknown to a board that woke up in 1970 or 2000', () => {
    expect([waitAt(0, ''), waitAt(Date.UTC(2000, 0, 1), '')]).toEqual([1000, 1000]);
  });
});

describe('Wi-Fi that is joined but leads nowhere', () => {
  const rejoining = (rejoin_after: number) => startTcp({ wifi: { ...DEFAULT_CONFIG.wifi, rejoin_after } });
  /** Ends the attempt that is under way, and waits for the next. */
  function fail({ hal }: Pick<Parts, 'hal'>, how: (socket: Parts['socket']) => void): void {
    how(hal.socket());
    hal.clock.advance(hal.log.named('channel.state').at(-1)?.value ?? 0);
    hal.clock.advance(100);
  }

  it('is left and joined anew after so many connects that nobody answered, and again after as many', () => {
    const parts = rejoining(3);
    const joins = () => parts.hal.wifi.joins;
    const counts = Array.from({ length: 7 }, () => {
      fail(parts, (socket) => socket.fail('timeout'));
      return joins();
    });
    expect(counts).toEqual([1, 1, 2, 2, 2, 3, 3]);
    expect(parts.hal.log.lines).toContain('channel: no answer to 3 connects, joining Wi-Fi anew');
  });

  it('waits for its backoff before, and connects at once after', () => {
    const { hal } = rejoining(1);
    hal.socket().fail('timeout');
    hal.clock.advance(999);
    expect(hal.wifi.joins).toBe(1);
    hal.clock.advance(1 + 100);
    expect([hal.wifi.joins, hal.sockets.length]).toEqual([2, 2]);
    expect(hal.log.states()).toEqual(['wifi', 'tcp', 'waiting timeout', 'wifi', 'tcp']);
  });

  it('shows in names that nobody knows and routes that are not there, too', () => {
    const parts = rejoining(2);
    fail(parts, (socket) => socket.fail('dns'));
    fail(parts, (socket) => socket.fail('unreachable'));
    expect(parts.hal.wifi.joins).toBe(2);
  });

  it.each<[string, (parts: Pick<Parts, 'hal'>) => void]>([
    ['an RST', ({ hal }) => hal.socket().fail('refused')],
    [
      'a relay that accepts and says nothing',
      ({ hal }) => {
        hal.socket().handlers.onConnect();
        hal.clock.advance(HANDSHAKE_TIMEOUT_MS);
      },
    ],
    [
      'a refusal',
      ({ hal }) => {
        hal.socket().handlers.onConnect();
        hal.socket().receive('HTTP/1.1 503 Busy\r\n\r\n');
      },
    ],
    [
      'an open channel',
      ({ hal }) => {
        hal.socket().open();
        hal.socket().fin();
      },
    ],
  ])('is not assumed after %s: the count begins anew', (_what, answer) => {
    const parts = rejoining(2);
    fail(parts, (socket) => socket.fail('timeout'));
    fail(parts, () => answer(parts));
    fail(parts, (socket) => socket.fail('timeout'));
    expect(parts.hal.wifi.joins).toBe(1);
    fail(parts, (socket) => socket.fail('timeout'));
    expect(parts.hal.wifi.joins).toBe(2);
  });

  it('is never left with 0', () => {
    const parts = rejoining(0);
    for (let i = 0; i < 50; i++) fail(parts, (socket) => socket.fail('timeout'));
    expect(parts.hal.wifi.joins).toBe(1);
  });

  it('is looked for with the backoff when it cannot be joined any more', () => {
    const parts = rejoining(1);
    parts.hal.wifi.outcome = '201';
    parts.hal.socket().fail('timeout');
    parts.hal.clock.advance(60_000);
    expect(parts.hal.log.states().slice(3, 6)).toEqual(['wifi', 'waiting unreachable', 'wifi']);
    expect(parts.hal.sockets.length).toBe(1);
  });
});

describe('the keepalive of the channel', () => {
  it('pings an idle relay, and logs the pong with its round trip', () => {
    const { hal, socket } = startOpen();
    hal.clock.advance(25000);
    const [ping] = clientFrames(socket.writes.join(''));
    expect(ping.opcode).toBe(9);
    expect(hal.log.named('ping.sent')).toMatchObject([{ value: socket.writes[0].length }]);
    hal.clock.advance(40);
    socket.receive(serverFrame(10, ping.payload));
    expect(hal.log.named('pong.received')).toMatchObject([{ value: 40 }]);
    hal.clock.advance(20000);
    expect(hal.log.states().at(-1)).toBe('open');
  });

  it('leaves a dead link at interval plus timeout, without a word to it', () => {
    const { hal, socket } = startOpen();
    hal.clock.advance(34999);
    expect(hal.log.states().at(-1)).toBe('open');
    hal.clock.advance(1);
    expect(hal.log.states().at(-1)).toBe('waiting board_ping_timeout');
    expect(socket.destroyed).toBe(true);
    expect(clientFrames(socket.writes.join('')).map(({ opcode }) => opcode)).toEqual([9]);
  });

  it('counts any byte as a sign of life, a ping of the relay too', () => {
    const { hal, socket } = startOpen();
    for (let i = 0; i < 10; i++) {
      hal.clock.advance(20000);
      socket.receive(serverFrame(9, 'p'));
    }
    expect(hal.log.named('ping.sent')).toEqual([]);
    expect(hal.log.states().at(-1)).toBe('open');
  });

  it('can be switched off', () => {
    const { hal } = startOpen({ keepalive: { ping_interval_ms: 0, ping_timeout_ms: 10000 } });
    hal.clock.advance(1e7);
    expect(hal.log.states().at(-1)).toBe('open');
  });
});

describe('messages', () => {
  const events = (hal: FakeHal) =>
    hal.log.events
      .filter(({ name }) => name.startsWith('message.'))
      .map(({ name, subject, detail, value }) => [name, subject, detail, value]);

  it('leave at once while open', () => {
    const { hal, channel, socket } = startOpen();
    expect([channel.send('SOS!'), channel.send('\x00\xff', true)]).toEqual([true, true]);
    expect(clientFrames(socket.writes.join(''))).toMatchObject([
      { opcode: 1, payload: 'SOS!' },
      { opcode: 2, payload: '\x00\xff' },
    ]);
    expect(events(hal)).toEqual([
      ['message.sent', 'text', '', 4],
      ['message.written', '', '', 4],
      ['message.sent', 'binary', '', 2],
      ['message.written', '', '', 2],
    ]);
  });

  it('wait in the outbox until the channel is open, in order; beyond its bound the newest is refused', () => {
    const { hal, channel, socket } = startTcp({ outbox: 2 });
    expect([channel.send('one'), channel.send('two', true), channel.send('three!')]).toEqual([true, true, false]);
    socket.open();
    expect(clientFrames(socket.writes.slice(1).join('')).map(({ opcode, payload }) => [opcode, payload])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect(events(hal)).toEqual([
      ['message.sent', 'text', '', 3],
      ['message.sent', 'binary', '', 3],
      ['message.dropped', '', 'outbox_full', 6],
      ['message.written', '', '', 3],
      ['message.written', '', '', 3],
    ]);
  });

  it('wait for the socket when it is blocked, and keep their order', () => {
    const { channel, socket } = startOpen();
    socket.welcome = false;
    for (const message of ['a', 'b', 'c']) expect(channel.send(message)).toBe(true);
    expect(socket.writes).toHaveLength(1);
    socket.drain();
    channel.send('d');
    expect(clientFrames(socket.writes.join('')).map(({ payload }) => payload)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('outlive a reconnect unless a socket has taken them', () => {
    const { hal, channel, socket } = startOpen();
    socket.welcome = false;
    channel.send('taken');
    channel.send('kept');
    socket.fail('reset');
    hal.clock.advance(1000);
    hal.socket().open();
    expect(clientFrames(hal.socket().writes.slice(1).join('')).map(({ payload }) => payload)).toEqual(['kept']);
  });

  it('wait for the next socket when a paced reader still reads what came before a FIN', () => {
    const { hal, channel, socket } = startTcp({ socket_delay_ms: 10 });
    socket.open();
    hal.clock.advance(50);
    socket.writes.length = 0;
    socket.receive(serverFrame(1, 'last words'));
    socket.fin();
    expect(channel.send('too late for this one')).toBe(true);
    expect(socket.writes).toEqual([]);
    hal.clock.advance(1020);
    hal.socket().open();
    hal.clock.advance(50);
    expect(clientFrames(hal.socket().writes.slice(1).join('')).map(({ payload }) => payload)).toEqual(['too late for this one']);
  });

  it.each([
    ['too_big', 'x'.repeat(MESSAGE_MAX_BYTES + 1), false],
    ['not_utf8', '\xff', false],
    ['not_utf8', '\u2603', false],
    ['not_bytes', '\u2603', true],
    ['not_string', 21.5 as unknown as string, false],
    ['not_string', null as unknown as string, true],
  ])('are refused when %s', (why, data, binary) => {
    const { hal, channel, socket } = startOpen();
    expect(channel.send(data, binary)).toBe(false);
    expect(events(hal)).toEqual([['message.dropped', '', why, data?.length ?? 0]]);
    expect(socket.writes).toEqual([]);
  });

  it('that are refused are told on the console, once for several alike', () => {
    const { hal, channel } = startOpen();
    const before = hal.log.lines.length;
    for (const text of ['K\xfcche', '21\xb0C', 'ok', 'K\xfcche', 'x'.repeat(MESSAGE_MAX_BYTES + 1)]) channel.send(text);
    expect(hal.log.lines.slice(before)).toEqual([
      'channel: message refused (not utf8)',
      'channel: message refused (not utf8)',
      'channel: message refused (too big)',
    ]);
  });

  it('reach the app, as text or binary', () => {
    const { hal, channel, socket } = startOpen();
    const got: [string, boolean][] = [];
    socket.text('nobody listens yet');
    channel.onMessage((data, binary) => got.push([data, binary]));
    socket.receive(serverFrame(1, 'caf\xc3\xa9') + serverFrame(2, '\xff'));
    expect(got).toEqual([
      ['caf\xc3\xa9', false],
      ['\xff', true],
    ]);
    expect(events(hal).slice(1)).toEqual([
      ['message.received', 'text', '', 5],
      ['message.received', 'binary', '', 1],
    ]);
  });

  it('are refused without an event once the firmware is to stop; those accepted still leave', () => {
    const { hal, channel, socket } = startTcp();
    channel.send('last');
    hal.stop();
    expect(channel.send('too late')).toBe(false);
    socket.open();
    expect(events(hal).map(([name]) => name)).toEqual(['message.sent', 'message.written']);
  });

  it('sent from the state handler follow those that waited', () => {
    const { channel, socket } = startTcp();
    channel.send('waited');
    channel.onState((state) => {
      if (state === 'open') channel.send('hello');
    });
    socket.open();
    expect(clientFrames(socket.writes.slice(1).join('')).map(({ payload }) => payload)).toEqual(['waited', 'hello']);
  });
});
