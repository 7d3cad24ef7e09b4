/**
 * `npx tsx sim tune --goal … --minimize …`: the settings that keep a goal and cost least.
 *
 * Finished runs are kept in the output folder as they come (`cells.jsonl`, as a sweep's), so that the same command goes on where one before it was stopped
 * or killed. The search decides from results alone, in the order of cells and seeds: neither workers nor interruptions change what it does.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadApp } from 'firmware/cli/load-app';
import { readCommandLine } from 'host/command-line';
import { plural } from 'host/format';
import { readInput } from 'host/read-input';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { stringify } from 'yaml';
import { MAX_SCENARIO_BYTES } from '../../scenario/document/load.ts';
import type { Study } from '../../study/sweep/study.ts';
import { type TrialThreads, trialThreads } from '../../study/sweep/threads.ts';
import type { TrialResult } from '../../study/sweep/trial.ts';
import { TRIAL_LOG, type Trial, TrialLog } from '../../study/sweep/trial-log.ts';
import type { Goal } from '../../study/tune/goal.ts';
import { renderTune } from '../../study/tune/report.ts';
import { concludeTune, type TuneResult } from '../../study/tune/result.ts';
import { type SearchPlan, search } from '../../study/tune/search.ts';
import { Lattice } from '../../study/tune/search-lattice.ts';
import { TRUSTED_SEEDS } from '../../study/tune/search-samples.ts';
import { makeTuneStudy } from '../../study/tune/study.ts';
import { TUNE_WORLD } from '../../study/tune/world.ts';
import { TrialFailure } from '../../workers/pool.ts';
import { RunFailure, toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { TUNE_COMMAND, type Variation } from '../flags/tune-flags.ts';
import { interruptible } from '../interrupt.ts';
import { type Io, screenOf } from '../io.ts';
import { RunFolder } from '../output/run-folder.ts';
import { showStudyProgress } from '../output/study-progress.ts';
import { deviceConfig, relayFlags } from '../output/tune-config.ts';
import { tuneWords } from '../output/tune-table.ts';
import { traceReader } from '../recording/trace-reader.ts';

const STUDY_FILE = 'study.yaml';
const FRONT_FILE = 'front.json';
const CONFIG_FILE = 'recommended.config.json';
const REPORT_FILE = 'report.html';

interface TuneOptions {
  goals: Goal[];
  minimize: string[];
  budget: number;
  workers: number | undefined;
  out: string | undefined;
  json: boolean;
  quiet: boolean;
  'no-report': boolean;
  /** The command that gives the same result. */
  command: string;
}

export async function tuneCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(TUNE_COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { values } = line;
  const goals = values.goal.flat();
  const { minimize } = values;
  if (goals.length === 0) throw new UsageError('tune: expected --goal, such as --goal "p99(detect_ms) < 15000"');
  if (minimize === undefined) throw new UsageError('tune: expected --minimize, such as --minimize keepalive_bytes,false_disconnects');

  const file = values.scenario;
  const made = makeTuneStudy({
    file: file ?? 'the usual world',
    text: file === undefined ? stringify(TUNE_WORLD) : readInput(file, MAX_SCENARIO_BYTES),
    readTrace: file === undefined ? null : traceReader(file),
    locateTrace: (name) => resolve(dirname(file ?? '.'), name),
    overrides: [...(values.link ?? []), ...values.set],
    vary: variations(values.vary),
    seeds: values.seeds ?? null,
    metrics: [...new Set([...goals.map(({ metric }) => metric), ...minimize])],
  });
  if (made.study === null) throw new UsageError(made.errors.join('\n'));
  const { study, text } = made;
  // Before a worker does, where it would look like the kit's fault.
  for (const firmware of new Set(study.cells.map(({ scenario }) => scenario.boards.firmware))) loadApp(firmware);
  const options = { ...values, goals, minimize, command: commandOf(words) };
  return await interruptible(io, (signal) => tune(study, text, options, io, signal));
}

function variations(given: readonly Variation[]): Record<string, unknown[]> {
  const twice = given.find(({ path }, index) => given.findIndex((other) => other.path === path) < index);
  if (twice !== undefined) throw new UsageError(`--vary ${twice.path} is given twice; expected all its values after one =`);
  return Object.fromEntries(given.map(({ path, values }) => [path, values]));
}

async function tune(study: Study, studyText: string, options: TuneOptions, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const talks = !options.json && !options.quiet;
  const digest = study.digest.slice('sha256:'.length).slice(0, 8);
  const folder = new RunFolder(options.out ?? join('runs', `tune-${study.base.name}-${digest}`));
  const log = folder.attempt(() => new TrialLog(join(folder.path, TRIAL_LOG), study));
  const threads = trialThreads(options.workers ?? availableParallelism());
  try {
    folder.writeFile(STUDY_FILE, studyText);
    if (talks) io.out(`${describe(study, options, log.size)}\n\n`);
    const plan = planOf(study, options);
    const replay = (trial: Trial) => replayLine(join(folder.path, STUDY_FILE), study, trial);
    const result = await search(plan, (trials) => runBatch(trials, study, log, folder, threads, { ...options, replay }, io, signal));
    const { end } = result;
    if (end === 'interrupted') {
      io.err(`${log.size} runs are kept in ${folder.path}/${TRIAL_LOG}; the same command goes on from there.\n`);
      return EXIT.interrupted;
    }
    const concluded = concludeTune({ study, ...plan, minimize: options.minimize, command: options.command }, { ...result, end });
    await writeResult(concluded, study, folder, options, io);
    return concluded.recommended === null ? EXIT.threshold : EXIT.ok;
  } finally {
    await threads.close();
    log.close();
  }
}

function planOf(study: Study, { goals, minimize, budget }: TuneOptions): SearchPlan {
  const indexOf = (name: string) => study.metrics.indexOf(name);
  const mostSeeds = study.seeds.length;
  return {
    lattice: new Lattice(study.parameters),
    objectives: {
      goals,
      goalMetrics: goals.map(({ metric }) => indexOf(metric)),
      minimize: minimize.map(indexOf),
      trusted: Math.min(TRUSTED_SEEDS, mostSeeds),
      mostSeeds,
    },
    seeds: study.seeds,
    budget,
  };
}

type BatchOptions = Pick<TuneOptions, 'json' | 'quiet'> & { replay(trial: Trial): string };

/** Null when it was interrupted. */
async function runBatch(
  trials: readonly Trial[],
  study: Study,
  log: TrialLog,
  folder: RunFolder,
  threads: TrialThreads,
  { json, quiet, replay }: BatchOptions,
  io: Io,
  signal: AbortSignal,
): Promise<TrialResult[] | null> {
  const missing = trials.filter((trial) => !log.has(trial));
  const done = () => trials.length - missing.length + finished;
  let finished = 0;
  const talks = !json && !quiet && missing.length > 0;
  if (talks) io.err(`  ${plural(new Set(trials.map(({ cell }) => cell)).size, 'setting')}, ${plural(trials.length, 'run')}\n`);
  const progress = await showStudyProgress(done(), trials.length, io, talks && io.errIsTerminal);
  try {
    await threads.run(
      missing,
      ({ cell, seed }) => ({ scenario: study.cells[cell].scenario, seed, metrics: study.metrics }),
      (trial, result) => {
        folder.attempt(() => log.append(trial, result));
        finished += 1;
        progress.onDone(done());
      },
      signal,
    );
  } catch (error) {
    throw error instanceof TrialFailure ? new RunFailure(replay(error.trial as Trial), error) : error;
  } finally {
    progress.end();
  }
  return trials.every((trial) => log.has(trial)) ? trials.map((trial) => log.get(trial)) : null;
}

function replayLine(studyFile: string, study: Study, { cell, seed }: Trial): string {
  const settings = ['sweep=null', `seed=${seed}`, ...study.cells[cell].settings].map((setting) => ` --set ${shellQuote(setting)}`);
  return `npx tsx sim replay ${shellQuote(studyFile)}${settings.join('')}`;
}

async function writeResult(result: TuneResult, study: Study, folder: RunFolder, options: TuneOptions, io: Io): Promise<void> {
  const { recommended } = result;
  const scenario = recommended && study.cells[recommended.cell].scenario;
  folder.writeFile(FRONT_FILE, toJson(result));
  const files = [FRONT_FILE, STUDY_FILE];
  if (scenario !== null) {
    folder.writeFile(CONFIG_FILE, toJson(deviceConfig(scenario)));
    files.unshift(CONFIG_FILE);
  } else folder.attempt(() => rmSync(join(folder.path, CONFIG_FILE), { force: true }));
  const relay = scenario && `npx tsx relay ${relayFlags(scenario)}`;
  if (!options['no-report']) {
    folder.writeFile(REPORT_FILE, await renderTune(result, { relay, config: scenario && toJson(deviceConfig(scenario)) }));
    files.push(REPORT_FILE);
  }
  if (options.json) return void io.out(toJson(result));
  io.out(`${tuneWords(result, relay, join(folder.path, CONFIG_FILE), screenOf(io))}\n`);
  io.out(`Written to ${folder.path}/ (${files.join(', ')})\n`);
  io.out(`The whole grid: npx tsx sim sweep ${shellQuote(join(folder.path, STUDY_FILE))}\nAgain: ${result.command}\n`);
}

function describe({ base, parameters, cells, seeds }: Study, { goals, minimize, budget }: TuneOptions, kept: number): string {
  const space = parameters.map(({ name, values }) => `${name} (${values.length})`).join(' × ');
  const before = kept === 0 ? '' : ` ${kept} runs are there from before.`;
  return wrap(
    `World "${base.name}"${base.about === '' ? '.' : `: ${base.about}`} Wanted: ${goals.map(({ expr }) => expr).join(' and ')}, with as little ` +
      `${minimize.join(' and ')} as can be, among ${space} = ${cells.length} settings, at most ${seeds.length} seeds each from ${seeds[0]} on ` +
      `and ${budget} runs in all.${before}`,
  );
}

/** The line without what changes neither the result nor its place. */
function commandOf(words: readonly string[]): string {
  const kept = words.filter((word, index) => !/^--(json|quiet|no-report|workers)(=|$)/.test(word) && words[index - 1] !== '--workers');
  return ['npx tsx sim tune', ...kept.map(shellQuote)].join(' ');
}
