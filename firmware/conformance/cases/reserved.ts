/**
 * Reserved bits and opcodes, and masked frames, none of which a server may send (RFC 6455 sections 5.1 and
 * 5.2) when no extension was agreed on.
 */
import { echoOf, exchangeCase } from '../exchange.ts';
import { BINARY, CLOSE, CONTINUATION, frame, PING, PONG, TEXT } from '../frames.ts';
import type { ProtocolCase } from '../rig.ts';

const KINDS: readonly [name: string, opcode: number, payload: string][] = [
  ['empty text', TEXT, ''],
  ['text', TEXT, 'text'],
  ['binary', BINARY, 'binary'],
  ['ping', PING, 'ping'],
  ['pong', PONG, 'pong'],
  ['close', CLOSE, '\x03\xe8'],
];

/** After a good message in the same segment, which still counts. */
function offence(name: string, bytes: string): ProtocolCase {
  return exchangeCase({ name, writes: [frame(TEXT, 'good') + bytes], replies: [echoOf(TEXT, 'good')], failsWith: [1002] });
}

const bits = [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) =>
  KINDS.map(([kind, opcode, payload]) => offence(`reserved bits: ${rsv} in a ${kind} frame`, frame(opcode, payload, { rsv }))),
);

const bitsInContinuation = [1, 2, 4].map((rsv) =>
  offence(`reserved bits: ${rsv} in a continuation`, frame(TEXT, 'a', { fin: false }) + frame(CONTINUATION, 'b', { rsv })),
);

const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
  offence(`reserved opcodes: ${opcode}, empty`, frame(opcode)),
  offence(`reserved opcodes: ${opcode} with a payload`, frame(opcode, 'payload')),
  offence(`reserved opcodes: ${opcode}, not final`, frame(opcode, 'payload', { fin: false })),
  offence(`reserved opcodes: ${opcode} between fragments`, frame(TEXT, 'a', { fin: false }) + frame(opcode) + frame(CONTINUATION, 'b')),
]);

const masked = KINDS.flatMap(([kind, opcode, payload]) => [
  offence(`masked frames: ${kind}`, frame(opcode, payload, { mask: '\x12\x34\x56\x78' })),
  offence(`masked frames: ${kind}, with a key of zeros`, frame(opcode, payload, { mask: '\0\0\0\0' })),
]);

const maskedContinuation = offence(
  'masked frames: continuation',
  frame(TEXT, 'a', { fin: false }) + frame(CONTINUATION, 'b', { mask: 'abcd' }),
);

export const RESERVED_CASES: readonly ProtocolCase[] = [...bits, ...bitsInContinuation, ...opcodes, ...masked, maskedContinuation];
