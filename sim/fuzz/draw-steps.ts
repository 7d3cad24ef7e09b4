/**
 * Random steps of a scenario. Each case draws which kinds of fault it has at all, so that some see only one kind, and that one often.
 *
 * Not drawn: `expect`, which asks for what a scenario's author knows, where this looks for what must hold whatever happens.
 */
import { formatDuration } from 'host/units';
import { boardId } from '../kernel/board-id.ts';
import { ACTIONS } from '../scenario/steps/index.ts';
import type { Settings } from './case.ts';
import { drawLink } from './draw-link.ts';
import type { Luck } from './luck.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const MAX_STEPS = 8;
/** Of a kind of fault to be part of a case. */
const KIND_CHANCE = 0.4;
/** Shorter than any timeout, and longer than most. */
const SHORTEST_MS = 100;
const LONGEST_MS = 2 * MINUTE_MS;
/** Of what can last to the end of the run to do so. */
const FOREVER_CHANCE = 0.1;
const REPEAT_CHANCE = 0.2;
const MAX_REPEATS = 5;
/** A fleet that all broadcasts so much keeps a relay busy, and a run short. */
const MAX_MESSAGES = 100;
const MAX_MESSAGE_BYTES = 4_096;
const TIME_GRID_MS = 100;

const none = () => ({});
const burst = (luck: Luck) => ({ messages: luck.magnitude(1, MAX_MESSAGES), size: luck.magnitude(1, MAX_MESSAGE_BYTES) });

/** What each action takes besides time and target. */
export const PARAMETERS: Readonly<Record<string, (luck: Luck) => Settings>> = {
  'ap.down': none,
  'ap.roam': none,
  'board.burst': burst,
  'board.power_cycle': none,
  'board.reset': none,
  'client.burst': burst,
  'clock.set': (luck) => ({ to: luck.pick(['epoch', '2000-01-01', '2026-06-01', '2100-01-01']) }),
  'dns.fail': none,
  'link.blackhole': none,
  'link.idle_timeout': (luck) => ({ after: luck.duration(SECOND_MS, 2 * MINUTE_MS) }),
  'link.reset': none,
  'link.set': (luck) => {
    const link = drawLink(luck);
    return Object.fromEntries(luck.some(Object.keys(link), 0.3).map((key) => [key, link[key]]));
  },
  'relay.hang': none,
  'relay.restart': none,
  'relay.stop': none,
  'station.deauth': (luck) => ({ reason: luck.whole(1, 255) }),
  'wifi.password': none,
};

export function drawSteps(luck: Luck, durationMs: number, boards: number): Settings[] {
  const kinds = luck.some(Object.keys(PARAMETERS), KIND_CHANCE);
  const steps = Array.from({ length: luck.whole(0, MAX_STEPS) }, () => drawStep(luck, luck.pick(kinds), durationMs, boards));
  return steps.sort((a, b) => a.atMs - b.atMs).map(({ step }) => step);
}

function drawStep(luck: Luck, action: string, durationMs: number, boards: number): { atMs: number; step: Settings } {
  const { targeted, lasts } = ACTIONS[action];
  const atMs = luck.whole(0, Math.floor(durationMs / TIME_GRID_MS)) * TIME_GRID_MS;
  const step: Settings = { at: formatDuration(atMs), action, ...PARAMETERS[action](luck) };
  if (targeted) step.boards = drawTarget(luck, boards);
  const isForever = lasts === 'until-undone' && luck.chance(FOREVER_CHANCE);
  if (lasts !== 'never' && !isForever) step.for = luck.duration(SHORTEST_MS, LONGEST_MS);
  if (luck.chance(REPEAT_CHANCE)) Object.assign(step, drawRepeat(luck, durationMs - atMs));
  return { atMs, step };
}

/** Nothing when there is no time left for it. */
function drawRepeat(luck: Luck, leftMs: number): Settings {
  const everyMs = luck.magnitude(SHORTEST_MS, LONGEST_MS);
  const times = Math.min(luck.whole(2, MAX_REPEATS), 1 + Math.floor(leftMs / everyMs));
  return times < 2 ? {} : { every: formatDuration(everyMs), times };
}

function drawTarget(luck: Luck, boards: number): unknown {
  switch (luck.pick(['all', 'share', 'count', 'ids'] as const)) {
    case 'all':
      return 'all';
    case 'share':
      return `${luck.whole(1, 100)}%`;
    case 'count':
      return luck.whole(1, boards);
    case 'ids':
      return luck.some(
        Array.from({ length: boards }, (_, board) => boardId(board)),
        0.3,
      );
  }
}
