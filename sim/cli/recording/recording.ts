/**
 * Reads a recording: checks every line once, and gives its events again one by one for the comparison.
 *
 * A file that was cut off (power loss, a full disk, Ctrl-C) is good up to its last whole line. Anything else
 * that is not a recording's is a UsageError with file and line.
 */
import { shown } from 'host/shown';
import { UsageError } from 'host/user-error';
import type { TraceLevel } from '../../kernel/events.ts';
import { readLines } from './read-lines.ts';
import { RUN_END, TRACE_FORMAT, TRACE_VERSION, type TraceHeader } from './trace-format.ts';

export interface Recording {
  file: string;
  header: TraceHeader;
  /** Whole event lines. */
  events: number;
  /** Of the last line; null when the recording was cut off before it. */
  hash: string | null;
}

interface EventLine {
  t: number;
  event: string;
  board?: string;
  trace_hash?: string;
}

export function readRecording(file: string): Recording {
  let header: TraceHeader | null = null;
  let events = 0;
  let hash: string | null = null;
  for (const { number, text, ended } of readLines(file)) {
    if (header === null) {
      header = parseHeader(`${file}:${number}`, text);
      continue;
    }
    if (hash !== null) throw new UsageError(`${file}:${number}: expected nothing after ${RUN_END}`);
    const event = parseEvent(text);
    if (event === null) {
      // The last line may have been cut anywhere; a whole object is whole even without its line feed.
      if (!ended) break;
      throw new UsageError(`${file}:${number}: expected an event such as {"t":1234.567,"event":"ws.open"}, got ${shown(text)}`);
    }
    if (event.event !== RUN_END) events++;
    else if (!/^sha256:[0-9a-f]{64}$/.test(event.trace_hash ?? ''))
      throw new UsageError(`${file}:${number}: ${RUN_END} without a trace_hash (sha256:…)`);
    else hash = event.trace_hash ?? null;
  }
  if (header === null) throw new UsageError(`${file}: the file is empty; expected a recording`);
  return { file, header, events, hash };
}

/** The event lines of a recording that `readRecording` has accepted. */
export function* recordedEvents(recording: Recording): Generator<{ number: number; text: string }> {
  for (const line of readLines(recording.file)) {
    if (line.number === 1) continue;
    if (line.number > recording.events + 1) return;
    yield line;
  }
}

/** null: not one. */
export function parseEvent(text: string): EventLine | null {
  const value = parseJson(text) as Partial<EventLine> | null | undefined;
  return typeof value === 'object' && value !== null && typeof value.t === 'number' && typeof value.event === 'string'
    ? (value as EventLine)
    : null;
}

const LEVELS: readonly TraceLevel[] = ['state', 'message', 'packet'];

function parseHeader(place: string, text: string): TraceHeader {
  const header = parseJson(text) as Partial<TraceHeader> | null | undefined;
  if (typeof header !== 'object' || header === null || header.format !== TRACE_FORMAT) {
    throw new UsageError(
      `${place}: not a recording; expected a first line {"format":"${TRACE_FORMAT}","version":${TRACE_VERSION},…}, got ${shown(text)}`,
    );
  }
  if (header.version !== TRACE_VERSION)
    throw new UsageError(`${place}: version: expected ${TRACE_VERSION}, got ${JSON.stringify(header.version)}`);
  if (!LEVELS.includes(header.level as TraceLevel))
    throw new UsageError(`${place}: level: expected one of ${LEVELS.join(', ')}, got ${JSON.stringify(header.level)}`);
  if (typeof header.scenario !== 'object' || header.scenario === null)
    throw new UsageError(`${place}: scenario: expected the settings that made the recording`);
  // Whoever says nothing of the air wrote before boards shared it.
  const scenario = { air: 'private', ...header.scenario };
  return { ...header, kit: String(header.kit), node: String(header.node), scenario } as TraceHeader;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
