/**
 * Frames as a server may write them, wrong ones included, and a client's bytes taken apart without mercy (RFC
 * 6455 section 5).
 *
 * Shares no line with the client it judges.
 */

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const CONTROL_PAYLOAD_MAX_BYTES = 125;

interface FrameOptions {
  fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  rsv?: number;
  /** Four bytes; servers must not mask. */
  mask?: string;
  /** Bits of the length field; the shortest form by default. */
  lengthBits?: 7 | 16 | 64;
}

/** Big-endian. */
function integer(value: number, bytes: number): string {
  let text = '';
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) text = String.fromCharCode(rest % 256) + text;
  return text;
}

/** All of a frame but its payload. */
export function header(opcode: number, payloadBytes: number, options: FrameOptions = {}): string {
  const { fin = true, rsv = 0, mask = '', lengthBits = payloadBytes < 126 ? 7 : payloadBytes < 65536 ? 16 : 64 } = options;
  const masked = mask === '' ? 0 : 128;
  const first = integer((fin ? 128 : 0) + rsv * 16 + opcode, 1);
  if (lengthBits === 7) return first + integer(masked + payloadBytes, 1) + mask;
  return first + integer(masked + (lengthBits === 16 ? 126 : 127), 1) + integer(payloadBytes, lengthBits / 8) + mask;
}

export function frame(opcode: number, payload = '', options: FrameOptions = {}): string {
  const { mask = '' } = options;
  return header(opcode, payload.length, options) + (mask === '' ? payload : unmask(payload, mask));
}

/** @param code anything that fits into two bytes, legal or not */
export function closeFrame(code: number, reason = ''): string {
  return frame(CLOSE, integer(code, 2) + reason);
}

/** A message in one frame for each piece. */
export function fragments(opcode: number, pieces: readonly string[]): string[] {
  return pieces.map((piece, i) => frame(i === 0 ? opcode : CONTINUATION, piece, { fin: i === pieces.length - 1 }));
}

export interface ClientFrame {
  fin: boolean;
  opcode: number;
  maskKey: string;
  payload: string;
}

/**
 * Takes whole frames off `bytes`; throws at anything that a client must not send. What is cut off at the end
 * is not looked at.
 */
export function readClientFrames(bytes: string): ClientFrame[] {
  const frames: ClientFrame[] = [];
  let at = 0;
  for (;;) {
    const length = readLength(bytes, at);
    if (length === null || bytes.length < length.end + 4 + length.payloadBytes) return frames;
    const [first, second] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1)];
    const opcode = first & 15;
    if (second < 128) throw new Error('client frame is not masked');
    if (first & 0x70) throw new Error('client frame has reserved bits set');
    if (!Object.hasOwn(OPCODES, opcode)) throw new Error(`client frame has opcode ${opcode}`);
    if (opcode >= CLOSE && (first < 128 || length.payloadBytes > CONTROL_PAYLOAD_MAX_BYTES)) {
      throw new Error('control frame of the client is fragmented or too long');
    }
    const maskKey = bytes.slice(length.end, length.end + 4);
    const end = length.end + 4 + length.payloadBytes;
    frames.push({ fin: first > 127, opcode, maskKey, payload: unmask(bytes.slice(length.end + 4, end), maskKey) });
    at = end;
  }
}

const OPCODES = { [CONTINUATION]: '', [TEXT]: '', [BINARY]: '', [CLOSE]: '', [PING]: '', [PONG]: '' };

/** The payload's length and where its field ends; null when that much is not there. */
function readLength(bytes: string, at: number): { payloadBytes: number; end: number } | null {
  const short = bytes.charCodeAt(at + 1) & 127;
  const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
  const end = at + 2 + extra;
  if (bytes.length < end) return null;
  if (extra === 0) return { payloadBytes: short, end };
  let payloadBytes = 0;
  for (let i = at + 2; i < end; i++) payloadBytes = payloadBytes * 256 + bytes.charCodeAt(i);
  if (payloadBytes < (extra === 2 ? 126 : 65536)) throw new Error('client frame does not use the shortest form of its length');
  return { payloadBytes, end };
}

/** Its own inverse. */
function unmask(payload: string, key: string): string {
  const pieces: string[] = [];
  for (let i = 0; i < payload.length; i++) pieces.push(String.fromCharCode(payload.charCodeAt(i) ^ key.charCodeAt(i & 3)));
  return pieces.join('');
}
