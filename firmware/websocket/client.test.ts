import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeHal, type FakeSocket } from '../testing/fake-hal.ts';
import { type ClientFrame, clientFrames, closeFrame, serverFrame } from '../testing/server-side.ts';
import { CLOSE_TIMEOUT_MS, CONNECT_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS, MESSAGE_MAX_BYTES, WebSocketClient } from './client.ts';

/** A client on a scripted socket; `heard` is everything its handlers were told, in order. */
function connect(readDelayMs = 0) {
  const hal = new FakeHal();
  const heard: unknown[][] = [];
  const client = new WebSocketClient(
    hal,
    { secure: false, host: 'relay', port: 8000, path: '/board', askedProtocol: '', headerLines: '', readDelayMs },
    null,
    {
      webSocketOnTcp: () => heard.push(['tcp']),
      webSocketOnOpen: () => heard.push(['open']),
      webSocketOnMessage: (payload, binary) => heard.push([binary ? 'binary' : 'text', payload]),
      webSocketOnPong: (payload) => heard.push(['pong', payload]),
      webSocketOnDrain: () => heard.push(['drain']),
      webSocketOnEnd: (end) => heard.push(['end', end.kind, end.error === '' ? end.code : end.error]),
    },
  );
  return { hal, client, heard, socket: hal.socket() };
}

function open() {
  const parts = connect();
  parts.socket.open();
  parts.heard.length = 0;
  parts.socket.writes.length = 0;
  return parts;
}

function sent(socket: FakeSocket): ClientFrame[] {
  return clientFrames(socket.writes.join(''));
}
const closeOf = (code: number) => String.fromCharCode(code >> 8, code & 255);

describe('WebSocketClient: opening', () => {
  it('sends the request when TCP is there and opens when the server agrees', () => {
    const { socket, heard } = connect();
    expect(heard).toEqual([]);
    socket.handlers.onConnect();
    expect(socket.writes.join('')).toContain('GET /board HTTP/1.1\r\nHost: relay:8000\r\n');
    for (const byte of socket.accepted()) socket.receive(byte);
    expect(heard).toEqual([['tcp'], ['open']]);
  });

  it('takes frames that come in one chunk with the response', () => {
    const { socket, heard } = connect();
    socket.handlers.onConnect();
    socket.receive(socket.accepted() + serverFrame(1, 'a') + serverFrame(2, 'b'));
    expect(heard).toEqual([['tcp'], ['open'], ['text', 'a'], ['binary', 'b']]);
  });

  it.each([
    ['TCP never connects', CONNECT_TIMEOUT_MS, () => {}],
    ['the handshake is never answered', HANDSHAKE_TIMEOUT_MS, (socket: FakeSocket) => socket.handlers.onConnect()],
  ])('gives up when %s', (_what, limitMs, prepare) => {
    const { hal, socket, heard } = connect();
    prepare(socket);
    hal.clock.advance(limitMs - 1);
    expect(heard.flat()).not.toContain('end');
    hal.clock.advance(1);
    expect(heard.at(-1)).toEqual(['end', 'timeout', 0]);
    expect(socket.destroyed).toBe(true);
  });

  it('is not kept waiting by a server that answers one byte a second', () => {
    const { hal, socket, heard } = connect();
    socket.handlers.onConnect();
    for (const byte of socket.accepted().slice(0, 20)) {
      socket.receive(byte);
      hal.clock.advance(1000);
    }
    expect(heard.at(-1)).toEqual(['end', 'timeout', 0]);
  });

  it.each([
    ['a bad response', 'nonsense\r\n', ['end', 'protocol', 0]],
    ['a refusal', 'HTTP/1.1 403 Forbidden\r\n\r\n', ['end', 'http', 403]],
  ])('ends at once after %s', (_what, response, end) => {
    const { hal, socket, heard } = connect();
    socket.handlers.onConnect();
    socket.receive(response);
    expect(heard.at(-1)).toEqual(end);
    expect(socket.destroyed).toBe(true);
    expect(hal.clock.pending()).toBe(0);
  });
});

describe('WebSocketClient: protocol errors', () => {
  it.each([
    ['reserved bits', '\xd1\x00', 1002],
    ['an unknown opcode', '\x83\x00', 1002],
    ['a masked frame', '\x81\x81abcd\x00', 1002],
    ['a fragmented ping', '\x09\x00', 1002],
    ['a ping of 126 bytes', `\x89\x7e\x00\x7e${'x'.repeat(126)}`, 1002],
    ['a length not in its shortest form', '\x81\x7e\x00\x01a', 1002],
    ['a continuation of nothing', serverFrame(0, 'a'), 1002],
    ['a message inside a message', serverFrame(1, 'a', false) + serverFrame(1, 'b'), 1002],
    ['a close body of one byte', serverFrame(8, 'a'), 1002],
    ['close code 999', closeFrame(999), 1002],
    ['close code 1004', closeFrame(1004), 1002],
    ['close code 1005', closeFrame(1005), 1002],
    ['close code 1006', closeFrame(1006), 1002],
    ['close code 1015', closeFrame(1015), 1002],
    ['close code 2999', closeFrame(2999), 1002],
    ['close code 5000', closeFrame(5000), 1002],
    ['a close reason that is not UTF-8', closeFrame(1000, '\xff'), 1007],
    ['text that is not UTF-8', serverFrame(1, '\xc0\xaf'), 1007],
    ['text that ends inside a character', serverFrame(1, '\xe2\x82'), 1007],
    ['bad text in a first fragment', serverFrame(1, '\xff', false), 1007],
    ['a frame above the limit, by its header alone', '\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x01', 1009],
    ['fragments above the limit together', serverFrame(2, 'x'.repeat(MESSAGE_MAX_BYTES), false) + serverFrame(0, 'y'), 1009],
  ])('answers %s with its close code, ends, and hears nothing more', (_what, bytes, code) => {
    const { hal, socket, heard } = open();
    socket.receive(bytes + serverFrame(1, 'too late'));
    socket.receive(serverFrame(1, 'later still'));
    expect(heard).toEqual([['end', 'protocol', code]]);
    expect(sent(socket)).toMatchObject([{ fin: true, opcode: 8, payload: closeOf(code) }]);
    expect(socket.destroyed).toBe(false);
    hal.clock.advance(CLOSE_TIMEOUT_MS);
    expect(socket.destroyed).toBe(true);
    expect(hal.clock.pending()).toBe(0);
  });

  it.each([0, 10])('does not wait for the rest of a frame whose text is bad already, with a read delay of %i ms', (readDelayMs) => {
    const { hal, socket, heard } = connect(readDelayMs);
    socket.open();
    hal.clock.advance(100);
    socket.writes.length = 0;
    socket.receive(serverFrame(1, `${'x'.repeat(400)}\xff${'x'.repeat(400)}`).slice(0, 403));
    hal.clock.advance(100);
    expect(heard.at(-1)).toEqual(['open']);
    socket.receive('x\xff');
    hal.clock.advance(100);
    expect(heard.at(-1)).toEqual(['end', 'protocol', 1007]);
    expect(sent(socket)).toMatchObject([{ opcode: 8, payload: closeOf(1007) }]);
  });

  it('survives any bytes: one end at most, and a bounded wait after it', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        const { hal, socket, heard } = open();
        for (const chunk of chunks) socket.receive(Buffer.from(chunk).toString('latin1'));
        const ends = heard.filter(([what]) => what === 'end').length;
        expect(ends).toBeLessThanOrEqual(1);
        hal.clock.advance(CLOSE_TIMEOUT_MS);
        expect(socket.destroyed).toBe(ends === 1);
      }),
    );
  });
});

describe('WebSocketClient: messages and control frames', () => {
  it('joins fragments with control frames between them', () => {
    const { socket, heard } = open();
    socket.receive(
      serverFrame(1, 'SO', false) + serverFrame(9, 'p') + serverFrame(0, 'S', false) + serverFrame(10, 'q') + serverFrame(0, '!'),
    );
    expect(heard).toEqual([
      ['pong', 'q'],
      ['text', 'SOS!'],
    ]);
    expect(sent(socket)).toMatchObject([{ opcode: 10, payload: 'p' }]);
  });

  it('accepts a message of exactly the limit, also after one in fragments', () => {
    const { socket, heard } = open();
    const half = 'x'.repeat(MESSAGE_MAX_BYTES / 2);
    socket.receive(serverFrame(2, half, false) + serverFrame(0, half) + serverFrame(2, half + half));
    expect(heard.map(([, payload]) => String(payload).length)).toEqual([MESSAGE_MAX_BYTES, MESSAGE_MAX_BYTES]);
  });

  it('masks every frame with a fresh key', () => {
    const { client, socket } = open();
    for (let i = 0; i < 20; i++) client.send('same', i % 2 === 0);
    const frames = sent(socket);
    expect(new Set(frames.map(({ key }) => key)).size).toBe(20);
    expect(frames[0]).toMatchObject({ fin: true, opcode: 2, payload: 'same' });
    expect(frames[1]).toMatchObject({ fin: true, opcode: 1, payload: 'same' });
  });

  it('owes only the latest pong while the socket is blocked', () => {
    const { client, socket } = open();
    socket.welcome = false;
    client.send('fills it', false);
    expect(client.blocked).toBe(true);
    for (let i = 0; i < 1000; i++) socket.receive(serverFrame(9, `ping ${i}`));
    expect(socket.writes).toHaveLength(1);
    socket.drain();
    expect(sent(socket).slice(1)).toMatchObject([{ opcode: 10, payload: 'ping 999' }]);
  });

  it('says when it takes more', () => {
    const { client, socket, heard } = open();
    socket.welcome = false;
    client.send('a', false);
    expect(client.blocked).toBe(true);
    socket.drain();
    expect([client.blocked, heard]).toEqual([false, [['drain']]]);
  });

  it('reads on after a handler threw', () => {
    const hal = new FakeHal();
    const got: string[] = [];
    const ignore = () => {};
    new WebSocketClient(
      hal,
      { secure: false, host: 'relay', port: 80, path: '/', askedProtocol: '', headerLines: '', readDelayMs: 10 },
      null,
      {
        webSocketOnTcp: ignore,
        webSocketOnOpen: ignore,
        webSocketOnPong: ignore,
        webSocketOnDrain: ignore,
        webSocketOnEnd: ignore,
        webSocketOnMessage: (payload) => {
          got.push(payload);
          if (payload === 'bad') throw new Error('the app broke');
        },
      },
    );
    hal.socket().open();
    hal.clock.advance(1000);
    hal.socket().receive(serverFrame(1, 'bad') + serverFrame(1, 'good'));
    expect(() => hal.clock.advance(1000)).toThrow('the app broke');
    hal.clock.advance(1000);
    expect(got).toEqual(['bad', 'good']);
  });
});

describe('WebSocketClient: closing', () => {
  it.each([
    ['with a code', closeFrame(1001, 'bye'), closeOf(1001), 1001],
    ['with a private code', closeFrame(4001), closeOf(4001), 4001],
    ['without a code', serverFrame(8, ''), '', 1005],
  ])('answers a close %s and leaves TCP to the server', (_what, frame, answer, code) => {
    const { hal, socket, heard } = open();
    socket.receive(frame);
    expect(heard).toEqual([['end', 'close', code]]);
    expect(sent(socket)).toMatchObject([{ opcode: 8, payload: answer }]);
    expect([socket.ended, socket.destroyed]).toEqual([false, false]);
    socket.fin();
    expect(heard).toHaveLength(1);
    expect(hal.clock.pending()).toBe(0);
  });

  it('destroys a socket whose server does not end it', () => {
    const { hal, socket } = open();
    socket.receive(closeFrame(1000));
    hal.clock.advance(CLOSE_TIMEOUT_MS - 1);
    expect(socket.destroyed).toBe(false);
    hal.clock.advance(1);
    expect(socket.destroyed).toBe(true);
  });

  it('reports a FIN and an error of TCP', () => {
    const fin = open();
    fin.socket.fin();
    expect(fin.heard).toEqual([['end', 'fin', 0]]);
    const reset = open();
    reset.socket.fail('reset');
    expect(reset.heard).toEqual([['end', 'net', 'reset']]);
  });

  it('is silent after destroy', () => {
    const { hal, client, socket, heard } = open();
    client.destroy();
    client.destroy();
    socket.handlers.onData(serverFrame(1, 'late'));
    socket.handlers.onDrain();
    socket.handlers.onClose(null);
    hal.clock.advance(60000);
    expect([heard, socket.destroyed, socket.writes]).toEqual([[], true, []]);
  });
});

describe('WebSocketClient: a paced reader', () => {
  it('spends one delay on each line of the handshake', () => {
    const { hal, socket, heard } = connect(500);
    socket.open();
    hal.clock.advance(5 * 500 - 1);
    expect(heard).toEqual([['tcp']]);
    hal.clock.advance(1);
    expect(heard).toEqual([['tcp'], ['open']]);
  });

  it('spends one delay on a header, one on an extended length, one on a payload, none on an empty payload', () => {
    const { hal, socket, heard } = connect(100);
    socket.open();
    hal.clock.advance(500);
    heard.length = 0;
    const messages: [string, number][] = [
      [serverFrame(1, 'a'), 200],
      [serverFrame(1, ''), 100],
      [serverFrame(2, 'x'.repeat(200)), 300],
    ];
    for (const [frame, tookMs] of messages) {
      socket.receive(frame);
      hal.clock.advance(tookMs - 1);
      expect(heard).toHaveLength(0);
      hal.clock.advance(1);
      expect(heard).toHaveLength(1);
      heard.length = 0;
    }
  });

  it('makes pings wait behind messages', () => {
    const { hal, socket } = connect(100);
    socket.open();
    hal.clock.advance(500);
    socket.writes.length = 0;
    socket.receive(serverFrame(1, 'a') + serverFrame(1, 'b') + serverFrame(9, 'p'));
    hal.clock.advance(599);
    expect(socket.writes).toHaveLength(0);
    hal.clock.advance(1);
    expect(sent(socket)).toMatchObject([{ opcode: 10, payload: 'p' }]);
  });

  it('stops the socket while much is waiting, and lets it go when it needs more', () => {
    const { hal, socket, heard } = connect(10);
    socket.open();
    hal.clock.advance(50);
    const big = serverFrame(2, 'x'.repeat(3000));
    socket.receive(big.slice(0, 2000));
    expect(socket.paused).toBe(true);
    hal.clock.advance(100);
    expect(socket.paused).toBe(false);
    socket.receive(big.slice(2000));
    hal.clock.advance(100);
    expect(heard.at(-1)?.[0]).toBe('binary');
  });

  it('reads what came before a FIN, then ends', () => {
    const { hal, socket, heard } = connect(10);
    socket.handlers.onConnect();
    socket.receive('HTTP/1.1 503 Busy\r\nRetry-After: 9\r\n\r\n');
    socket.fin();
    hal.clock.advance(30);
    expect(heard).toEqual([['tcp'], ['end', 'http', 503]]);
    const message = connect(10);
    message.socket.open();
    message.hal.clock.advance(50);
    message.socket.receive(serverFrame(1, 'last') + serverFrame(1, 'x').slice(0, 1));
    message.socket.fin();
    message.hal.clock.advance(20);
    expect(message.heard.slice(-2)).toEqual([
      ['text', 'last'],
      ['end', 'fin', 0],
    ]);
  });
});
