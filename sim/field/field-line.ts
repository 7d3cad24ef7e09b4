/**
 * One line of a relay's recording: a header, or an event. Events that nothing is inferred from, or that a
 * later kit has added, are of no kind.
 */
import { isId } from 'relay/admission/ids';

export interface FieldHeader {
  kind: 'header';
  /** What the wall clock showed, ms since 1970. */
  epochMs: number;
  /** As a scenario file writes it; not checked yet. */
  relay: unknown;
  /** The file before was full; the relay went on. */
  continues: boolean;
}

export type FieldEvent = { kind: 'event'; t: number; board: string } & (
  | { event: 'opened'; continued: boolean }
  | { event: 'refused' }
  | { event: 'closed'; cause: string; code: number }
  | { event: 'pinged' }
  | { event: 'received' }
  | { event: 'heard' }
  | { event: 'ponged'; rttMs: number }
  | { event: 'relay-down' }
  | { event: 'other' }
);

/** The header's `source`, which relay/recorder.ts writes. */
const RELAY = 'relay';
/** The last moment of ECMAScript's calendar, ms since 1970: sums of two such times are still exact. */
const MAX_TIME_MS = 8.64e15;

/** What relay/recorder.ts writes. A run's trace soon has other events. */
const RECORDED: readonly unknown[] = [
  ...[
    'ws.open',
    'ws.refused',
    'ws.close',
    'relay.received',
    'relay.dropped',
    'relay.ping',
    'relay.pong',
    'relay.ping_answered',
    'relay.down',
  ],
];
const MAX_LOOKED_AT = 1_000;

/**
 * Whether a file is a relay's recording: its first line says so, and if that is cut off, or gone, those that
 * are left do.
 */
export function isFieldRecording(lines: Iterable<{ number: number; text: string }>): boolean {
  let events = 0;
  for (const { number, text } of lines) {
    const line = parse(text);
    if (line === null && number === 1) continue;
    if (line === null || events === MAX_LOOKED_AT) break;
    if (readHeader(line) !== null) return true;
    if (!RECORDED.includes(line.event)) return false;
    events++;
  }
  return events > 0;
}

/** null: not a line of a recording. */
export function readFieldLine(text: string): FieldHeader | FieldEvent | null {
  const line = parse(text);
  return line === null ? null : (readHeader(line) ?? readEvent(line));
}

type Line = Record<string, unknown>;

function readHeader(line: Line | null): FieldHeader | null {
  if (line?.format !== 'squall-trace' || line.version !== 1 || line.source !== RELAY) return null;
  const { epoch_ms: epochMs, relay, continues } = line;
  return isTime(epochMs) ? { kind: 'header', epochMs, relay, continues: continues === true } : null;
}

function readEvent({ t, board = '', event, ...fields }: Line): FieldEvent | null {
  if (!isTime(t) || typeof event !== 'string' || typeof board !== 'string' || (board !== '' && !isId(board))) return null;
  const head = { kind: 'event' as const, t, board };
  if (event === 'relay.down') return { ...head, event: 'relay-down' };
  if (board === '') return { ...head, event: 'other' };
  switch (event) {
    case 'ws.open':
      return { ...head, event: 'opened', continued: fields.continued === true };
    case 'ws.refused':
      // With a count: more of what an earlier line has told of, and not at this very time.
      return { ...head, event: fields.count === undefined ? 'refused' : 'other' };
    case 'ws.close':
      return typeof fields.cause === 'string' && typeof fields.code === 'number'
        ? { ...head, event: 'closed', cause: fields.cause, code: fields.code }
        : null;
    case 'relay.ping':
      return { ...head, event: 'pinged' };
    case 'relay.received':
      return { ...head, event: 'received' };
    case 'relay.ping_answered':
      return { ...head, event: 'heard' };
    case 'relay.pong':
      return isTime(fields.rtt_ms) ? { ...head, event: 'ponged', rttMs: fields.rtt_ms } : null;
    default:
      return { ...head, event: 'other' };
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_TIME_MS;
}

function parse(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Line) : null;
  } catch {
    return null;
  }
}
