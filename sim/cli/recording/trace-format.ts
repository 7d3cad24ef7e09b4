/**
 * The format of a recording (`trace.jsonl`): a header, one event a line, and a last line with the hash over
 * everything that happened.
 */
import type { TraceLevel } from '../../kernel/events.ts';

export const TRACE_FORMAT = 'squall-trace';
export const TRACE_VERSION = 1;

export interface TraceHeader {
  format: typeof TRACE_FORMAT;
  version: typeof TRACE_VERSION;
  /** Versions of what made it, for whoever finds that it plays differently now. */
  kit: string;
  node: string;
  level: Exclude<TraceLevel, 'none'>;
  /** The complete scenario, as scenario files write it. */
  scenario: Record<string, unknown>;
}

/** The event of the last line: `{"t":600000,"event":"run.end","trace_hash":"sha256:…"}`. */
export const RUN_END = 'run.end';
