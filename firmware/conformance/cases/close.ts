/**
 * The closing handshake (RFC 6455 sections 5.5.1 and 7): every code and reason, what may follow a close
 * frame, and who ends TCP.
 *
 * Strict: the server's code comes back, the client leaves the end of TCP to the server, and it does not wait
 * for it for ever.
 */
import { echoOf, exchangeCase, judgeReplies, pongOf, verdict } from '../exchange.ts';
import { BINARY, CLOSE, CONTINUATION, closeFrame, frame, header, PING, PONG, TEXT } from '../frames.ts';
import { eachByte, textOf } from '../payload.ts';
import type { ProtocolCase, Rig, Verdict } from '../rig.ts';
import { type Reply, Server } from '../server.ts';
import { CUT_OFF, INVALID, VALID } from '../utf8-sequences.ts';

const REASON_MAX_BYTES = 123;

/** 1012 to 1014 were registered with IANA later: a client may not know them. */
const LEGAL_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3001, 3500, 3999, 4000, 4001, 4500, 4999];
const LATER_CODES = [1012, 1013, 1014];
const ILLEGAL_CODES = [0, 1, 125, 255, 256, 500, 998, 999, 1004, 1005, 1006, 1015, 1016, 1017, 1099, 1100, 1500, 1999, 2000, 2500, 2999];
const ILLEGAL_HIGH_CODES = [5000, 5001, 9999, 10000, 32768, 65534, 65535];

/**
 * The server writes a close frame and the like; the client answers, with `code` if it is strict, and says
 * nothing more.
 */
function closing(name: string, writes: readonly string[], code: number | null, replies: readonly Reply[] = []): ProtocolCase {
  return {
    name,
    run: async (rig: Rig): Promise<Verdict> => {
      const server = await Server.open(rig);
      for (const bytes of writes) server.wire.write(bytes);
      await server.wire.settle();
      const { close, replies: got } = server.answers();
      const late = judgeReplies(replies, got);
      if (close === null) throw new Error('client does not answer the close frame');
      const wanted = code === null ? '' : closeFrame(code).slice(2);
      const fault = close.payload.slice(0, 2) === wanted ? '' : 'answers with another code';
      await server.endTcp();
      return verdict(late, fault);
    },
  };
}

const legal = [...LEGAL_CODES, ...LATER_CODES].flatMap((code) => [
  closing(`closing: code ${code}`, [closeFrame(code)], code),
  closing(`closing: code ${code} with a reason`, [closeFrame(code, 'because')], code),
]);

const illegal = [...ILLEGAL_CODES, ...ILLEGAL_HIGH_CODES].map((code) =>
  exchangeCase({ name: `closing: illegal code ${code}`, writes: [closeFrame(code)], failsWith: [1002] }),
);

const reasons = [
  ...[0, 1, 2, 61, 122, REASON_MAX_BYTES].map((bytes) =>
    closing(`closing: reason of ${bytes} bytes`, [closeFrame(1000, textOf(bytes))], 1000),
  ),
  ...VALID.map(([name, bytes]) => closing(`closing: reason with ${name}`, [closeFrame(1000, bytes)], 1000)),
];

const badReasons = [...INVALID, ...CUT_OFF]
  .filter(([, bytes]) => bytes.length <= REASON_MAX_BYTES)
  .map(([name, bytes]) =>
    exchangeCase({ name: `closing: reason with bad UTF-8, ${name}`, writes: [closeFrame(1000, bytes)], failsWith: [1007, 1002] }),
  );

const bodies = [
  closing('closing: without a body', [frame(CLOSE)], null),
  closing('closing: byte by byte', eachByte(closeFrame(1001, 'going away')), 1001),
  exchangeCase({ name: 'closing: body of one byte', writes: [frame(CLOSE, '\x03')], failsWith: [1002] }),
  exchangeCase({ name: 'closing: body of one byte that is 0', writes: [frame(CLOSE, '\0')], failsWith: [1002] }),
];

const FOLLOWERS: readonly [name: string, bytes: string][] = [
  ['text', frame(TEXT, 'late')],
  ['binary', frame(BINARY, 'late')],
  ['a ping', frame(PING, 'late')],
  ['a pong', frame(PONG, 'late')],
  ['a second close frame', closeFrame(1001)],
  ['a continuation', frame(CONTINUATION, 'late')],
  ['a broken frame', frame(TEXT, 'late', { rsv: 7 })],
  ['bad UTF-8', frame(TEXT, '\xff')],
  ['half a frame', frame(TEXT, 'late').slice(0, 3)],
  ['200 bytes of noise', '\xa5'.repeat(200)],
  ['a header of 2^62 bytes', '\x82\x7f\x40\x00\x00\x00\x00\x00\x00\x00'],
];

const after = FOLLOWERS.flatMap(([name, bytes]) => [
  closing(`closing: ${name} after the close frame, in one segment`, [closeFrame(1000) + bytes], 1000),
  closing(`closing: ${name} after the close frame`, [closeFrame(1000), bytes], 1000),
]);

const before = [
  closing('closing: after a message, in one segment', [frame(TEXT, 'a') + closeFrame(1000)], 1000, [echoOf(TEXT, 'a')]),
  closing('closing: after a ping, in one segment', [frame(PING, 'a') + closeFrame(1000)], 1000, [pongOf('a')]),
  closing('closing: within a message in fragments', [frame(TEXT, 'a', { fin: false }) + closeFrame(1000)], 1000),
  closing('closing: within a character', [frame(TEXT, '\xe2', { fin: false }) + closeFrame(1000)], 1000),
];

/** What has both sides through with each other. */
const FAREWELLS: readonly [name: string, bytes: string][] = [
  ['after a close frame', closeFrame(1000)],
  ['after a close frame without a body', frame(CLOSE)],
  ['after a close frame with a private code', closeFrame(4001, 'replaced')],
  ['after an offence', frame(TEXT, 'x', { rsv: 1 })],
];

/** TCP is the server's to end first, but a server that does not must not hold the client for ever. */
const endOfTcp: ProtocolCase[] = [
  ...FAREWELLS.map(([when, bytes]) => ({
    name: `end of TCP: left to the server ${when}, but not for ever`,
    run: async (rig: Rig): Promise<Verdict> => {
      const server = await Server.open(rig);
      server.wire.write(bytes);
      await server.wire.settle();
      const isEarly = server.wire.ended;
      if (!(await server.clientEnds())) throw new Error('client waits for the server to end TCP without limit');
      return verdict(isEarly ? 'ends TCP before the server' : '');
    },
  })),
  ...[
    ['on an open WebSocket', ''],
    ['within a frame', frame(TEXT, 'abcdef').slice(0, 4)],
    ['within a header', header(BINARY, 70000).slice(0, 5)],
    ['within a message in fragments', frame(TEXT, 'abc', { fin: false })],
  ].map(([where, bytes]) => ({
    name: `end of TCP: by the server ${where}, without a close frame`,
    run: async (rig: Rig): Promise<Verdict> => {
      const server = await Server.open(rig);
      if (bytes !== '') server.wire.write(bytes);
      await server.endTcp();
      return verdict(judgeReplies([], server.answers().replies));
    },
  })),
];

export const CLOSE_CASES: readonly ProtocolCase[] = [
  ...legal,
  ...illegal,
  ...reasons,
  ...badReasons,
  ...bodies,
  ...after,
  ...before,
  ...endOfTcp,
];
