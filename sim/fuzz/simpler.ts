/**
 * The ways in which a case can be made simpler: offers, each one change away from the case as it then is, the
 * boldest first. What is taken shows in `now`, so that the next offer builds on it.
 */
import { isMapping } from 'host/is-mapping';
import { formatDuration, parseDuration } from 'host/units';
import { type Case, type Settings, withBoards } from './case.ts';

type Now = () => Case;

/** Runs and steps are made shorter by whole seconds, and not shorter than one. */
const SECOND_MS = 1_000;
const SHARES = [0.25, 0.5, 0.75, 0.9];
/** Keys of a step without which it is none, or happens longer or more often. */
const TIMES = ['at', 'action', 'for', 'every', 'times'];

/** Keys of boards that are made smaller in their own way, or without which the firmware would be refused. */
const KEPT_OF_BOARDS = ['count', 'config', 'any_javascript'];

/** Without half of the steps, without a quarter, … without each one. */
export function* fewerSteps(now: Now): Generator<Case> {
  for (let size = now().steps.length; size >= 1; size = Math.floor(size / 2)) {
    for (let end = now().steps.length; end > 0; end -= size) {
      const from = end - size;
      yield { ...now(), steps: now().steps.filter((_, index) => index < from || index >= from + size) };
    }
  }
}

export function* fewerBoards(now: Now): Generator<Case> {
  const { count } = now().boards;
  for (let fewer = 1; fewer < count && fewer < now().boards.count; fewer *= 2) yield withBoards(now(), fewer);
}

/**
 * Cut at its end, and at its beginning: the steps come earlier by what is gone. A step that is left outside
 * makes the case illegal.
 */
export function* shorterRun(now: Now): Generator<Case> {
  for (const share of SHARES) {
    const { duration, steps } = now();
    const shorter = shortened(duration, share);
    if (shorter === duration) continue;
    yield { ...now(), duration: shorter };
    const goneMs = msOf(now().duration) - msOf(shorter);
    if (goneMs === 0 || steps.some(({ at }) => msOf(at) < goneMs)) continue;
    yield { ...now(), duration: shorter, steps: steps.map((step) => ({ ...step, at: formatDuration(msOf(step.at) - goneMs) })) };
  }
}

/** Whole sections at their defaults, then each setting. */
export function* simplerSettings(now: Now): Generator<Case> {
  yield without(now(), 'tls') as Case;
  yield without(now(), 'balancer') as Case;
  if (isMapping(now().balancer))
    for (const key of Object.keys(now().balancer as Settings)) yield { ...now(), balancer: without(now().balancer as Settings, key) };
  yield without(now(), 'fleet') as Case;
  for (const [name, group] of Object.entries((now().fleet ?? {}) as Record<string, Settings>))
    for (const key of Object.keys(group)) yield withGroup(now(), name, without(groupOf(now(), name), key));
  yield { ...now(), air: 'private' };
  for (const key of isMapping(now().air) ? Object.keys(now().air as Settings) : [])
    yield { ...now(), air: without(now().air as Settings, key) };
  yield without(now(), 'aps') as Case;
  for (const section of ['relay', 'link'] as const) {
    yield { ...now(), [section]: {} };
    for (const key of Object.keys(now()[section])) yield { ...now(), [section]: without(now()[section], key) };
  }
  yield { ...now(), boards: { ...now().boards, config: {} } };
  for (const [key, value] of Object.entries(now().boards.config)) {
    yield withConfig(now(), without(now().boards.config, key));
    if (!isMapping(value) || !(key in now().boards.config)) continue;
    for (const inner of Object.keys(value)) {
      const { config } = now().boards;
      yield withConfig(now(), { ...config, [key]: without(config[key] as Settings, inner) });
    }
  }
  for (const key of Object.keys(now().boards)) {
    if (!KEPT_OF_BOARDS.includes(key)) yield { ...now(), boards: without(now().boards, key) as Case['boards'] };
  }
}

/** Each step happening once, to all boards, with fewer words, for a shorter time. */
export function* simplerSteps(now: Now): Generator<Case> {
  for (const index of now().steps.keys()) {
    const step = () => now().steps[index];
    const changed = (simpler: Settings): Case => ({ ...now(), steps: now().steps.with(index, simpler) });
    yield changed(without(without(step(), 'every'), 'times'));
    if (isMapping(step().for)) yield changed({ ...step(), for: drawnAs(step().for as Settings) });
    if (isMapping(step().every)) yield changed({ ...step(), every: drawnAs(step().every as Settings) });
    for (const key of Object.keys(step())) if (!TIMES.includes(key)) yield changed(without(step(), key));
    for (const share of typeof step().for === 'string' ? SHARES : [])
      yield changed({ ...step(), for: shortened(step().for as string, share) });
  }
}

/** What of a duration that is drawn comes first: its mean, its middle, its least. */
function drawnAs(spread: Settings): unknown {
  return Object.values(spread)[0];
}

function groupOf(fuzzed: Case, name: string): Settings {
  return ((fuzzed.fleet ?? {}) as Record<string, Settings>)[name] ?? {};
}

function withGroup(fuzzed: Case, name: string, group: Settings): Case {
  if (!isMapping(fuzzed.fleet)) return fuzzed;
  return { ...fuzzed, fleet: { ...fuzzed.fleet, [name]: group } };
}

function withConfig(fuzzed: Case, config: Settings): Case {
  return { ...fuzzed, boards: { ...fuzzed.boards, config } };
}

/** The same when it would not be shorter. */
function shortened(duration: string, share: number): string {
  const shorterMs = Math.max(Math.round((msOf(duration) * share) / SECOND_MS) * SECOND_MS, SECOND_MS);
  return shorterMs < msOf(duration) ? formatDuration(shorterMs) : duration;
}

function msOf(duration: unknown): number {
  return parseDuration(duration as string) ?? 0;
}

function without(settings: Settings, key: string): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([one]) => one !== key));
}
