/**
 * Holds a run against its recording, event by event. Only the first difference counts: all others may follow
 * from it.
 *
 * Lines are compared as text, and as JSON when that differs, so a recording that was reformatted is still the
 * same.
 */
import type { TraceLevel } from '../../kernel/events.ts';
import { parseEvent, type Recording, recordedEvents } from './recording.ts';

export class TraceComparison {
  private readonly recording: Recording;
  private readonly recorded: Generator<{ number: number; text: string }>;
  private number = 1;
  private difference: string | null = null;
  private isExhausted = false;

  constructor(recording: Recording) {
    this.recording = recording;
    this.recorded = recordedEvents(recording);
  }

  /** The level that the run has to be traced at. */
  get level(): TraceLevel {
    return this.recording.header.level;
  }

  /** An event of the run, as it would stand in its own recording. */
  onLine(now: string): void {
    if (this.difference !== null || this.isExhausted) return;
    const { done, value } = this.recorded.next();
    this.number++;
    if (!done) {
      if (!isSameEvent(value.text, now)) this.differ(value.text, now);
      return;
    }
    this.isExhausted = true;
    // One that was cut off says nothing of what came after.
    if (this.recording.hash !== null) this.differ(null, now);
  }

  /** @returns what differs, for a person; null when nothing does */
  finish(hash: string): string | null {
    if (this.difference === null && !this.isExhausted) {
      const { done, value } = this.recorded.next();
      this.number++;
      if (!done) this.differ(value.text, null);
    }
    // Ends the reading of the file, wherever it was.
    this.recorded.return(undefined);
    const { file, header } = this.recording;
    if (this.difference !== null) return this.difference + this.versions();
    if (this.recording.hash === null || this.recording.hash === hash) return null;
    const more = header.level === 'packet' ? '' : ' Record with --trace packet to see where.';
    return (
      `${file}: all ${this.recording.events} recorded events are the same, but trace_hash is not: the difference lies below the recorded level ` +
      `(${header.level}).${more}\n  recorded  ${this.recording.hash}\n  now       ${hash}${this.versions()}`
    );
  }

  private differ(recorded: string | null, now: string | null): void {
    const { t, board } = parseEvent(recorded ?? now ?? '') ?? { t: 0 };
    const where = `at ${t} ms${board === undefined ? '' : ` on ${board}`}`;
    this.difference =
      `${this.recording.file}:${this.number}: the run differs from its recording ${where}:\n` +
      `  recorded  ${recorded ?? 'the end of the run'}\n  now       ${now ?? 'the end of the run'}`;
  }

  private versions(): string {
    const { node } = this.recording.header;
    const isSameMajor = node.split('.', 1)[0] === process.version.split('.', 1)[0];
    return isSameMajor
      ? ''
      : `\n  It was recorded on Node ${node}; this is ${process.version}, and only the same major version promises the same run.`;
  }
}

function isSameEvent(recorded: string, now: string): boolean {
  return recorded === now || JSON.stringify(parseEvent(recorded)) === JSON.stringify(parseEvent(now));
}
