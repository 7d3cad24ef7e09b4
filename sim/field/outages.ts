/**
 * From absences to outages: what happened to the network, as far as absences tell.
 *
 * Most boards that vanish together vanished for one reason, an access point or an uplink. The last of them that was heard then says when it began, and the first that
 * came back when it was over; the others came later because of their backoff, which a replay brings along by itself. A board that vanishes alone leaves only
 * its own silence, too long by the time since it last spoke and by its own backoff.
 */
import type { Absence } from './board-trail.ts';

export interface Outage {
  fromMs: number;
  /** null: it outlasts the recording. */
  toMs: number | null;
  /** 0-based, ascending. */
  boards: number[];
}

/** Two of two are a coincidence too easily. */
const MIN_TOGETHER = 3;
/** An uplink or access point concerns at least this share of a relay's boards, or they are told apart. */
const MIN_SHARE = 0.5;
/** Of two boards that vanish together one may have spoken just before and the other this long ago, ms; more than the default ping interval says little. */
const MAX_APART_MS = 20_000;
/** The longest default backoff twice over, ms: a board that returns later than this after the first had an outage of its own. */
const MAX_RETURN_MS = 120_000;

interface Absent extends Absence {
  board: number;
}

/** @param pingIntervalMs of the relay: how far apart a board is heard at least; 0 = never sure */
export function outagesOf(absences: readonly (readonly Absence[])[], pingIntervalMs: number): Outage[] {
  const apartMs = pingIntervalMs > 0 ? Math.min(pingIntervalMs, MAX_APART_MS) : MAX_APART_MS;
  const least = Math.max(MIN_TOGETHER, absences.length * MIN_SHARE);
  const sorted = absences.flatMap((list, board) => list.map((absence): Absent => ({ ...absence, board })));
  sorted.sort((a, b) => a.fromMs - b.fromMs || a.board - b.board);
  const outages: Outage[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end].fromMs - sorted[start].fromMs <= apartMs) end++;
    const together = sorted.slice(start, end);
    const shared = together.length >= least ? sharedOutage(together) : [];
    if (shared.length > 0) {
      outages.push(...shared);
      start = end;
    } else {
      outages.push(ownOutage(sorted[start]));
      start++;
    }
  }
  return outages;
}

/** Empty when they have no time in common, or a board is among them twice: then they did not vanish together. */
function sharedOutage(together: readonly Absent[]): Outage[] {
  const fromMs = Math.max(...together.map((absent) => absent.fromMs));
  const toMs = Math.min(...together.map((absent) => absent.toMs ?? Number.POSITIVE_INFINITY));
  if (toMs <= fromMs || new Set(together.map(({ board }) => board)).size < together.length) return [];
  if (toMs === Number.POSITIVE_INFINITY) return [{ fromMs, toMs: null, boards: boardsOf(together) }];
  const isLate = (absent: Absent) => absent.toMs === null || absent.toMs - toMs > MAX_RETURN_MS;
  const own = together.filter(isLate).map(ownOutage);
  return [{ fromMs, toMs, boards: boardsOf(together.filter((absent) => !isLate(absent))) }, ...own];
}

function ownOutage({ fromMs, toMs, board }: Absent): Outage {
  return { fromMs, toMs, boards: [board] };
}

function boardsOf(absents: readonly Absent[]): number[] {
  return absents.map(({ board }) => board).sort((a, b) => a - b);
}
