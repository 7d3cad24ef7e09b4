/**
 * Which boards a step touches: how a scenario writes it (`all`, `20%`, `3`, `board-7`, a list of ids, `old`,
 * `20% of old`) and which they are in a given world.
 *
 * A share is drawn from a stream of its own. Every board draws one number and the smallest win, so that one
 * board more leaves the others' draws as they were.
 */
import { shown } from 'host/shown';
import { boardId, boardIndex } from '../kernel/board-id.ts';
import type { FleetGroup, Target } from './scenario.ts';
import { GROUP_NAME, MAX_BOARDS } from './settings.ts';

export const TARGET_EXPECTED =
  'all, a share above 0% up to 100% (20%), a number of boards (3), an id (board-7), a list of ids, or a group of the fleet (old, 20% of old, 3 of old)';

const SHARE = /^(\d{1,3}(?:\.\d{1,6})?)%$/;
const OF_GROUP = new RegExp(`^(?:(\\S+) of )?(${GROUP_NAME})$`);

/** Boards that there are. */
export interface Boards {
  boardCount: number;
  /** Indices of a group's boards, ascending; empty also when there is no such group. */
  membersOf(group: string): readonly number[];
}

/** null: not legal. Whether so many boards exist is for `targetProblem` to say. */
export function readTarget(value: unknown): Target | null {
  if (value === undefined || value === 'all') return { kind: 'all' };
  if (typeof value === 'number') return readCount(value);
  if (typeof value === 'string') return readShare(value) ?? readIds([value]) ?? readOfGroup(value);
  return Array.isArray(value) ? readIds(value) : null;
}

export function writeTarget(target: Target): unknown {
  if (target.kind === 'ids') return target.ids;
  const { of } = target;
  if (target.kind === 'all') return of ?? 'all';
  const some = target.kind === 'share' ? `${percent(target.share)}%` : target.count;
  return of === undefined ? some : `${some} of ${of}`;
}

/** What is wrong with the target in a world of `boardCount` boards and these groups, or null. */
export function targetProblem(target: Target, boardCount: number, groups: readonly FleetGroup[] = []): string | null {
  const known = `the scenario has ${boardId(0)} to ${boardId(boardCount - 1)}`;
  if (target.kind === 'ids') {
    const missing = target.ids.find((id) => (boardIndex(id) ?? boardCount) >= boardCount);
    return missing === undefined ? null : `no board is called "${missing}": ${known}`;
  }
  const { of } = target;
  const group = groups.find(({ name }) => name === of);
  if (of !== undefined && group === undefined) {
    const names = groups.map(({ name }) => name).join(', ');
    return groups.length === 0
      ? `expected ${TARGET_EXPECTED}, got ${shown(of)}; the scenario has no fleet`
      : `no group is called "${of}": the fleet has ${names}`;
  }
  if (target.kind !== 'count' || target.count <= (group?.boards.count ?? boardCount)) return null;
  return `${target.count} boards are more than there are: ${group === undefined ? known : `${of} has ${group.boards.count}`}`;
}

/**
 * 0-based indices, ascending. `random` gives numbers uniform over [0, 1).
 * @param eligible left out: all that the target means; a share is of those, taken from these
 */
export function pickBoards(
  target: Target,
  { boardCount, membersOf }: Boards,
  random: () => number,
  eligible: (board: number) => boolean = () => true,
): number[] {
  if (target.kind === 'ids') {
    const listed = [...new Set(target.ids.map(boardIndex))].filter((index) => index !== null);
    return listed.filter(eligible).sort((a, b) => a - b);
  }
  const everybody = Array.from({ length: boardCount }, (_, board) => board);
  const meant = target.of === undefined ? everybody : membersOf(target.of);
  const candidates = meant.filter(eligible);
  switch (target.kind) {
    case 'all':
      return candidates;
    case 'count':
      return candidates.slice(0, target.count);
    case 'share': {
      // Of everybody, so that groups leave each other's luck alone.
      const draws = everybody.map(random);
      // At least one: a share above nothing that touches nobody would be a step that does nothing.
      const wanted = Math.max(1, Math.round(target.share * meant.length));
      const luckiest = [...candidates].sort((a, b) => draws[a] - draws[b] || a - b).slice(0, wanted);
      return luckiest.sort((a, b) => a - b);
    }
  }
}

/** In plain words: `20% of the boards`. */
export function describeTarget(target: Target): string {
  if (target.kind === 'ids') return target.ids.join(', ');
  const { of } = target;
  switch (target.kind) {
    case 'all':
      return of === undefined ? 'all boards' : `all of ${of}`;
    case 'share':
      return `${percent(target.share)}% of ${of ?? 'the boards'}`;
    case 'count': {
      const first = target.count === 1 ? 'the first board' : `the first ${target.count} boards`;
      return of === undefined ? first : `${first} of ${of}`;
    }
  }
}

function readCount(value: number): Target | null {
  return Number.isInteger(value) && value >= 1 && value <= MAX_BOARDS ? { kind: 'count', count: value } : null;
}

function readShare(value: string): Target | null {
  const share = Number(SHARE.exec(value)?.[1] ?? Number.NaN) / 100;
  return share > 0 && share <= 1 ? { kind: 'share', share } : null;
}

function readIds(values: readonly unknown[]): Target | null {
  const ids = values.filter((value): value is string => typeof value === 'string' && boardIndex(value) !== null);
  return ids.length > 0 && ids.length === values.length && ids.length <= MAX_BOARDS ? { kind: 'ids', ids } : null;
}

function readOfGroup(value: string): Target | null {
  const [, some, of] = OF_GROUP.exec(value) ?? [];
  if (of === undefined) return null;
  const whom: Target | null = some === undefined || some === 'all' ? { kind: 'all' } : (readShare(some) ?? readCount(Number(some)));
  return whom && ({ ...whom, of } as Target);
}

/** 0.07 × 100 is 7.000000000000001; six decimals are all that can be written. */
function percent(share: number): number {
  return Math.round(share * 100 * 1e6) / 1e6;
}
