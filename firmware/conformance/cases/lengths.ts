/**
 * Lengths and their encodings (RFC 6455 section 5.2): every form, its edges, cut anywhere, longer than need
 * be, and above the client's limit.
 */
import { echoOf, exchangeCase } from '../exchange.ts';
import { BINARY, CONTINUATION, fragments, frame, header, TEXT } from '../frames.ts';
import { binaryOf, eachByte, textOf } from '../payload.ts';
import { LIMIT_BYTES, type ProtocolCase } from '../rig.ts';

const SIZES = [
  0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 124, 125, 126, 127, 128, 129, 255, 256, 257, 1023, 1024, 1440, 4096, 16384, 32767, 32768,
];
const EDGES = [65534, 65535, 65536];
const KINDS = [
  { kind: 'text', opcode: TEXT, payloadOf: textOf },
  { kind: 'binary', opcode: BINARY, payloadOf: binaryOf },
];

const whole = KINDS.flatMap(({ kind, opcode, payloadOf }) =>
  [...SIZES, ...EDGES].map((bytes) =>
    exchangeCase({
      name: `lengths: ${kind} of ${bytes} bytes`,
      writes: [frame(opcode, payloadOf(bytes))],
      replies: [echoOf(opcode, payloadOf(bytes))],
    }),
  ),
);

const byteByByte = KINDS.flatMap(({ kind, opcode, payloadOf }) =>
  [0, 1, 125, 126, 127, 300].map((bytes) =>
    exchangeCase({
      name: `lengths: ${kind} of ${bytes} bytes, byte by byte`,
      writes: eachByte(frame(opcode, payloadOf(bytes))),
      replies: [echoOf(opcode, payloadOf(bytes))],
    }),
  ),
);

/** Within the header, after it, and before the last byte. */
const cut = [
  { bytes: 5, cuts: [1, 2, 3, 6] },
  { bytes: 126, cuts: [1, 2, 3, 4, 5, 129] },
  { bytes: 65536, cuts: [1, 2, 3, 5, 9, 10, 11, 65545] },
].flatMap(({ bytes, cuts }) =>
  cuts.map((at) => {
    const bytesOnWire = frame(BINARY, binaryOf(bytes));
    return exchangeCase({
      name: `lengths: binary of ${bytes} bytes, cut after byte ${at} of its frame`,
      writes: [bytesOnWire.slice(0, at), bytesOnWire.slice(at)],
      replies: [echoOf(BINARY, binaryOf(bytes))],
    });
  }),
);

const inOneSegment = [2, 10, 100].map((count) => {
  const payloads = Array.from({ length: count }, (_, i) => textOf(i * 3));
  return exchangeCase({
    name: `lengths: ${count} messages in one segment`,
    writes: [payloads.map((payload) => frame(TEXT, payload)).join('')],
    replies: payloads.map((payload) => echoOf(TEXT, payload)),
  });
});

const longerThanNeedBe = [
  { lengthBits: 16 as const, sizes: [0, 1, 2, 124, 125] },
  { lengthBits: 64 as const, sizes: [0, 1, 125, 126, 127, 1024, 65535] },
].flatMap(({ lengthBits, sizes }) =>
  KINDS.flatMap(({ kind, opcode, payloadOf }) =>
    sizes.map((bytes) =>
      exchangeCase({
        name: `lengths: ${kind} of ${bytes} bytes whose length takes ${lengthBits} bits`,
        writes: [header(opcode, bytes, { lengthBits }), payloadOf(bytes)],
        failsWith: [1002],
        tolerated: { reason: 'takes a length that is not in its shortest form', replies: [echoOf(opcode, payloadOf(bytes))] },
      }),
    ),
  ),
);

/** The eight bytes of a length that no number of this language has to hold exactly. */
const HUGE: readonly [name: string, bytes: string, codes: number[]][] = [
  ['2^31', '\x00\x00\x00\x00\x80\x00\x00\x00', [1009]],
  ['2^32 - 1', '\x00\x00\x00\x00\xff\xff\xff\xff', [1009]],
  ['2^32', '\x00\x00\x00\x01\x00\x00\x00\x00', [1009]],
  ['2^32 + 5', '\x00\x00\x00\x01\x00\x00\x00\x05', [1009]],
  ['2^53', '\x00\x20\x00\x00\x00\x00\x00\x00', [1009]],
  ['2^63 - 1', '\x7f\xff\xff\xff\xff\xff\xff\xff', [1009]],
  ['2^63, whose first bit must be 0', '\x80\x00\x00\x00\x00\x00\x00\x00', [1002, 1009]],
  ['2^64 - 1, whose first bit must be 0', '\xff\xff\xff\xff\xff\xff\xff\xff', [1002, 1009]],
];

const huge = KINDS.flatMap(({ kind, opcode }) =>
  HUGE.map(([size, bytes, failsWith]) =>
    exchangeCase({
      name: `oversize: header of a ${kind} frame of ${size} bytes`,
      writes: [`${String.fromCharCode(128 + opcode)}\x7f${bytes}`],
      failsWith,
    }),
  ),
);

const half = binaryOf(LIMIT_BYTES / 2);

const above: readonly [name: string, writes: string[], noticedAfter?: number][] = [
  ['header of a text frame one byte above the limit', [header(TEXT, LIMIT_BYTES + 1), textOf(LIMIT_BYTES + 1)], 1],
  ['header of a binary frame one byte above the limit', [header(BINARY, LIMIT_BYTES + 1), binaryOf(LIMIT_BYTES + 1)], 1],
  ['header of a first fragment one byte above the limit', [header(BINARY, LIMIT_BYTES + 1, { fin: false }), binaryOf(LIMIT_BYTES + 1)], 1],
  [
    'header of a second fragment with which the message is above the limit',
    [frame(BINARY, half, { fin: false }), header(CONTINUATION, LIMIT_BYTES / 2 + 1, { fin: false })],
  ],
  [
    'header of a last fragment with which the message is above the limit',
    [frame(TEXT, textOf(LIMIT_BYTES), { fin: false }), header(CONTINUATION, 1)],
  ],
  [
    'many fragments that are above the limit together',
    [frame(BINARY, '', { fin: false }), ...Array(17).fill(frame(CONTINUATION, binaryOf(LIMIT_BYTES / 16), { fin: false }))],
  ],
];

const atTheLimit = [
  exchangeCase({
    name: 'oversize: fragments that come to the limit exactly, twice',
    writes: [...fragments(BINARY, [half, half]), ...fragments(BINARY, [half, '', half])],
    replies: [echoOf(BINARY, half + half), echoOf(BINARY, half + half)],
  }),
  ...above.map(([name, writes, noticedAfter]) => exchangeCase({ name: `oversize: ${name}`, writes, failsWith: [1009], noticedAfter })),
];

export const LENGTH_CASES: readonly ProtocolCase[] = [
  ...whole,
  ...byteByByte,
  ...cut,
  ...inOneSegment,
  ...longerThanNeedBe,
  ...huge,
  ...atTheLimit,
];
