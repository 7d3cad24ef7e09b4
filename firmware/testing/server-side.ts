/**
 * The other end of the wire for tests: server frames, and client frames taken apart again, written without a
 * line of the code under test.
 */
import { createHash } from 'node:crypto';

export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** An unmasked frame. */
export function serverFrame(opcode: number, payload: string, fin = true): string {
  const head = [(fin ? 0x80 : 0) | opcode];
  const length = payload.length;
  if (length < 126) head.push(length);
  else if (length < 65536) head.push(126, length >> 8, length & 255);
  else head.push(127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255);
  return Buffer.from(head).toString('latin1') + payload;
}

export function closeFrame(code: number, reason = ''): string {
  return serverFrame(8, String.fromCharCode(code >> 8, code & 255) + reason);
}

export interface ClientFrame {
  fin: boolean;
  opcode: number;
  key: string;
  payload: string;
}

/** Takes masked frames apart; throws when `bytes` is anything but whole masked frames. */
export function clientFrames(bytes: string): ClientFrame[] {
  const frames: ClientFrame[] = [];
  const wire = Buffer.from(bytes, 'latin1');
  let at = 0;
  while (at < wire.length) {
    const [first, second] = [wire[at], wire[at + 1]];
    if ((second & 0x80) === 0) throw new Error('client frame is not masked');
    let length = second & 127;
    at += 2;
    if (length === 126) {
      length = wire.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(wire.readBigUInt64BE(at));
      at += 8;
    }
    const key = wire.subarray(at, at + 4);
    const masked = wire.subarray(at + 4, at + 4 + length);
    if (masked.length < length) throw new Error('client frame is cut off');
    const payload = masked.map((byte, i) => byte ^ key[i & 3]);
    frames.push({ fin: first > 127, opcode: first & 15, key: key.toString('latin1'), payload: Buffer.from(payload).toString('latin1') });
    at += 4 + length;
  }
  return frames;
}
