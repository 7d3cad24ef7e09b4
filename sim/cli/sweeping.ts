/**
 * A sweep at work: its runs in threads, its folder, its result.
 *
 * Finished runs are kept in the output folder as they come, so that the same command goes on where one before
 * it was stopped or killed.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { shellQuote } from 'host/shell-quote';
import { SECOND_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { folderOfFile } from '../sources/folder-of-file.ts';
import { renderStudy } from '../study/sweep/report.ts';
import { type Shard, shardOf } from '../study/sweep/shard.ts';
import { loadStudy, type Study } from '../study/sweep/study.ts';
import { type StudyTable, tableOf, toCsv } from '../study/sweep/table.ts';
import { trialThreads } from '../study/sweep/threads.ts';
import { type FinishedTrial, TRIAL_LOG, type Trial, TrialLog } from '../study/sweep/trial-log.ts';
import { TrialFailure } from '../workers/pool.ts';
import { CiOutputs } from './ci/outputs.ts';
import { sweepReport } from './ci/study-suites.ts';
import { type CiReport, emptyReport } from './ci/suite.ts';
import { toJson } from './execute.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { readScenario } from './files/scenario-file.ts';
import type { CiValues } from './flags/ci-flags.ts';
import { interruptible } from './interrupt.ts';
import { type Io, screenOf } from './io.ts';
import { RunFolder } from './output/run-folder.ts';
import { showStudyProgress } from './output/study-progress.ts';
import { studyTable } from './output/study-table.ts';
import { RunFailure } from './run-failure.ts';

export interface SweepOptions extends CiValues {
  file: string;
  source: string;
  seeds: number | undefined;
  workers: number | undefined;
  shard: Shard | undefined;
  out: string | undefined;
  json: boolean;
  quiet: boolean;
  'no-report': boolean;
}

export type Tell = (report: () => CiReport) => void;

/** Runs `command`, and tells CI what is known of it when it ends, however that is. */
export async function telling(values: CiValues, io: Io, command: (tell: Tell) => Promise<ExitCode>): Promise<ExitCode> {
  const ci = new CiOutputs(values);
  let report = () => emptyReport('sim sweep');
  const tell: Tell = (known) => {
    report = known;
  };
  return await ci.telling(
    io,
    () => report(),
    () => command(tell),
  );
}

/** @throws UsageError with a line for each thing that is wrong with the file */
export function studyIn(file: string, seeds: number | undefined, values: Omit<SweepOptions, 'file' | 'source' | 'seeds'>) {
  const source = readScenario(file);
  const { study, errors } = loadStudy(file, source, seeds ?? null, folderOfFile(file));
  if (study === null) throw new UsageError(errors.join('\n'));
  return { study, options: { ...values, file, source, seeds } satisfies SweepOptions };
}

/** Where its result is, unless --out says otherwise. */
export function folderOf({ base, digest }: Study, shard?: Shard): string {
  const part = shard === undefined ? '' : `-${shard.number}-of-${shard.count}`;
  return join('runs', `${base.name}-${digest.slice('sha256:'.length).slice(0, 8)}${part}`);
}

/**
 * @param tell gets what is known of the study, at any time
 * @param brought runs that were finished elsewhere
 */
export async function sweep(
  study: Study,
  options: SweepOptions,
  io: Io,
  tell: Tell,
  brought: readonly FinishedTrial[] = [],
): Promise<ExitCode> {
  const folder = new RunFolder(options.out ?? folderOf(study, options.shard));
  const log = folder.attempt(() => new TrialLog(join(folder.path, TRIAL_LOG), study));
  try {
    for (const trial of brought) if (!log.has(trial)) folder.attempt(() => log.append(trial, trial));
    const startedMs = io.nowMs();
    const tookMs = new Map<number, number>();
    tell(() => reportOf(study, log, options, tookMs, (io.nowMs() - startedMs) / SECOND_MS));
    return await interruptible(io, (signal) => runAll(study, log, folder, options, tookMs, io, signal));
  } finally {
    log.close();
  }
}

async function runAll(
  study: Study,
  log: TrialLog,
  folder: RunFolder,
  options: SweepOptions,
  tookMs: Map<number, number>,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  const trials = trialsOf(study, options.shard);
  const done = () => trials.filter((trial) => log.has(trial)).length;
  if (!options.json && !options.quiet) io.out(`${describe(study, options.shard, trials.length, done())}\n\n`);
  await runMissing(study, trials, log, folder, options, tookMs, io, signal);
  if (done() < trials.length) {
    io.err(`${done()} of ${trials.length} runs are kept in ${folder.path}/${TRIAL_LOG}; the same command goes on from there.\n`);
    return EXIT.interrupted;
  }
  if (options.shard !== undefined) {
    tellShard(options.shard, trials.length, folder, options, io);
    return EXIT.ok;
  }
  const table = tableOf(study, commandOf(options), (trial) => log.get(trial));
  await writeResult(table, folder, options, io);
  return exitCodeOf(table);
}

function reportOf(study: Study, log: TrialLog, options: SweepOptions, tookMs: ReadonlyMap<number, number>, seconds: number): CiReport {
  const { file, source } = options;
  return sweepReport({
    study,
    file,
    source,
    seconds,
    resultOf: (trial) => (log.has(trial) ? log.get(trial) : null),
    replayOf: (trial) => replayOf(file, study, trial),
    secondsOf: (cell) => (tookMs.has(cell) ? Number(tookMs.get(cell)) / SECOND_MS : null),
    table: log.size < runsOf(study) ? null : tableOf(study, commandOf(options), (trial) => log.get(trial)),
  });
}

export function runsOf({ cells, seeds }: Study): number {
  return cells.length * seeds.length;
}

function trialsOf({ cells, seeds }: Study, shard: Shard | undefined): Trial[] {
  const all = cells.flatMap((_, cell) => seeds.map((seed): Trial => ({ cell, seed })));
  return shard === undefined ? all : shardOf(all, shard);
}

function replayOf(file: string, { cells }: Study, { cell, seed }: Trial): string {
  const settings = ['sweep=null', `seed=${seed}`, ...cells[cell].settings].map((setting) => ` --set ${shellQuote(setting)}`);
  return `npx tsx sim replay ${shellQuote(file)}${settings.join('')}`;
}

/** @param tookMs what the runs of each cell took is added to it */
async function runMissing(
  study: Study,
  trials: readonly Trial[],
  log: TrialLog,
  folder: RunFolder,
  options: SweepOptions,
  tookMs: Map<number, number>,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const missing = trials.filter((trial) => !log.has(trial));
  let done = trials.length - missing.length;
  const progress = await showStudyProgress(done, trials.length, io, !options.json && !options.quiet);
  const beganMs = new Map<Trial, number>();
  const threads = trialThreads(options.workers ?? availableParallelism());
  try {
    await threads.run(
      missing,
      (trial) => {
        beganMs.set(trial, io.nowMs());
        return { scenario: study.cells[trial.cell].scenario, seed: trial.seed, metrics: study.metrics };
      },
      (trial, result) => {
        tookMs.set(trial.cell, (tookMs.get(trial.cell) ?? 0) + io.nowMs() - (beganMs.get(trial) ?? 0));
        folder.attempt(() => log.append(trial, result));
        progress.onDone(++done);
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof TrialFailure)) throw error;
    throw new RunFailure(replayOf(options.file, study, error.trial as Trial), error);
  } finally {
    progress.end();
    await threads.close();
  }
}

async function writeResult(table: StudyTable, folder: RunFolder, options: SweepOptions, io: Io): Promise<void> {
  folder.writeFile('cells.csv', toCsv(table));
  folder.writeFile('cells.json', toJson(table));
  if (!options['no-report']) folder.writeFile('report.html', await renderStudy(table));
  if (options.json) io.out(toJson(table));
  else {
    const files = ['cells.csv', 'cells.json', ...(options['no-report'] ? [] : ['report.html'])];
    io.out(`${studyTable(table, screenOf(io))}\n`);
    io.out(`Written to ${folder.path}/ (${files.join(', ')})\nAgain: ${table.command}\n`);
  }
}

function tellShard({ number, count }: Shard, runs: number, { path }: RunFolder, { json, file }: SweepOptions, io: Io): void {
  if (json) io.out(toJson({ study: file, shard: { number, count }, runs, folder: path }));
  else {
    const words = `Shard ${number} of ${count}: its ${runs} runs are in ${path}/${TRIAL_LOG}. With the folders of all ${count}, npx tsx sim sweep merge DIR… makes the table.`;
    io.out(`${wrap(words)}\n`);
  }
}

function describe({ base, cells, seeds, parameters }: Study, shard: Shard | undefined, total: number, done: number): string {
  const grid = parameters.map(({ name, values }) => `${name} (${values.length})`).join(' × ');
  const kept = done === 0 ? '' : ` ${done} of them were finished before.`;
  const part = shard === undefined ? '' : `of them shard ${shard.number} of ${shard.count}, `;
  const about = base.about === '' ? '' : ` ${base.about}`;
  return wrap(
    `Study "${base.name}":${about} ${grid} = ${cells.length} cells, each with ${seeds.length} seeds from ${seeds[0]} on: ${part}${total} runs.${kept}`,
  );
}

/** What decides the result, and where it goes. */
function commandOf({ file, seeds, out }: SweepOptions): string {
  return ['npx tsx sim sweep', shellQuote(file), seeds && `--seeds ${seeds}`, out && `--out ${shellQuote(out)}`].filter(Boolean).join(' ');
}

function exitCodeOf({ cells }: StudyTable): ExitCode {
  if (cells.some(({ broken }) => Object.keys(broken).length > 0)) return EXIT.check;
  return cells.some(({ missed }) => Object.keys(missed).length > 0) ? EXIT.threshold : EXIT.ok;
}
