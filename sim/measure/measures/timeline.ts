/**
 * What one board's channel was doing, as a list of segments that adjoin.
 *
 * Bounded: when the list is full, each two neighbours become one with the state of the longer, so an hour of
 * flapping gets coarser instead of longer, and the number of segments that this cost is told.
 */
import { msFromUs } from '../../kernel/units.ts';
import type { Segment, TimelineState } from '../result.ts';

/** A row of the report is about a thousand pixels wide; 1,000 boards at this bound are some 30 MB. */
export const MAX_SEGMENTS = 500;

interface Entry {
  fromUs: number;
  state: TimelineState;
  cause: string;
}

export class Timeline {
  private entries: Entry[] = [{ fromUs: 0, state: 'off', cause: '' }];
  /** Segments that were merged into a longer neighbour for lack of room. */
  merged = 0;

  enter(atUs: number, state: TimelineState, cause: string): void {
    const last = this.entries[this.entries.length - 1];
    if (last.state === state) return;
    if (last.fromUs === atUs) {
      this.replaceLast(state, last.cause || cause);
      return;
    }
    if (this.entries.length === MAX_SEGMENTS) this.halve(atUs);
    this.entries.push({ fromUs: atUs, state, cause });
  }

  segments(endUs: number): Segment[] {
    const segments = this.entries.map(({ fromUs, state, cause }, index) => ({
      fromMs: msFromUs(fromUs),
      toMs: msFromUs(this.entries[index + 1]?.fromUs ?? endUs),
      state,
      cause,
    }));
    return segments.filter(({ fromMs, toMs }) => toMs > fromMs);
  }

  /** A state that lasted no time leaves only its cause. */
  private replaceLast(state: TimelineState, cause: string): void {
    const last = this.entries[this.entries.length - 1];
    const before = this.entries[this.entries.length - 2];
    if (before?.state === state) {
      this.entries.pop();
      return;
    }
    last.state = state;
    last.cause = cause;
  }

  private halve(nowUs: number): void {
    const { entries } = this;
    const kept: Entry[] = [];
    for (let index = 0; index < entries.length; index += 2) {
      const first = entries[index];
      const second = entries[index + 1];
      const endUs = entries[index + 2]?.fromUs ?? nowUs;
      const longer = second.fromUs - first.fromUs >= endUs - second.fromUs ? first : second;
      kept.push({ ...longer, fromUs: first.fromUs });
    }
    this.merged += entries.length - kept.length;
    this.entries = kept;
  }
}
