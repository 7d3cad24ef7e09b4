/**
 * Reads along in one direction of a WebSocket connection: the HTTP head, then frames (RFC 6455 section 5.2),
 * of which it keeps no more than control frames carry. It judges nothing and changes nothing; bytes that are
 * no WebSocket simply tell it nothing.
 */

export interface ScannedFrame {
  opcode: number;
  fin: boolean;
  payloadBytes: number;
  frameBytes: number;
  /** Of control frames, unmasked. */
  control: Buffer;
}

export interface ScannerHandlers {
  /** The whole HTTP head, without the blank line; called once. */
  onHead(head: string): void;
  /** The frame's last byte has passed. */
  onFrame(frame: ScannedFrame): void;
}

/** Longest head that is waited for, bytes: what the relay accepts and sends is far shorter. */
const MAX_HEAD_BYTES = 16_384;
const HEAD_END = '\r\n\r\n';
const CONTROL_MAX_BYTES = 125;
const FIRST_CONTROL_OPCODE = 8;

export class FrameScanner {
  private readonly handlers: ScannerHandlers;
  private inHead = true;
  /** Not a WebSocket, or not one that can be read: nothing is told any more. */
  private lost = false;
  /** Bytes that do not make a header yet. */
  private pending = Buffer.alloc(0);
  private frame: ScannedFrame | null = null;
  private mask = Buffer.alloc(0);
  private payloadLeft = 0;

  constructor(handlers: ScannerHandlers) {
    this.handlers = handlers;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (!this.lost && rest.length > 0) {
      if (this.payloadLeft > 0) rest = this.takePayload(rest);
      else rest = this.takeHeader(rest);
    }
  }

  private takeHeader(bytes: Buffer): Buffer {
    this.pending = Buffer.concat([this.pending, bytes]);
    const used = this.inHead ? this.readHead() : this.readHeader();
    if (used === 0) return Buffer.alloc(0);
    const rest = this.pending.subarray(used);
    this.pending = Buffer.alloc(0);
    if (this.frame && this.payloadLeft === 0) this.finish();
    return rest;
  }

  private readHead(): number {
    const end = this.pending.indexOf(HEAD_END);
    if (end < 0) {
      this.lost = this.pending.length > MAX_HEAD_BYTES;
      return 0;
    }
    this.inHead = false;
    this.handlers.onHead(this.pending.toString('latin1', 0, end));
    return end + HEAD_END.length;
  }

  /** @returns the header's bytes, 0 while it is not whole */
  private readHeader(): number {
    const { pending } = this;
    if (pending.length < 2) return 0;
    const short = pending[1] & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = pending[1] & 0x80 ? 4 : 0;
    const headerBytes = 2 + lengthBytes + maskBytes;
    if (pending.length < headerBytes) return 0;
    const payloadBytes = lengthBytes === 0 ? short : lengthBytes === 2 ? pending.readUInt16BE(2) : Number(pending.readBigUInt64BE(2));
    this.mask = Buffer.from(pending.subarray(2 + lengthBytes, headerBytes));
    this.frame = {
      opcode: pending[0] & 0x0f,
      fin: (pending[0] & 0x80) !== 0,
      payloadBytes,
      frameBytes: headerBytes + payloadBytes,
      control: Buffer.alloc(0),
    };
    this.payloadLeft = payloadBytes;
    return headerBytes;
  }

  private takePayload(bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, this.payloadLeft);
    this.payloadLeft -= taken.length;
    const { frame } = this;
    if (frame && frame.opcode >= FIRST_CONTROL_OPCODE && frame.control.length + taken.length <= CONTROL_MAX_BYTES) {
      frame.control = Buffer.concat([frame.control, taken]);
    }
    if (this.payloadLeft === 0) this.finish();
    return bytes.subarray(taken.length);
  }

  private finish(): void {
    const { frame, mask } = this;
    this.frame = null;
    if (!frame) return;
    if (mask.length > 0) for (let at = 0; at < frame.control.length; at++) frame.control[at] ^= mask[at & 3];
    this.handlers.onFrame(frame);
  }
}
