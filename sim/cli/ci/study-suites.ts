/**
 * What `sweep` tells continuous integration: a suite for each cell, in which a check or threshold holds when
 * it did with every seed.
 */
import { plural } from 'host/format';
import { placesIn } from '../../scenario/document/places.ts';
import { expectStep } from '../../scenario/steps/expect.ts';
import { cellName, formatEstimate, varyingMetrics } from '../../study/labels.ts';
import type { Cell, Study } from '../../study/sweep/study.ts';
import type { StudyTable } from '../../study/sweep/table.ts';
import type { TrialResult } from '../../study/sweep/trial.ts';
import type { Trial } from '../../study/sweep/trial-log.ts';
import { studyVerdict } from '../../study/sweep/verdict.ts';
import { type Case, type CiReport, isBad, type Suite, TO_THE_END } from './suite.ts';

/** What fits a page beside the cells' names. */
const MAX_METRICS = 4;
/** Seeds that are named. */
const MAX_SEEDS = 8;

interface StudyParts {
  study: Study;
  file: string;
  source: string;
  /** null: the run is not finished. */
  resultOf: (trial: Trial) => TrialResult | null;
  replayOf: (trial: Trial) => string;
  /** What the runs of a cell took; null: none of them ran now. */
  secondsOf: (cell: number) => number | null;
  /** null: not all runs are finished. */
  table: StudyTable | null;
  seconds: number;
}

interface SeedResult {
  seed: number;
  result: TrialResult;
}

export function sweepReport(parts: StudyParts): CiReport {
  const { study, table, seconds } = parts;
  const placeOf = placesIn(parts.source);
  const done = study.cells.map((_, cell) => finished(parts, cell));
  const suites = study.cells.map((cell, index) => suiteOf(parts, cell, index, done[index], placeOf));
  const varying = table === null ? [] : varyingMetrics(table);
  const shown = table === null ? [] : (varying.length > 0 ? varying : table.metrics).slice(0, MAX_METRICS);
  const runs = study.cells.length * study.seeds.length;
  return {
    command: 'sim sweep',
    verdict: table === null ? `INTERRUPTED after ${done.flat().length} of ${plural(runs, 'run')}.` : studyVerdict(table).words,
    seconds,
    suites,
    table: {
      head: [study.parameters.map(({ name }) => name).join(' · '), 'runs', 'result', ...shown],
      rows: study.cells.map(({ values }, index) => [
        cellName(values),
        String(done[index].length),
        resultIn(suites[index]),
        ...(table === null ? [] : shown.map((name) => formatEstimate(name, table.cells[index].metrics[name]))),
      ]),
    },
  };
}

function finished({ study, resultOf }: StudyParts, cell: number): SeedResult[] {
  return study.seeds.flatMap((seed) => {
    const result = resultOf({ cell, seed });
    return result === null ? [] : [{ seed, result }];
  });
}

function resultIn({ cases }: Suite): string {
  const bad = cases.filter(isBad).map(({ asked }) => asked);
  if (bad.includes('scenario')) return 'stopped';
  return bad.includes('check') ? 'check' : bad.includes('threshold') ? 'threshold' : 'ok';
}

function suiteOf(
  { study, file, replayOf, secondsOf }: StudyParts,
  { scenario, values }: Cell,
  cell: number,
  done: readonly SeedResult[],
  placeOf: ReturnType<typeof placesIn>,
): Suite {
  const { seeds } = study;
  const replayFrom = (failed: readonly number[]) => replayOf({ cell, seed: failed[0] ?? seeds[0] });
  const caseOf = (asked: 'check' | 'threshold', name: string, failedIn: (result: TrialResult) => readonly string[]): Case => {
    const failed = done.filter(({ result }) => failedIn(result).includes(name)).map(({ seed }) => seed);
    const how = asked === 'check' ? 'broke' : 'was missed';
    const why = `${name} ${how} in ${failed.length} of ${plural(done.length, 'run')} (seed ${named(failed)})`;
    const end =
      failed.length > 0
        ? { outcome: 'failed' as const, why }
        : done.length > 0
          ? { outcome: 'held' as const, why: '' }
          : { outcome: 'not judged' as const, why: 'no run is finished' };
    return { asked, name, ...end, replay: replayFrom(failed), place: placeOf(asked, name) };
  };
  const all = done.length === seeds.length;
  const whole: Case = {
    asked: 'scenario',
    name: TO_THE_END,
    outcome: all ? 'held' : 'error',
    why: all ? '' : `interrupted after ${done.length} of ${plural(seeds.length, 'run')}`,
    replay: replayFrom([]),
    place: placeOf('scenario', TO_THE_END),
  };
  const expected = scenario.steps
    .filter(({ action }) => action === expectStep.action)
    .map(({ parameters }) => expectStep.describe(parameters));
  const checks = new Set([...scenario.checks, ...expected]);
  const cases = [
    whole,
    ...[...checks].map((name) => caseOf('check', name, ({ broken }) => broken)),
    ...scenario.thresholds.map((expr) => caseOf('threshold', expr, ({ missed }) => missed)),
  ];
  return {
    name: `${study.base.name}: ${cellName(values)}`,
    file,
    seconds: secondsOf(cell),
    properties: propertiesOf(study),
    verdict: '',
    cases,
  };
}

function propertiesOf({ digest, seeds }: Study): [string, string][] {
  return [
    ['digest', digest],
    ['seeds', `${seeds[0]} to ${seeds[seeds.length - 1]}`],
  ];
}

function named(seeds: readonly number[]): string {
  return `${seeds.slice(0, MAX_SEEDS).join(', ')}${seeds.length > MAX_SEEDS ? ', …' : ''}`;
}
