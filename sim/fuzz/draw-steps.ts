/**
 * Random steps of a scenario. Each case draws which kinds of fault it has at all, so that some see only one
 * kind, and that one often.
 *
 * Not drawn: `expect`, which asks for what a scenario's author knows, where this looks for what must hold
 * whatever happens.
 */
import { formatDuration, MINUTE_MS } from 'host/units';
import { boardId } from '../kernel/board-id.ts';
import type { Draw } from '../kernel/draw.ts';
import type { Action } from '../scenario/steps/action.ts';
import { ACTIONS } from '../scenario/steps/index.ts';
import type { Settings } from './case.ts';

const MAX_STEPS = 8;
/** Of a kind of fault to be part of a case. */
const KIND_CHANCE = 0.4;
/** Shorter than any timeout, and longer than most. */
const SHORTEST_MS = 100;
const LONGEST_MS = 2 * MINUTE_MS;
/** Of what can last to the end of the run to do so. */
const FOREVER_CHANCE = 0.1;
const REPEAT_CHANCE = 0.2;
/** Of when a step happens, or how long it lasts, to be left to the run. */
const DRAWN_CHANCE = 0.1;
/** More often would be nothing else but that. */
const MIN_MEAN_MS = 5_000;
const MAX_REPEATS = 5;
const TIME_GRID_MS = 100;

const DRAWN = Object.values(ACTIONS).filter(({ draw }) => draw !== undefined);
const KINDS = DRAWN.filter(({ needsFleet }) => !needsFleet);
const FLEET_KINDS = DRAWN.filter(({ needsFleet }) => needsFleet);
/** Of a fleet to have a step that only a fleet can have. */
const FLEET_STEP_CHANCE = 0.5;

export interface DrawnWorld {
  sharesAir: boolean;
  /** Then nothing before the relay can read what passes. */
  hasTls: boolean;
}

export function drawSteps(draw: Draw, durationMs: number, boards: number, { sharesAir, hasTls }: DrawnWorld): Settings[] {
  const possible = KINDS.filter(
    ({ needsSharedAir, needsBalancer, needsTls }) => (sharesAir || !needsSharedAir) && (!hasTls || !needsBalancer) && (hasTls || !needsTls),
  );
  const kinds = draw.some(possible, KIND_CHANCE);
  const steps = Array.from({ length: draw.whole(0, MAX_STEPS) }, () => drawStep(draw, draw.pick(kinds), durationMs, boards));
  return steps.sort((a, b) => a.atMs - b.atMs).map(({ step }) => step);
}

/** Steps that only a fleet can have. */
export function drawFleetSteps(draw: Draw, durationMs: number, boards: number, groups: readonly string[]): Settings[] {
  const kinds = FLEET_KINDS.filter(() => draw.chance(FLEET_STEP_CHANCE));
  return kinds.map((kind) => drawStep(draw, kind, durationMs, boards, groups).step);
}

function drawStep(
  draw: Draw,
  { action, targeted, lasts, draw: drawParameters }: Action,
  durationMs: number,
  boards: number,
  groups: readonly string[] = [],
): { atMs: number; step: Settings } {
  const atMs = draw.whole(0, Math.floor(durationMs / TIME_GRID_MS)) * TIME_GRID_MS;
  const step: Settings = { at: formatDuration(atMs), action, ...drawParameters?.(draw, groups) };
  if (targeted) step.boards = drawTarget(draw, boards);
  const isForever = lasts === 'until-undone' && draw.chance(FOREVER_CHANCE);
  if (lasts !== 'never' && !isForever) step.for = draw.chance(DRAWN_CHANCE) ? drawSpread(draw) : draw.duration(SHORTEST_MS, LONGEST_MS);
  if (draw.chance(DRAWN_CHANCE)) step.every = { mean: draw.duration(MIN_MEAN_MS, LONGEST_MS), spread: 'exponential' };
  else if (draw.chance(REPEAT_CHANCE)) Object.assign(step, drawRepeat(draw, durationMs - atMs));
  return { atMs, step };
}

function drawSpread(draw: Draw): Settings {
  const middleMs = draw.magnitude(SHORTEST_MS, LONGEST_MS);
  return { p50: formatDuration(middleMs), p99: formatDuration(draw.magnitude(middleMs, 10 * middleMs)) };
}

/** Nothing when there is no time left for it. */
function drawRepeat(draw: Draw, leftMs: number): Settings {
  const everyMs = draw.magnitude(SHORTEST_MS, LONGEST_MS);
  const times = Math.min(draw.whole(2, MAX_REPEATS), 1 + Math.floor(leftMs / everyMs));
  return times < 2 ? {} : { every: formatDuration(everyMs), times };
}

function drawTarget(draw: Draw, boards: number): unknown {
  switch (draw.pick(['all', 'share', 'count', 'ids'] as const)) {
    case 'all':
      return 'all';
    case 'share':
      return `${draw.whole(1, 100)}%`;
    case 'count':
      return draw.whole(1, boards);
    case 'ids':
      return draw.some(
        Array.from({ length: boards }, (_, board) => boardId(board)),
        0.3,
      );
  }
}
