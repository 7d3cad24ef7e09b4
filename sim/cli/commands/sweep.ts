/**
 * `npx tsx sim sweep FILE`: a study, every cell of its grid once per seed, on all cores.
 *
 * Finished runs are kept in the output folder as they come, so that the same command goes on where one before
 * it was stopped or killed.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { SECOND_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { folderOfFile } from '../../sources/folder-of-file.ts';
import { readyFirmwares } from '../../sources/ready-firmware.ts';
import { MAX_SEEDS } from '../../study/sweep/read-sweep.ts';
import { renderStudy } from '../../study/sweep/report.ts';
import { loadStudy, type Study } from '../../study/sweep/study.ts';
import { type StudyTable, tableOf, toCsv } from '../../study/sweep/table.ts';
import { trialThreads } from '../../study/sweep/threads.ts';
import { TRIAL_LOG, type Trial, TrialLog } from '../../study/sweep/trial-log.ts';
import { TrialFailure } from '../../workers/pool.ts';
import { CiOutputs } from '../ci/outputs.ts';
import { sweepReport } from '../ci/study-suites.ts';
import { type CiReport, emptyReport } from '../ci/suite.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readScenario } from '../files/scenario-file.ts';
import { CI_FLAGS, type CiValues } from '../flags/ci-flags.ts';
import { wholeNumber } from '../flags/whole-number.ts';
import { WORKERS_FLAG } from '../flags/workers-flag.ts';
import { interruptible } from '../interrupt.ts';
import { type Io, screenOf } from '../io.ts';
import { RunFolder } from '../output/run-folder.ts';
import { showStudyProgress } from '../output/study-progress.ts';
import { studyTable } from '../output/study-table.ts';
import { RunFailure } from '../run-failure.ts';

const SWEEP_FLAGS = {
  seeds: valueFlag({
    about: 'Runs per cell, else what the study says',
    expected: `a whole number from 1 to ${MAX_SEEDS}`,
    parse: wholeNumber(1, MAX_SEEDS),
  }),
  workers: WORKERS_FLAG,
  out: valueFlag<string>({
    about: 'Where to write the result, else runs/<study>-<digest of the study>',
    expected: 'a folder',
    parse: (text) => (text === '' ? null : text),
  }),
  json: switchFlag('Print cells.json and nothing else'),
  quiet: switchFlag('Print the result only: no plan, no progress'),
  'no-report': switchFlag('Do not write report.html'),
  ...CI_FLAGS,
};

const COMMAND: Command<typeof SWEEP_FLAGS> = {
  usage: 'npx tsx sim sweep',
  positionals: 'FILE',
  about:
    'Runs a study: every combination of its parameters, once per seed, and tells each metric as a mean with its 95 % interval. ' +
    'Stopped or killed, the same command goes on where it was.',
  flags: SWEEP_FLAGS,
  examples: [
    ['npx tsx sim sweep scenarios/studies/backoff-herd.yaml', 'a study of the kit, on all cores'],
    ['npx tsx sim sweep mine.yaml --seeds 5 --out runs/mine', 'a first look at your own'],
  ],
};

interface SweepOptions extends CiValues {
  file: string;
  source: string;
  seeds: number | undefined;
  workers: number | undefined;
  out: string | undefined;
  json: boolean;
  quiet: boolean;
  'no-report': boolean;
}

export async function sweepCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const [file, ...more] = line.positionals;
  if (file === undefined || more.length > 0) throw new UsageError('sweep: expected one FILE, a scenario with a sweep: key (.yaml)');
  const ci = new CiOutputs(line.values);
  let report = () => emptyReport('sim sweep');
  return await ci.telling(
    io,
    () => report(),
    async () => {
      const source = readScenario(file);
      const options = { file, source, ...line.values };
      const { study, errors } = loadStudy(file, source, options.seeds ?? null, folderOfFile(file));
      if (study === null) throw new UsageError(errors.join('\n'));
      // Before a worker does, where it would look like the kit's fault.
      await readyFirmwares(
        study.cells.map(({ scenario }) => scenario.boards),
        io.err,
      );
      return await sweep(study, options, io, (known) => {
        report = known;
      });
    },
  );
}

/** Where its result is, unless --out says otherwise. */
export function folderOf({ base, digest }: Study): string {
  return join('runs', `${base.name}-${digest.slice('sha256:'.length).slice(0, 8)}`);
}

/** @param tell gets what is known of the study, at any time */
async function sweep(study: Study, options: SweepOptions, io: Io, tell: (report: () => CiReport) => void): Promise<ExitCode> {
  const folder = new RunFolder(options.out ?? folderOf(study));
  const log = folder.attempt(() => new TrialLog(join(folder.path, TRIAL_LOG), study));
  try {
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
  const total = runsOf(study);
  if (!options.json && !options.quiet) io.out(`${describe(study, total, log.size)}\n\n`);
  await runMissing(study, log, folder, options, tookMs, io, signal);
  if (log.size < total) {
    io.err(`${log.size} of ${total} runs are kept in ${folder.path}/${TRIAL_LOG}; the same command goes on from there.\n`);
    return EXIT.interrupted;
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

function runsOf({ cells, seeds }: Study): number {
  return cells.length * seeds.length;
}

function replayOf(file: string, { cells }: Study, { cell, seed }: Trial): string {
  const settings = ['sweep=null', `seed=${seed}`, ...cells[cell].settings].map((setting) => ` --set ${shellQuote(setting)}`);
  return `npx tsx sim replay ${shellQuote(file)}${settings.join('')}`;
}

/** @param tookMs what the runs of each cell took is added to it */
async function runMissing(
  study: Study,
  log: TrialLog,
  folder: RunFolder,
  options: SweepOptions,
  tookMs: Map<number, number>,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const trials = study.cells.flatMap((_, cell) => study.seeds.map((seed): Trial => ({ cell, seed })));
  const missing = trials.filter((trial) => !log.has(trial));
  const progress = await showStudyProgress(log.size, trials.length, io, !options.json && !options.quiet);
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
        progress.onDone(log.size);
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

function describe({ base, cells, seeds, parameters }: Study, total: number, done: number): string {
  const grid = parameters.map(({ name, values }) => `${name} (${values.length})`).join(' × ');
  const kept = done === 0 ? '' : ` ${done} of them were finished before.`;
  const about = base.about === '' ? '' : ` ${base.about}`;
  return wrap(
    `Study "${base.name}":${about} ${grid} = ${cells.length} cells, each with ${seeds.length} seeds from ${seeds[0]} on: ${total} runs.${kept}`,
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
