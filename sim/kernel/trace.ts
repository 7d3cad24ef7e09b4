/**
 * The trace: a running SHA-256 over every event and packet of a world, whatever part of it is written to a
 * file.
 *
 * Events are hashed in a compact binary form (32-bit words, strings by character), because a fleet makes
 * millions. Nothing that is random beyond the seed (masking keys, handshake keys) is ever recorded, nor is
 * the wall clock.
 */
import { createHash, type Hash } from 'node:crypto';
import { boardId } from './board-id.ts';
import { byCode, EVENTS, type EventSpec, type TraceLevel, type WorldEvent } from './events.ts';
import { msFromUs } from './units.ts';

/** 256 KiB of words between two calls of the hash. */
const BUFFER_WORDS = 65_536;
/**
 * Longer strings are hashed by their first characters; firmware log lines are the only ones that could be.
 */
const MAX_STRING = 1024;
const RECORD_WORDS = 9 + 2 * (MAX_STRING + 1);
const TWO_POW_32 = 4294967296;

const LEVEL_RANK: Record<TraceLevel, number> = { none: 0, state: 1, message: 2, packet: 3 };

/** The least level that shows each event, by its code. */
const RANKS = byCode((name) => LEVEL_RANK[EVENTS[name].level], LEVEL_RANK.none);

/**
 * An event below message level, of numbers alone: how it is hashed, and the names of its numbers in the trace
 * file.
 */
interface FineEvent {
  code: number;
  name: string;
  fields: readonly string[];
}

const PACKET: FineEvent = { code: 128, name: 'packet', fields: ['up', 'flags', 'seq', 'ack', 'bytes', 'delay_us'] };
const PIN: FineEvent = { code: 129, name: 'pin', fields: ['pin', 'level'] };

export class Trace {
  private readonly hasher: Hash = createHash('sha256');
  private readonly words = new Int32Array(BUFFER_WORDS);
  private readonly double = new Float64Array(1);
  private readonly doubleWords = new Int32Array(this.double.buffer);
  private readonly rank: number;
  private readonly onLine: ((line: string) => void) | null;
  private used = 0;
  private digest = '';

  /**
   * @param level what `onLine` gets; the hash covers everything in any case
   * @param onLine called with one JSON text per event, in order
   */
  constructor(level: TraceLevel = 'none', onLine: ((line: string) => void) | null = null) {
    this.rank = onLine ? LEVEL_RANK[level] : 0;
    this.onLine = onLine;
  }

  record(event: WorldEvent): void {
    const words = this.reserve();
    this.putHead(event.code, event.atUs, event.board);
    words[this.used++] = event.connection;
    this.double[0] = event.value;
    words[this.used++] = this.doubleWords[0];
    words[this.used++] = this.doubleWords[1];
    this.putString(event.subject);
    this.putString(event.detail);
    if (RANKS[event.code] <= this.rank) this.onLine?.(lineOf(event));
  }

  /**
   * One TCP packet was sent. All numbers are integers within 32 bits.
   *
   * @param up 1 from the board to the relay @param delayUs -1 when it was lost
   */
  recordPacket(atUs: number, board: number, up: number, flags: number, seq: number, ack: number, bytes: number, delayUs: number): void {
    this.recordFine(PACKET, atUs, board, up, flags, seq, ack, bytes, delayUs);
  }

  /** An output pin was driven. */
  recordPin(atUs: number, board: number, pin: number, level: number): void {
    this.recordFine(PIN, atUs, board, pin, level, 0, 0, 0, 0);
  }

  /** `sha256:…` of everything recorded; ends the trace. */
  hash(): string {
    if (!this.digest) {
      this.flush();
      this.digest = `sha256:${this.hasher.digest('hex')}`;
    }
    return this.digest;
  }

  private recordFine(
    event: FineEvent,
    atUs: number,
    board: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
  ): void {
    const words = this.reserve();
    this.putHead(event.code, atUs, board);
    const at = this.used;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    words[at + 4] = e;
    words[at + 5] = f;
    this.used = at + 6;
    if (this.rank === LEVEL_RANK.packet) this.onLine?.(fineLineOf(event, atUs, board, [a, b, c, d, e, f]));
  }

  private reserve(): Int32Array {
    if (this.used + RECORD_WORDS > BUFFER_WORDS) this.flush();
    return this.words;
  }

  private putHead(code: number, atUs: number, board: number): void {
    const { words, used } = this;
    const high = Math.floor(atUs / TWO_POW_32); // `%` of doubles is a call
    words[used] = code;
    words[used + 1] = (atUs - high * TWO_POW_32) | 0;
    words[used + 2] = high;
    words[used + 3] = board;
    this.used = used + 4;
  }

  private putString(text: string): void {
    const { words } = this;
    const length = Math.min(text.length, MAX_STRING);
    words[this.used++] = text.length;
    const first = this.used;
    for (let index = 0; index < length; index++) words[first + index] = text.charCodeAt(index);
    this.used = first + length;
  }

  private flush(): void {
    this.hasher.update(new Uint8Array(this.words.buffer, 0, this.used * 4));
    this.used = 0;
  }
}

/** An event as a line of a trace file has it, for programs. */
export interface TraceRecord {
  /** ms */
  t: number;
  /** `board-1`; missing when it is nobody's. */
  board?: string;
  event: string;
  /** What else the event has, by the names in EVENTS. */
  [field: string]: unknown;
}

function headOf(atUs: number, board: number, event: string): TraceRecord {
  const t = msFromUs(atUs);
  return board >= 0 ? { t, board: boardId(board), event } : { t, event };
}

function lineOf(event: WorldEvent): string {
  return JSON.stringify(recordOf(event));
}

export function recordOf(event: WorldEvent): TraceRecord {
  const spec: EventSpec = EVENTS[event.event];
  const line = headOf(event.atUs, event.board, event.event);
  if (event.connection > 0) line.connection = event.connection;
  if (spec.subject) line[spec.subject] = event.subject;
  if (spec.detail && event.detail) line[spec.detail] = event.detail;
  if (spec.value) line[spec.value] = event.value;
  return line;
}

function fineLineOf({ name, fields }: FineEvent, atUs: number, board: number, values: number[]): string {
  const line = headOf(atUs, board, name);
  for (let index = 0; index < fields.length; index++) line[fields[index]] = values[index];
  return JSON.stringify(line);
}
