/**
 * Data frames to messages (RFC 6455 section 5.4): fragments in order, UTF-8 checked per fragment so that bad text fails before its end.
 *
 * Control frames that come between fragments never get here. The size limit is the frame parser's: it is told what is left of it.
 */
import { CLOSE_INVALID_DATA, CLOSE_PROTOCOL_ERROR } from './close.ts';
import { OPCODE_BINARY, OPCODE_CONTINUATION } from './frame.ts';
import type { ReadResult } from './read-result.ts';
import { isUtf8, Utf8Validator } from './utf8.ts';

export class MessageAssembler {
  /** After `done`: the message. */
  payload: string = '';
  binary: boolean = false;
  /** After `bad`. */
  closeCode: number = 0;
  failure: string = '';
  /** Payload bytes of the unfinished message. */
  pendingBytes: number = 0;
  private open: boolean = false;
  private validator: Utf8Validator | null = null;

  add(fin: boolean, opcode: number, payload: string): ReadResult {
    if ((opcode === OPCODE_CONTINUATION) !== this.open) {
      return this.fail(CLOSE_PROTOCOL_ERROR, this.open ? 'new message inside a fragmented one' : 'continuation of nothing');
    }
    if (fin && !this.open) return this.whole(opcode, payload);
    if (!this.open) {
      this.open = true;
      this.payload = '';
      this.binary = opcode === OPCODE_BINARY;
      this.validator = this.binary ? null : new Utf8Validator();
    }
    return this.fragment(fin, payload);
  }

  private whole(opcode: number, payload: string): ReadResult {
    this.binary = opcode === OPCODE_BINARY;
    this.payload = payload;
    return this.binary || isUtf8(payload) ? 'done' : this.fail(CLOSE_INVALID_DATA, 'text is not UTF-8');
  }

  private fragment(fin: boolean, payload: string): ReadResult {
    const validator = this.validator;
    this.payload += payload;
    this.pendingBytes = this.payload.length;
    if (validator !== null && (!validator.push(payload) || (fin && !validator.complete()))) {
      return this.fail(CLOSE_INVALID_DATA, 'text is not UTF-8');
    }
    if (!fin) return 'part';
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
