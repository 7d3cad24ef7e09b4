/**
 * Text is UTF-8 (RFC 6455 section 8.1), wherever it is cut, and bad text fails the connection with 1007.
 *
 * Strictly at its first bad byte, without waiting for the rest of the message or even of the frame: each
 * offence is written up to that byte, then judged.
 */
import { echoOf, exchangeCase } from '../exchange.ts';
import { BINARY, CONTINUATION, fragments, frame, header, PING, TEXT } from '../frames.ts';
import { eachByte } from '../payload.ts';
import type { ProtocolCase } from '../rig.ts';
import { CUT_OFF, INVALID, VALID } from '../utf8-sequences.ts';

/** What a frame still owes when its bad byte is there. */
const REST = 'and so on';

const valid = VALID.flatMap(([name, bytes]) => {
  const replies = [echoOf(TEXT, bytes)];
  return [
    exchangeCase({ name: `UTF-8: ${name}`, writes: [frame(TEXT, bytes)], replies }),
    exchangeCase({ name: `UTF-8: ${name}, byte by byte`, writes: eachByte(frame(TEXT, bytes)), replies }),
    exchangeCase({ name: `UTF-8: ${name}, a fragment for each byte`, writes: [fragments(TEXT, eachByte(bytes)).join('')], replies }),
  ];
});

const invalid = INVALID.flatMap(([name, bytes, at]) => {
  const [upToBad, rest] = [bytes.slice(0, at + 1), bytes.slice(at + 1) + REST];
  return [
    exchangeCase({
      name: `bad UTF-8: ${name}, in a frame that is still arriving`,
      writes: [header(TEXT, upToBad.length + rest.length) + upToBad, rest],
      noticedAfter: 1,
      failsWith: [1007],
    }),
    exchangeCase({
      name: `bad UTF-8: ${name}, in an unfinished message of a fragment for each byte`,
      writes: [
        [...eachByte(upToBad)].map((byte, i) => frame(i === 0 ? TEXT : CONTINUATION, byte, { fin: false })).join(''),
        frame(CONTINUATION, rest),
      ],
      noticedAfter: 1,
      failsWith: [1007],
    }),
  ];
});

const wholeFrames = INVALID.map(([name, bytes]) =>
  exchangeCase({ name: `bad UTF-8: ${name}, in one frame`, writes: [frame(TEXT, bytes)], failsWith: [1007] }),
);

const cutOff = CUT_OFF.flatMap(([name, bytes]) => [
  exchangeCase({ name: `bad UTF-8: a frame that ends after ${name}`, writes: [frame(TEXT, bytes)], failsWith: [1007] }),
  exchangeCase({
    name: `bad UTF-8: fragments that end after ${name}`,
    writes: [frame(TEXT, bytes, { fin: false }), frame(CONTINUATION)],
    failsWith: [1007],
  }),
]);

const besides = [
  exchangeCase({
    name: 'UTF-8: a character in two fragments with a ping that is none between',
    writes: [frame(TEXT, '\xe2', { fin: false }) + frame(PING, '\xff') + frame(CONTINUATION, '\x82\xac')],
    replies: [{ opcode: 10, payload: '\xff' }, echoOf(TEXT, '\xe2\x82\xac')],
  }),
  exchangeCase({
    name: 'UTF-8: bytes that are none, in binary',
    writes: [frame(BINARY, '\xff\xc0\x80'), ...fragments(BINARY, ['\xe2', '\xff'])],
    replies: [echoOf(BINARY, '\xff\xc0\x80'), echoOf(BINARY, '\xe2\xff')],
  }),
  exchangeCase({
    name: 'UTF-8: text right after binary that ends inside a character',
    writes: [...fragments(BINARY, ['a', '\xe2']), frame(TEXT, 'b')],
    replies: [echoOf(BINARY, 'a\xe2'), echoOf(TEXT, 'b')],
  }),
];

export const UTF8_CASES: readonly ProtocolCase[] = [...valid, ...besides, ...invalid, ...wholeFrames, ...cutOff];
