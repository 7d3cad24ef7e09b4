/**
 * From absences to outages: what happened to the network, as far as absences tell.
 *
 * Most boards that vanish together vanished for one reason, an access point or an uplink. The last of them
 * that was heard then says when it began, and the first that came back when it was over; the others came
 * later because of their backoff, which a replay brings along by itself. A board that vanishes alone leaves
 * only its own silence, too long by the time since it last spoke and by its own backoff.
 *
 * What came back came with a packet that TCP had sent before in vain: of a session that survived, half of the
 * silence ago, since retransmissions come at doubling distances; of a new connection, about 4 s ago. The
 * network was back between the two, and the middle of that time is taken. Boards that come back one by one,
 * half of them 5 seconds and more after the first, were waiting for their backoff: they knew that Wi-Fi was
 * gone, so it was the access point, and the first of them was waiting too.
 */
import type { Absence } from './board-trail.ts';

export interface Outage {
  fromMs: number;
  /** null: it outlasts the recording. */
  toMs: number | null;
  /** When the first of its boards was back; null: none was. */
  firstBackMs: number | null;
  /** 0-based, ascending. */
  boards: number[];
  isAccessPoint: boolean;
}

/** Two of two are a coincidence too easily. */
const MIN_TOGETHER = 3;
/** An uplink or access point concerns at least this share of a relay's boards, or they are told apart. */
const MIN_SHARE = 0.5;
/**
 * Of two boards that vanish together one may have spoken just before and the other this long ago, ms; more
 * than the default ping interval says little.
 */
const MAX_APART_MS = 20_000;
/**
 * The longest default backoff twice over, ms: a board that returns later than this after the first had an
 * outage of its own.
 */
const MAX_RETURN_MS = 120_000;

/**
 * A board that does not know of an outage has a connect under way most of the time, whose SYN lwIP sends
 * again so often, ms.
 */
const SYN_GAP_MS = 4_000;
/** Longer than from one SYN to the next, ms: a board that takes this long was waiting. */
const HESITATION_MS = 5_000;

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
    const shared = together.length >= least ? sharedOutage(together, absences.length) : [];
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

/**
 * Empty when they have no time in common, or a board is among them twice: then they did not vanish together.
 */
function sharedOutage(together: readonly Absent[], boardCount: number): Outage[] {
  const fromMs = Math.max(...together.map((absent) => absent.fromMs));
  const firstMs = Math.min(...together.map((absent) => absent.toMs ?? Number.POSITIVE_INFINITY));
  if (firstMs <= fromMs || new Set(together.map(({ board }) => board)).size < together.length) return [];
  if (firstMs === Number.POSITIVE_INFINITY)
    return [{ fromMs, toMs: null, firstBackMs: null, boards: boardsOf(together), isAccessPoint: false }];
  const isLate = (absent: Absent) => absent.toMs === null || absent.toMs - firstMs > MAX_RETURN_MS;
  const sharing = together.filter((absent) => !isLate(absent));
  const hesitant = sharing.filter(({ toMs }) => toMs !== null && toMs - firstMs >= HESITATION_MS);
  const isAccessPoint = sharing.length === boardCount && hesitant.length * 2 >= boardCount;
  const healed = isAccessPoint ? healedWhileWaitingMs(sharing) : healedMs(sharing);
  const shared = { fromMs, toMs: Math.max(fromMs, healed), firstBackMs: firstMs, boards: boardsOf(sharing), isAccessPoint };
  return [shared, ...together.filter(isLate).map(ownOutage)];
}

function ownOutage(absent: Absent): Outage {
  const toMs = absent.toMs === null ? null : healedMs([absent]);
  return { fromMs: absent.fromMs, toMs, firstBackMs: absent.toMs, boards: [absent.board], isAccessPoint: false };
}

/**
 * When the network was back, from boards that came back: not after the first of them, nor before a
 * retransmission that failed. Boards whose connections are gone try to connect again and again, each by
 * itself: of many that were seen on the wire, the first came one of their mean distances later.
 */
function healedMs(absents: readonly Absent[]): number {
  const latestMs = Math.min(...absents.map(({ toMs }) => toMs ?? Number.POSITIVE_INFINITY));
  // A board that waited out its backoff had no SYN under way, so what survived is the better witness.
  const survivors = absents.filter(({ cause }) => cause === 'silence');
  const isSeen = absents.some(({ failedMs }) => failedMs !== undefined);
  if (isSeen && absents.length > 1 && survivors.length * 2 < absents.length) {
    return Math.max(healedWhileWaitingMs(absents), Math.min(latestMs, lastSeenToFail(absents)));
  }
  const earliestMs = Math.max(lastSeenToFail(absents), ...(survivors.length > 0 ? survivors : absents).map(lastFailureMs));
  return earliestMs < latestMs ? (earliestMs + latestMs) / 2 : latestMs;
}

/**
 * Boards that wait come back evenly spread over some time from then on: on average, the first of them one of
 * their mean distances later.
 */
function healedWhileWaitingMs(absents: readonly Absent[]): number {
  const backMs = absents.flatMap(({ toMs }) => (toMs === null ? [] : [toMs]));
  const firstMs = Math.min(...backMs);
  return firstMs - (Math.max(...backMs) - firstMs) / Math.max(1, backMs.length - 1);
}

function lastSeenToFail(absents: readonly Absent[]): number {
  return Math.max(...absents.map(({ failedMs }) => failedMs ?? Number.NEGATIVE_INFINITY));
}

function lastFailureMs({ fromMs, toMs, cause }: Absent): number {
  if (toMs === null) return fromMs;
  return cause === 'silence' ? (fromMs + toMs) / 2 : Math.max(fromMs, toMs - SYN_GAP_MS);
}

function boardsOf(absents: readonly Absent[]): number[] {
  return absents.map(({ board }) => board).sort((a, b) => a - b);
}
