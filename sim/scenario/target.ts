/**
 * Which boards a step touches: how a scenario writes it (`all`, `20%`, `3`, `board-7`, a list of ids) and
 * which they are in a given world.
 *
 * A share is drawn from a stream of its own. Every board draws one number and the smallest win, so that one
 * board more leaves the others' draws as they were.
 */
import { boardId, boardIndex } from '../kernel/board-id.ts';
import type { Target } from './scenario.ts';
import { MAX_BOARDS } from './settings.ts';

export const TARGET_EXPECTED = 'all, a share above 0% up to 100% (20%), a number of boards (3), an id (board-7) or a list of ids';

const SHARE = /^(\d{1,3}(?:\.\d{1,6})?)%$/;

/** null: not legal. Whether so many boards exist is for `targetProblem` to say. */
export function readTarget(value: unknown): Target | null {
  if (value === undefined || value === 'all') return { kind: 'all' };
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 1 && value <= MAX_BOARDS ? { kind: 'count', count: value } : null;
  if (typeof value === 'string') return readShare(value) ?? readIds([value]);
  return Array.isArray(value) ? readIds(value) : null;
}

export function writeTarget(target: Target): unknown {
  switch (target.kind) {
    case 'all':
      return 'all';
    case 'share':
      return `${percent(target.share)}%`;
    case 'count':
      return target.count;
    case 'ids':
      return target.ids;
  }
}

/** What is wrong with the target in a world of `boardCount` boards, or null. */
export function targetProblem(target: Target, boardCount: number): string | null {
  const known = `the scenario has ${boardId(0)} to ${boardId(boardCount - 1)}`;
  if (target.kind === 'count' && target.count > boardCount) return `${target.count} boards are more than there are: ${known}`;
  const missing = target.kind === 'ids' ? target.ids.find((id) => (boardIndex(id) ?? boardCount) >= boardCount) : undefined;
  return missing === undefined ? null : `no board is called "${missing}": ${known}`;
}

/** 0-based indices, ascending. `random` gives numbers uniform over [0, 1). */
export function pickBoards(target: Target, boardCount: number, random: () => number): number[] {
  const all = Array.from({ length: boardCount }, (_, board) => board);
  switch (target.kind) {
    case 'all':
      return all;
    case 'count':
      return all.slice(0, target.count);
    case 'ids':
      return [...new Set(target.ids.map(boardIndex))].filter((index) => index !== null).sort((a, b) => a - b);
    case 'share': {
      const draws = all.map(random);
      // At least one: a share above nothing that touches nobody would be a step that does nothing.
      const wanted = Math.max(1, Math.round(target.share * boardCount));
      const luckiest = [...all].sort((a, b) => draws[a] - draws[b] || a - b).slice(0, wanted);
      return luckiest.sort((a, b) => a - b);
    }
  }
}

/** In plain words: `20% of the boards`. */
export function describeTarget(target: Target): string {
  switch (target.kind) {
    case 'all':
      return 'all boards';
    case 'share':
      return `${percent(target.share)}% of the boards`;
    case 'count':
      return target.count === 1 ? 'the first board' : `the first ${target.count} boards`;
    case 'ids':
      return target.ids.join(', ');
  }
}

function readShare(value: string): Target | null {
  const share = Number(SHARE.exec(value)?.[1] ?? Number.NaN) / 100;
  return share > 0 && share <= 1 ? { kind: 'share', share } : null;
}

function readIds(values: readonly unknown[]): Target | null {
  const ids = values.filter((value): value is string => typeof value === 'string' && boardIndex(value) !== null);
  return ids.length > 0 && ids.length === values.length && ids.length <= MAX_BOARDS ? { kind: 'ids', ids } : null;
}

/** 0.07 × 100 is 7.000000000000001; six decimals are all that can be written. */
function percent(share: number): number {
  return Math.round(share * 100 * 1e6) / 1e6;
}
