/**
 * Messages in fragments (RFC 6455 section 5.4): any number, any size, control frames between them, and every
 * order that is wrong.
 */
import { echoOf, exchangeCase, pongOf } from '../exchange.ts';
import { BINARY, CONTINUATION, fragments, frame, PING, PONG, TEXT } from '../frames.ts';
import { binaryOf, eachByte, textOf } from '../payload.ts';
import type { ProtocolCase } from '../rig.ts';

const KINDS = [
  { kind: 'text', opcode: TEXT, payload: textOf(300) },
  { kind: 'binary', opcode: BINARY, payload: binaryOf(300) },
];

function pieces(payload: string, bytes: number): string[] {
  return Array.from({ length: Math.ceil(payload.length / bytes) }, (_, i) => payload.slice(i * bytes, (i + 1) * bytes));
}

const sound = KINDS.flatMap(({ kind, opcode, payload }) => {
  const cut: readonly [name: string, pieces: string[]][] = [
    ['in 2 fragments', pieces(payload, 150)],
    ['in 3 fragments', pieces(payload, 100)],
    ['in fragments of 127 bytes', pieces(payload, 127)],
    ['in fragments of 1 byte', pieces(payload, 1)],
    ['whose first fragment is empty', ['', payload]],
    ['whose last fragment is empty', [payload, '']],
    ['whose middle fragment is empty', [payload.slice(0, 9), '', payload.slice(9)]],
    ['of nothing but empty fragments', ['', '', '', '']],
  ];
  return cut.flatMap(([name, parts]) => [
    exchangeCase({ name: `fragments: ${kind} ${name}`, writes: fragments(opcode, parts), replies: [echoOf(opcode, parts.join(''))] }),
    exchangeCase({
      name: `fragments: ${kind} ${name}, in one segment`,
      writes: [fragments(opcode, parts).join('')],
      replies: [echoOf(opcode, parts.join(''))],
    }),
  ]);
});

const between = KINDS.flatMap(({ kind, opcode }) => {
  const parts = ['one ', 'two ', 'three'];
  const frames = fragments(opcode, parts);
  const [message, bytes] = [parts.join(''), frames.join(frame(PING, 'between'))];
  return [
    exchangeCase({
      name: `fragments: ${kind} with pings between`,
      writes: [bytes],
      replies: [pongOf('between'), pongOf('between'), echoOf(opcode, message)],
    }),
    exchangeCase({
      name: `fragments: ${kind} with pings between, byte by byte`,
      writes: eachByte(bytes),
      replies: [pongOf('between'), pongOf('between'), echoOf(opcode, message)],
    }),
    exchangeCase({
      name: `fragments: ${kind} with empty pings between`,
      writes: [frames.join(frame(PING))],
      replies: [pongOf(''), pongOf(''), echoOf(opcode, message)],
    }),
    exchangeCase({
      name: `fragments: ${kind} with pongs between`,
      writes: [frames.join(frame(PONG, 'x'))],
      replies: [echoOf(opcode, message)],
    }),
    exchangeCase({
      name: `fragments: ${kind} with two pings and a pong between`,
      writes: [frames[0] + frame(PING, 'p') + frame(PONG, 'q') + frame(PING, 'r') + frames[1] + frames[2]],
      replies: [pongOf('p'), pongOf('r'), echoOf(opcode, message)],
    }),
    exchangeCase({
      name: `fragments: ${kind}, then another in one frame, then another in fragments`,
      writes: [frames.join('') + frame(opcode, 'whole') + fragments(opcode, ['c', 'd']).join('')],
      replies: [echoOf(opcode, message), echoOf(opcode, 'whole'), echoOf(opcode, 'cd')],
    }),
  ];
});

const many = [100, 1000].map((count) =>
  exchangeCase({
    name: `fragments: ${count} of one message`,
    writes: [fragments(BINARY, Array(count).fill('ab')).join('')],
    replies: [echoOf(BINARY, 'ab'.repeat(count))],
  }),
);

const OFFENCES: readonly [name: string, bytes: string][] = [
  ['a continuation of nothing', frame(CONTINUATION, 'a')],
  ['an empty continuation of nothing', frame(CONTINUATION)],
  ['a continuation of nothing that is not final', frame(CONTINUATION, 'a', { fin: false })],
  ['an empty continuation of nothing that is not final', frame(CONTINUATION, '', { fin: false })],
  ['a continuation of nothing, then its end', frame(CONTINUATION, 'a', { fin: false }) + frame(CONTINUATION, 'b')],
  ['text within text', frame(TEXT, 'a', { fin: false }) + frame(TEXT, 'b')],
  ['binary within text', frame(TEXT, 'a', { fin: false }) + frame(BINARY, 'b')],
  ['text within binary', frame(BINARY, 'a', { fin: false }) + frame(TEXT, 'b')],
  ['binary within binary', frame(BINARY, 'a', { fin: false }) + frame(BINARY, 'b')],
  ['empty text within text', frame(TEXT, 'a', { fin: false }) + frame(TEXT)],
  ['a first fragment within fragments', frame(TEXT, 'a', { fin: false }) + frame(TEXT, 'b', { fin: false })],
  ['text after empty fragments', frame(TEXT, '', { fin: false }) + frame(CONTINUATION, '', { fin: false }) + frame(TEXT, 'b')],
  ['text within text, after a ping between', frame(TEXT, 'a', { fin: false }) + frame(PONG, 'p') + frame(TEXT, 'b')],
];

const offences = OFFENCES.map(([name, bytes]) => exchangeCase({ name: `fragment order: ${name}`, writes: [bytes], failsWith: [1002] }));

const afterMessages = [
  exchangeCase({
    name: 'fragment order: a continuation after a message in fragments',
    writes: [...fragments(TEXT, ['a', 'b']), frame(CONTINUATION, 'c')],
    replies: [echoOf(TEXT, 'ab')],
    failsWith: [1002],
  }),
  exchangeCase({
    name: 'fragment order: a continuation after a message in one frame',
    writes: [frame(BINARY, 'ab'), frame(CONTINUATION, 'c')],
    replies: [echoOf(BINARY, 'ab')],
    failsWith: [1002],
  }),
];

export const FRAGMENT_CASES: readonly ProtocolCase[] = [...sound, ...between, ...many, ...offences, ...afterMessages];
