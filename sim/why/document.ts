/** What `--json` prints, and why.json holds: plain data, times in milliseconds. */
import type { Scenario } from '../scenario/scenario.ts';
import type { Analysis } from './analyse.ts';
import type { TriedChange } from './find-cure.ts';
import type { Point } from './find-moment.ts';
import { outcomeWords } from './outcome.ts';
import { cureWords, momentWords } from './words.ts';

export function documentOf(analysis: Analysis, { name, seed }: Scenario, runs: number, command: string) {
  const { outcome, own, points, moment, happenings, settings, circumstances } = analysis;
  return {
    version: 1,
    scenario: name,
    seed,
    asked: outcomeWords(outcome),
    detail: own.detail,
    known_at_ms: own.knownAtMs,
    verdict: momentWords(analysis),
    cure: cureWords(analysis),
    kind: moment.kind,
    moment: moment.kind === 'from-the-start' ? null : { before: pointOf(moment.before), after: pointOf(moment.after) },
    probability: points.map(pointOf),
    events: happenings.map(({ atMs, board, what, decisive }) => ({ at_ms: atMs, board, what, decisive })),
    settings: settings.map(changeOf),
    circumstances: circumstances.map(changeOf),
    runs,
    command,
  };
}

function pointOf({ atMs, happened, of }: Point) {
  return { at_ms: atMs, happened, of };
}

function changeOf({ name, was, set, steps, survived, of, sameUntil, undoes }: TriedChange) {
  return { name, was, set, steps, survived, of, same_until: sameUntil, undoes };
}
