/**
 * Data frames to messages (RFC 6455 section 5.4): fragments in order, UTF-8 judged as the bytes arrive, so
 * that bad text fails before its end.
 *
 * Control frames that come between fragments never get here. The size limit is the frame parser's: it is told
 * what is there.
 */
import { CLOSE_INVALID_DATA, CLOSE_PROTOCOL_ERROR } from './close.ts';
import { OPCODE_BINARY, OPCODE_CONTINUATION } from './frame.ts';
import type { ReadResult } from './read-result.ts';
import { isUtf8, Utf8Validator } from './utf8.ts';

const NOT_UTF8 = 'text is not UTF-8';

export class MessageAssembler {
  /** After `done`: the message. */
  payload: string = '';
  binary: boolean = false;
  /** After `bad`. */
  closeCode: number = 0;
  failure: string = '';
  /** Payload bytes of the unfinished message, without those of a frame that is still arriving. */
  pendingBytes: number = 0;
  private open: boolean = false;
  private validator: Utf8Validator | null = null;
  /** Bytes of the arriving frame that were judged already. */
  private arrivedBytes: number = 0;

  /**
   * The next bytes of a frame that is not all there: `part`, or `bad` when it need not be waited for. Its
   * whole payload is still to be added.
   */
  arrive(opcode: number, bytes: string): ReadResult {
    if (this.arrivedBytes === 0 && !this.begin(opcode)) return 'bad';
    this.arrivedBytes += bytes.length;
    return this.isText(bytes) ? 'part' : this.fail(CLOSE_INVALID_DATA, NOT_UTF8);
  }

  add(fin: boolean, opcode: number, payload: string): ReadResult {
    const judged = this.arrivedBytes;
    if (judged === 0) {
      if (fin && !this.open && opcode !== OPCODE_CONTINUATION) return this.whole(opcode, payload);
      if (!this.begin(opcode)) return 'bad';
    }
    this.arrivedBytes = 0;
    this.payload += payload;
    this.pendingBytes = this.payload.length;
    if (!this.isText(judged === 0 ? payload : payload.substring(judged))) return this.fail(CLOSE_INVALID_DATA, NOT_UTF8);
    return fin ? this.finish() : 'part';
  }

  /** A message in one frame that came at once: nearly every one. */
  private whole(opcode: number, payload: string): ReadResult {
    this.binary = opcode === OPCODE_BINARY;
    this.payload = payload;
    return this.binary || isUtf8(payload) ? 'done' : this.fail(CLOSE_INVALID_DATA, NOT_UTF8);
  }

  /** A frame begins: whether it may stand here. The first of a message opens it. */
  private begin(opcode: number): boolean {
    if ((opcode === OPCODE_CONTINUATION) !== this.open) {
      this.fail(CLOSE_PROTOCOL_ERROR, this.open ? 'new message inside a fragmented one' : 'continuation of nothing');
      return false;
    }
    if (!this.open) {
      this.open = true;
      this.payload = '';
      this.binary = opcode === OPCODE_BINARY;
      this.validator = this.binary ? null : new Utf8Validator();
    }
    return true;
  }

  /** Whether `bytes` may come next in this message. */
  private isText(bytes: string): boolean {
    return this.validator === null || this.validator.push(bytes);
  }

  private finish(): ReadResult {
    if (this.validator !== null && !this.validator.complete()) return this.fail(CLOSE_INVALID_DATA, NOT_UTF8);
    this.open = false;
    this.pendingBytes = 0;
    this.validator = null;
    return 'done';
  }

  private fail(closeCode: number, failure: string): ReadResult {
    this.closeCode = closeCode;
    this.failure = failure;
    return 'bad';
  }
}
