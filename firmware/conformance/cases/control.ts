/** Pings and pongs (RFC 6455 sections 5.5.2 and 5.5.3): every size, in bursts, unasked, between messages. */
import { echoOf, exchangeCase, pongOf } from '../exchange.ts';
import { BINARY, CLOSE, frame, header, PING, PONG, TEXT } from '../frames.ts';
import { binaryOf, eachByte, textOf } from '../payload.ts';
import type { ProtocolCase } from '../rig.ts';

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 100, 123, 124, 125];

const pings = SIZES.map((bytes) =>
  exchangeCase({ name: `pings: of ${bytes} bytes`, writes: [frame(PING, binaryOf(bytes))], replies: [pongOf(binaryOf(bytes))] }),
);

const pongs = [0, 1, 4, 64, 124, 125].map((bytes) =>
  exchangeCase({ name: `pongs: unasked, of ${bytes} bytes`, writes: [frame(PONG, binaryOf(bytes))] }),
);

const texts = ['a', 'b', 'c'];

/**
 * At most 50 pings that are not answered yet: a client may give a server up that sends no end of them; `ws`
 * does at 60.
 */
const BURSTS = [2, 10, 50];

const flows = [
  exchangeCase({ name: 'pings: byte by byte', writes: eachByte(frame(PING, binaryOf(125))), replies: [pongOf(binaryOf(125))] }),
  exchangeCase({
    name: 'pings: of bytes that are no UTF-8',
    writes: [frame(PING, '\xff\xfe\x00\xc0')],
    replies: [pongOf('\xff\xfe\x00\xc0')],
  }),
  ...BURSTS.flatMap((count) => {
    const payloads = Array.from({ length: count }, (_, i) => `ping ${i}`);
    const frames = payloads.map((payload) => frame(PING, payload));
    return [
      exchangeCase({ name: `pings: ${count} in one segment`, writes: [frames.join('')], replies: payloads.map(pongOf) }),
      exchangeCase({ name: `pings: ${count} one after another`, writes: frames, replies: payloads.map(pongOf) }),
    ];
  }),
  exchangeCase({
    name: 'pings: each before a message, in one segment',
    writes: [texts.map((text) => frame(PING, text) + frame(TEXT, text)).join('')],
    replies: texts.flatMap((text) => [pongOf(text), echoOf(TEXT, text)]),
  }),
  exchangeCase({
    name: 'pings: each after a message, in one segment',
    writes: [texts.map((text) => frame(BINARY, text) + frame(PING, text)).join('')],
    replies: texts.flatMap((text) => [echoOf(BINARY, text), pongOf(text)]),
  }),
  exchangeCase({
    name: 'pings: two alike are two',
    writes: [frame(PING, 'same') + frame(PING, 'same')],
    replies: [pongOf('same'), pongOf('same')],
  }),
  exchangeCase({ name: 'pongs: byte by byte', writes: eachByte(frame(PONG, binaryOf(125))) }),
  exchangeCase({ name: 'pongs: 100 unasked', writes: [frame(PONG, 'x').repeat(100)] }),
  exchangeCase({
    name: 'pongs: unasked, then a ping with the same payload',
    writes: [frame(PONG, 'x') + frame(PING, 'x')],
    replies: [pongOf('x')],
  }),
];

const NAMES = { [PING]: 'ping', [PONG]: 'pong', [CLOSE]: 'close frame' };
const CONTROLS = [PING, PONG, CLOSE] as const;

/** A close frame's body begins with a code; of the others any bytes will do. */
const bodyOf = (opcode: number, bytes: number) => (opcode === CLOSE ? `\x03\xe8${textOf(bytes - 2)}` : textOf(bytes));

const tooLong = CONTROLS.flatMap((opcode) =>
  [126, 127, 128, 1000, 65535, 65536].map((bytes) =>
    exchangeCase({
      name: `control frames: ${NAMES[opcode]} of ${bytes} bytes`,
      writes: [header(opcode, bytes), bodyOf(opcode, bytes)],
      failsWith: [1002],
      noticedAfter: 1,
    }),
  ),
);

const longLength = CONTROLS.flatMap((opcode) =>
  ([16, 64] as const).map((lengthBits) =>
    exchangeCase({
      name: `control frames: ${NAMES[opcode]} of 10 bytes whose length takes ${lengthBits} bits`,
      writes: [frame(opcode, bodyOf(opcode, 10), { lengthBits })],
      failsWith: [1002],
    }),
  ),
);

const fragmented = CONTROLS.flatMap((opcode) =>
  [0, 10, 125].map((bytes) =>
    exchangeCase({
      name: `control frames: fragmented ${NAMES[opcode]} of ${bytes} bytes`,
      writes: [frame(opcode, bytes === 0 ? '' : bodyOf(opcode, bytes), { fin: false })],
      failsWith: [1002],
    }),
  ),
);

export const CONTROL_CASES: readonly ProtocolCase[] = [...pings, ...pongs, ...flows, ...tooLong, ...longLength, ...fragmented];
