/**
 * The steps of a document as the timeline plays them: repetitions unrolled, durations filled in, targets and
 * times held against the run.
 */
import { formatDuration } from 'host/units';
import { middleMs, type Spread } from '../../kernel/spread.ts';
import { membersOf } from '../groups.ts';
import type { FleetGroup, Step } from '../scenario.ts';
import { MAX_STEPS, type StepDocument } from '../settings.ts';
import { actionOf } from '../steps/known.ts';
import { pickBoards, targetProblem } from '../target.ts';
import type { Problem } from './problem.ts';

/** Parameters that are an access point, counted from 1. */
const AP_PARAMETERS = ['ap', 'to_ap'];

/** Every id stands in the header of a recording, which has to fit a line. */
const MAX_LISTED_IDS = 100_000;

/** What steps are held against. */
export interface StepWorld {
  boards: number;
  fleet: readonly FleetGroup[];
  /** The same with as many boards as each may come to have. */
  grown?: readonly FleetGroup[];
  aps: number;
  sharesAir: boolean;
  tls: boolean;
  durationMs: number;
}

export function resolveSteps(documents: readonly StepDocument[], world: StepWorld): { steps: Step[]; problems: Problem[] } {
  const steps: Step[] = [];
  const problems: Problem[] = [];
  let listedIds = 0;
  let count = 0;
  const grown = grownBy(documents, world);
  documents.forEach((document, index) => {
    problems.push(
      ...stepProblems(document, { ...world, grown }).map(({ path, message }) => ({ path: ['steps', index, ...path], message })),
    );
    const starts = startTimes(document, world.durationMs);
    const { action, boards: target = { kind: 'all' }, parameters, every, times } = document;
    listedIds += target.kind === 'ids' ? target.ids.length * starts.length : 0;
    count += typeof every === 'object' ? drawnCount(every, document, world.durationMs) : starts.length;
    if (count > MAX_STEPS || listedIds > MAX_LISTED_IDS) {
      const message = `expected at most ${MAX_STEPS} steps with ${MAX_LISTED_IDS} board ids between them, repetitions included`;
      problems.push({ path: ['steps', index, 'every'], message });
      return;
    }
    const { lasts } = actionOf(document);
    const { for: lastsMs = typeof lasts === 'number' ? lasts : 0 } = document;
    const duration = typeof lastsMs === 'number' ? { forMs: lastsMs } : { forMs: 0, forDrawn: lastsMs };
    const repeated = typeof every === 'object' ? { every, ...(times === undefined ? {} : { times }) } : {};
    for (const atMs of starts) steps.push({ atMs, action, target, parameters, ...duration, ...repeated });
  });
  return { steps, problems };
}

/** A group that boards are updated to may come to have all of them. */
function grownBy(documents: readonly StepDocument[], { fleet, boards }: StepWorld): FleetGroup[] {
  const targets = documents.filter(({ action }) => action === 'board.update').map(({ parameters }) => parameters.to);
  return fleet.map((group) => (targets.includes(group.name) ? { ...group, boards: { ...group.boards, count: boards } } : group));
}

function stepProblems(
  document: StepDocument,
  { boards: boardCount, fleet, grown = fleet, aps, sharesAir, tls, durationMs }: StepWorld,
): Problem[] {
  const { at, boards, every, times, parameters } = document;
  const action = actionOf(document);
  const problems: Problem[] = [];
  const report = (path: string[], message: string | null) => {
    if (message !== null) problems.push({ path, message });
  };
  const end = `the end of the run (duration ${formatDuration(durationMs)})`;
  report([], action.check?.(parameters) ?? null);
  report([], action.needsSharedAir && !sharesAir ? 'expected an air that boards share; here each has its own (air: private)' : null);
  report([], action.needsTls && !tls ? 'expected a relay with TLS (tls: encrypt, server or mutual); here there is none' : null);
  for (const key of AP_PARAMETERS) {
    const ap = parameters[key];
    report(
      [key],
      typeof ap === 'number' && ap > aps
        ? `there is no access point ${ap}: the scenario has ${aps === 1 ? 'one' : `1 to ${aps}`} (aps)`
        : null,
    );
  }
  const targetIsWrong = boards === undefined ? null : targetProblem(boards, boardCount, grown);
  report(['boards'], targetIsWrong);
  const everyoneOf = (group: string) => membersOf(fleet, group);
  // Whichever of them a share is drawn from, or a number taken: in the course of time it may be any.
  const meant = boards === undefined || boards.kind === 'ids' ? boards : { kind: 'all' as const, of: boards.of };
  const meantBoards = pickBoards(meant ?? { kind: 'all' }, { boardCount, membersOf: everyoneOf }, () => 0);
  if (targetIsWrong === null) report([], action.checkFleet?.(parameters, meantBoards, { fleet, membersOf: everyoneOf }) ?? null);
  report(['at'], at > durationMs ? `${formatDuration(at)} is after ${end}` : null);
  const within = typeof parameters.within === 'number' ? parameters.within : 0;
  report(['within'], at <= durationMs && at + within > durationMs ? `its time would be over after ${end}` : null);
  if (times === undefined) return problems;
  report(['times'], every === undefined ? 'expected every: beside it, the time from one to the next' : null);
  if (typeof every === 'object') return problems;
  const last = at + (times - 1) * (every ?? 0);
  report(['times'], at <= durationMs && last > durationMs ? `the last would begin after ${end}` : null);
  return problems;
}

/**
 * A step that says `every:` but not `times:` is repeated to the end of the run. When one that is drawn happens,
 * the run knows (drawn-steps.ts).
 */
function startTimes({ at, every, times }: StepDocument, durationMs: number): number[] {
  if (every === undefined || typeof every === 'object') return [at];
  const count = times ?? Math.max(1, Math.ceil((durationMs - at) / every));
  return Array.from({ length: Math.min(count, MAX_STEPS + 1) }, (_, i) => wholeMicroseconds(at + i * every));
}

/** How many a run may come to: about half of the gaps are longer than the middle one. */
function drawnCount(every: Spread, { at, times = MAX_STEPS + 1 }: StepDocument, durationMs: number): number {
  return Math.min(times, Math.ceil((durationMs - at) / middleMs(every)));
}

/** The clock's resolution; sums of binary fractions are off by less. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
