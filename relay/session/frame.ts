/**
 * Frames from server to client (RFC 6455 section 5.2): never masked, never fragmented, header and payload in
 * one buffer.
 *
 * One buffer, because `ws` writes header and payload apart, and the original MicroPython client corrupts a
 * frame that is split over two reads. One buffer also goes to any number of sockets: a frame must not be
 * changed once it was sent.
 */

export type Opcode = 1 | 2 | 8 | 9 | 10;
export const TEXT: Opcode = 1;
export const BINARY: Opcode = 2;
const CLOSE: Opcode = 8;
export const PING: Opcode = 9;
export const PONG: Opcode = 10;

/** Section 5.5: control frames carry at most 125 bytes, and a close code takes two of them. */
const MAX_REASON_BYTES = 123;

export function encodeFrame(opcode: Opcode, payload: Uint8Array): Buffer {
  const length = payload.length;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = 0x80 | opcode;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  frame.set(payload, headerBytes);
  return frame;
}

/** Size on the wire of a control frame. `masked`: as clients send it. */
export function controlFrameBytes(payload: Uint8Array, masked: boolean): number {
  return 2 + (masked ? 4 : 0) + payload.length;
}

/** @param reason at most 123 bytes of UTF-8; longer ones are a bug of the caller */
export function encodeClose(code: number, reason: string): Buffer {
  const body = Buffer.from(`\0\0${reason}`);
  if (body.length > 2 + MAX_REASON_BYTES) throw new RangeError(`a close reason has at most ${MAX_REASON_BYTES} bytes`);
  body.writeUInt16BE(code, 0);
  return encodeFrame(CLOSE, body);
}
