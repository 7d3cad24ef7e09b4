/**
 * A tuning under way, whoever asked for it (`tune`, `advise`): races settings on all cores, and leaves its
 * files.
 *
 * Finished runs are kept in the output folder as they come (`cells.jsonl`, as a sweep's), so that the same
 * command goes on where one before it was stopped or killed. The search decides from results alone, in the
 * order of cells and seeds: neither workers nor interruptions change what it does.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { plural } from 'host/format';
import { shellQuote } from 'host/shell-quote';
import { wrap } from 'host/wrap';
import { answersFor, notSettable } from '../presets/limits.ts';
import type { Study } from '../study/sweep/study.ts';
import { type TrialThreads, trialThreads } from '../study/sweep/threads.ts';
import type { TrialResult } from '../study/sweep/trial.ts';
import { TRIAL_LOG, type Trial, TrialLog } from '../study/sweep/trial-log.ts';
import type { Goal } from '../study/tune/goal.ts';
import { renderTune } from '../study/tune/report.ts';
import { concludeTune, type TuneResult } from '../study/tune/result.ts';
import { type SearchPlan, search } from '../study/tune/search.ts';
import { Lattice } from '../study/tune/search-lattice.ts';
import { TRUSTED_SEEDS } from '../study/tune/search-samples.ts';
import { playedIn } from '../study/tune/study.ts';
import { TrialFailure } from '../workers/pool.ts';
import { toJson } from './execute.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Io, type Screen, screenOf } from './io.ts';
import { RunFolder } from './output/run-folder.ts';
import { showStudyProgress } from './output/study-progress.ts';
import { deviceConfig, relayFlags } from './output/tune-config.ts';
import { RunFailure } from './run-failure.ts';

const STUDY_FILE = 'study.yaml';
const FRONT_FILE = 'front.json';
const CONFIG_FILE = 'recommended.config.json';
const REPORT_FILE = 'report.html';

export interface Tuning {
  study: Study;
  /** The study as YAML. */
  text: string;
  goals: readonly Goal[];
  minimize: readonly string[];
  /** Most runs. */
  budget: number;
  /** The command that gives the same result. */
  command: string;
  /** What is about to be done, as a paragraph. */
  plan: string;
  /** Tell each batch of runs as it begins. */
  tellsBatches: boolean;
  /** Its result for people. @param relay the command of the relay; null when nothing is recommended */
  tell(result: TuneResult, relay: string | null, configFile: string, screen: Screen): string;
}

export interface TuningOptions {
  workers: number | undefined;
  /** undefined: runs/<name>-<digest of the study> */
  out: string | undefined;
  json: boolean;
  quiet: boolean;
  'no-report': boolean;
}

/** @param name of the folder that it leaves behind, without the digest */
export async function runTuning(tuning: Tuning, name: string, options: TuningOptions, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const { study, tellsBatches } = tuning;
  const talks = !options.json && !options.quiet;
  const digest = study.digest.slice('sha256:'.length).slice(0, 8);
  const folder = new RunFolder(options.out ?? join('runs', `${name}-${digest}`));
  const log = folder.attempt(() => new TrialLog(join(folder.path, TRIAL_LOG), study));
  const threads = trialThreads(options.workers ?? availableParallelism());
  try {
    folder.writeFile(STUDY_FILE, tuning.text);
    const before = log.size === 0 ? '' : ` ${log.size} runs are there from before.`;
    if (talks) io.out(`${wrap(`${tuning.plan}${before}`)}\n\n`);
    const plan = planOf(tuning);
    const replay = (trial: Trial) => replayLine(join(folder.path, STUDY_FILE), study, trial);
    const result = await search(plan, (trials) =>
      runBatch(trials, study, log, folder, threads, { ...options, tellsBatches, replay }, io, signal),
    );
    const { end } = result;
    if (end === 'interrupted') {
      io.err(`${log.size} runs are kept in ${folder.path}/${TRIAL_LOG}; the same command goes on from there.\n`);
      return EXIT.interrupted;
    }
    const concluded = concludeTune({ study, ...plan, minimize: tuning.minimize, command: tuning.command }, { ...result, end });
    await writeResult(concluded, tuning, folder, options, io);
    return concluded.recommended === null ? EXIT.threshold : EXIT.ok;
  } finally {
    await threads.close();
    log.close();
  }
}

function planOf({ study, goals, minimize, budget }: Tuning): SearchPlan {
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

type BatchOptions = Pick<TuningOptions, 'json' | 'quiet'> & Pick<Tuning, 'tellsBatches'> & { replay(trial: Trial): string };

/** Null when it was interrupted. */
async function runBatch(
  trials: readonly Trial[],
  study: Study,
  log: TrialLog,
  folder: RunFolder,
  threads: TrialThreads,
  { json, quiet, tellsBatches, replay }: BatchOptions,
  io: Io,
  signal: AbortSignal,
): Promise<TrialResult[] | null> {
  const missing = trials.filter((trial) => !log.has(trial));
  const done = () => trials.length - missing.length + finished;
  let finished = 0;
  const talks = !json && !quiet && missing.length > 0;
  if (talks && tellsBatches)
    io.err(`  ${plural(new Set(trials.map(({ cell }) => cell)).size, 'setting')}, ${plural(trials.length, 'run')}\n`);
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

async function writeResult(result: TuneResult, { study, tell }: Tuning, folder: RunFolder, options: TuningOptions, io: Io): Promise<void> {
  const { recommended } = result;
  const scenario = recommended && study.cells[recommended.cell].scenario;
  const answers = scenario === null ? [] : answersFor(playedIn(scenario));
  const document = toJson(answers.length === 0 ? result : { ...result, answers });
  folder.writeFile(FRONT_FILE, document);
  const files = [FRONT_FILE, STUDY_FILE];
  if (scenario !== null) {
    folder.writeFile(CONFIG_FILE, toJson(deviceConfig(scenario)));
    files.unshift(CONFIG_FILE);
  } else folder.attempt(() => rmSync(join(folder.path, CONFIG_FILE), { force: true }));
  const cannot = new Set(scenario === null ? [] : Object.values(notSettable(scenario.boards.client, scenario.relay.server)));
  const relay = scenario && `npx tsx relay ${relayFlags(scenario)}`;
  if (!options['no-report']) {
    folder.writeFile(REPORT_FILE, await renderTune(result, { relay, config: scenario && toJson(deviceConfig(scenario)), answers }));
    files.push(REPORT_FILE);
  }
  if (options.json) return void io.out(document);
  io.out(`${tell(result, relay, join(folder.path, CONFIG_FILE), screenOf(io))}\n`);
  for (const { name, answer } of answers) io.out(`${name}, ${answer.place}:\n${answer.lines.map((line) => `  ${line}\n`).join('')}`);
  for (const why of cannot) io.out(`${wrap(`What cannot be set: ${why}.`, '  ')}\n`);
  io.out(`Written to ${folder.path}/ (${files.join(', ')})\n`);
  io.out(`The whole grid: npx tsx sim sweep ${shellQuote(join(folder.path, STUDY_FILE))}\nAgain: ${result.command}\n`);
}
