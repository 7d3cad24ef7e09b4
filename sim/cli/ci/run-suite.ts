/** What `replay` tells continuous integration: a suite for each run. */
import { plural } from 'host/format';
import { SECOND_MS } from 'host/units';
import { isJudged, type Summary } from '../../measure/result.ts';
import { missed } from '../../report/verdict.ts';
import { type PlaceOf, placesIn } from '../../scenario/document/places.ts';
import { EXIT, endOf } from '../exit-code.ts';
import type { LoadedFile } from '../load-file.ts';
import { RUN_COLUMNS, runRow } from '../output/summary-table.ts';
import { type Outcome, replayLine } from '../replay/play-file.ts';
import { type Case, type CiReport, type Suite, TO_THE_END } from './suite.ts';

const NO_PLACE = () => null;
/** Names of what failed that the verdict tells. */
const MAX_NAMED = 5;

/** @param played in the order of the files; those that are missing were not reached */
export function replayReport(files: readonly LoadedFile[], played: ReadonlyMap<LoadedFile, Outcome>, seconds: number): CiReport {
  const runs = [...played.values()];
  return {
    command: 'sim replay',
    verdict: verdictOf(files.length, runs),
    seconds,
    suites: files.map((file) => suiteOf(file, played.get(file))),
    table: {
      head: RUN_COLUMNS,
      rows: runs.map(({ summary, isAfter, exitCode }) =>
        runRow({ ...summary, scenario: nameOf(summary.scenario, isAfter) }, endOf(exitCode)),
      ),
    },
  };
}

function nameOf(scenario: string, isAfter: boolean): string {
  return isAfter ? `${scenario} --set` : scenario;
}

function verdictOf(count: number, runs: readonly Outcome[]): string {
  const [first] = runs;
  if (count === 1 && first !== undefined) return first.difference === null ? first.summary.verdict : `FAILED: ${first.difference}`;
  const ended = runs.filter(({ summary }) => !summary.interrupted);
  const partial = ended.length < count ? `INTERRUPTED after ${ended.length} of ${plural(count, 'scenario')}. ` : '';
  const failed = ended.filter(({ exitCode }) => exitCode !== EXIT.ok);
  if (ended.length === 0) return partial.trimEnd();
  if (failed.length === 0) return `${partial}HELD: ${plural(ended.length, 'scenario')}.`;
  const names = failed.slice(0, MAX_NAMED).map(({ summary }) => summary.scenario);
  return `${partial}FAILED: ${failed.length} of ${plural(count, 'scenario')}: ${names.join(', ')}${failed.length > MAX_NAMED ? ', …' : ''}.`;
}

function suiteOf(file: LoadedFile, outcome: Outcome | undefined): Suite {
  const placeOf = file.source === null ? NO_PLACE : placesIn(file.source);
  const { scenario } = file;
  const run = (name: string, replay: string) => ({ asked: 'scenario' as const, name, replay, place: placeOf('scenario', name) });
  if (outcome === undefined) {
    const unplayed = { outcome: 'not judged' as const, why: 'not played: the command was ended before' };
    const cases = [{ ...run(TO_THE_END, replayLine(file, null)), ...unplayed }];
    return { name: nameOf(scenario.name, false), file: file.file, seconds: null, properties: [], verdict: '', cases };
  }
  const { summary, isAfter, isCompared } = outcome;
  return {
    name: nameOf(summary.scenario, isAfter),
    file: file.file,
    seconds: summary.wall_ms / SECOND_MS,
    properties: [
      ['seed', String(summary.seed)],
      ['trace_hash', summary.trace_hash],
      ['replay', summary.replay],
    ],
    verdict: summary.verdict,
    cases: [
      { ...run(isCompared ? 'is the same as its recording' : TO_THE_END, summary.replay), ...endOfRun(outcome) },
      ...judgedCases(summary, placeOf),
    ],
  };
}

function endOfRun({ summary, difference }: Outcome): Pick<Case, 'outcome' | 'why'> {
  if (summary.interrupted) return { outcome: 'error', why: 'interrupted: what it has is judged' };
  return difference === null ? { outcome: 'held', why: '' } : { outcome: 'failed', why: difference };
}

function judgedCases({ checks, thresholds, replay }: Summary, placeOf: PlaceOf | typeof NO_PLACE): Case[] {
  const outcome = (one: Summary['checks'][number] | Summary['thresholds'][number]) =>
    !one.ok ? ('failed' as const) : isJudged(one) ? ('held' as const) : ('not judged' as const);
  return [
    ...checks.map((check): Case => {
      const { name, detail = '' } = check;
      const why = check.ok ? detail : detail === '' ? name : `${name}: ${detail}`;
      return { asked: 'check', name, outcome: outcome(check), why, replay, place: placeOf('check', name) };
    }),
    ...thresholds.map((threshold): Case => {
      const { expr: name, value, ok } = threshold;
      const why = ok ? (value === null ? 'no sample' : '') : missed(threshold);
      return { asked: 'threshold', name, outcome: outcome(threshold), why, replay, place: placeOf('threshold', name) };
    }),
  ];
}
