/**
 * `npx tsx sim why RUN`: when an outcome of a run was decided, by what, and which setting undoes it. The run
 * is played many times, with its own luck up to a time and other luck after it.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, listFlag, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { plural } from 'host/format';
import { kitModule } from 'host/kit';
import { shellQuote } from 'host/shell-quote';
import { formatDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { certificatesFor } from '../../certificates/fleet.ts';
import { boardIndex } from '../../kernel/board-id.ts';
import { duration, readTyped } from '../../kernel/fields.ts';
import { CHECKS } from '../../measure/checks/index.ts';
import { parseThreshold } from '../../measure/thresholds.ts';
import { run } from '../../run/run.ts';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { MAX_DURATION_MS } from '../../scenario/settings.ts';
import { type Analysis, analyse } from '../../why/analyse.ts';
import { documentOf } from '../../why/document.ts';
import type { RunAll } from '../../why/find-cure.ts';
import { firstFailure, type Outcome, outcomeFlags, outcomeWords, type Verdict } from '../../why/outcome.ts';
import { renderWhy } from '../../why/page.ts';
import { playTrial, type Trial } from '../../why/play.ts';
import { Threads, TrialFailure } from '../../workers/pool.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { isFolder } from '../files/kind-of-file.ts';
import { verifyFile } from '../files/scenario-file.ts';
import { wholeNumber } from '../flags/whole-number.ts';
import { WORKERS_FLAG } from '../flags/workers-flag.ts';
import { interruptible } from '../interrupt.ts';
import { type Io, screenOf } from '../io.ts';
import { type LoadedFile, loadFile } from '../load-file.ts';
import { RunFolder, runName } from '../output/run-folder.ts';
import { showStudyProgress } from '../output/study-progress.ts';
import { whyWords } from '../output/why-table.ts';
import { TRACE_FILE } from '../recording/trace-file.ts';
import { RunFailure } from '../run-failure.ts';

/** More tell shares apart that nobody would act on. */
const MAX_SEEDS = 200;
const DEFAULT_SEEDS = 20;

const moment = duration(1, MAX_DURATION_MS);

const WHY_FLAGS = {
  check: valueFlag<string>({
    about: `Why this check broke: ${Object.keys(CHECKS).join(', ')}, or what a step expects, as the summary calls it`,
    expected: 'the name of a check',
    parse: (name) => (name === '' ? null : name),
  }),
  threshold: valueFlag<string>({
    about: 'Why this was missed, whether or not the scenario asks for it',
    expected: 'a threshold ("p95(reconnect_ms) < 45s")',
    parse(text) {
      const parsed = parseThreshold(text);
      if (!parsed.ok) throw new UsageError(parsed.message);
      return parsed.threshold.expr;
    },
  }),
  board: valueFlag<number>({
    about: 'Why this board had no open channel, with --at',
    expected: 'the id of a board (board-7)',
    parse: boardIndex,
  }),
  at: valueFlag<number>({ about: 'When it had none', expected: moment.expected, parse: (text) => readTyped(moment, text) }),
  set: listFlag<Override>({
    about: 'Override one field (--set link.loss=0.1); may be repeated',
    expected: 'path=value',
    parse(text) {
      const override = parseOverride(text);
      if (typeof override === 'string') throw new UsageError(override);
      return override;
    },
  }),
  seeds: valueFlag({
    about: 'Other lucks at each time',
    expected: `a whole number from 4 to ${MAX_SEEDS}`,
    default: String(DEFAULT_SEEDS),
    parse: wholeNumber(4, MAX_SEEDS),
  }),
  workers: WORKERS_FLAG,
  out: valueFlag<string>({
    about: 'Where to write the answer, else runs/why-<scenario>-<seed>-<digest of the settings>',
    expected: 'a folder',
    parse: (text) => (text === '' ? null : text),
  }),
  json: switchFlag('Print why.json and nothing else'),
  quiet: switchFlag('Print the result only: no plan, no progress'),
  'no-report': switchFlag('Do not write report.html'),
};

const COMMAND: Command<typeof WHY_FLAGS> = {
  usage: 'npx tsx sim why',
  positionals: 'RUN',
  about:
    'Says what decided a run: plays it with its own luck up to a time and other luck after it, and finds the moment at which the outcome became likely, what happened ' +
    'then, and the setting that undoes it. RUN is the folder of a run, its trace.jsonl, or a scenario. Without a question it is the first check or threshold that failed.',
  flags: WHY_FLAGS,
  examples: [
    ['npx tsx sim why runs/default-1-0123abcd', 'the first that failed in a run'],
    ["npx tsx sim why scenarios/half-open.yaml --threshold 'disconnects == 0'", 'what nobody has asked for yet'],
    ['npx tsx sim why runs/default-1-0123abcd --board board-7 --at 94s', 'why a board was away at that time'],
  ],
};

interface WhyOptions {
  check: string | undefined;
  threshold: string | undefined;
  board: number | undefined;
  at: number | undefined;
  set: Override[];
  seeds: number;
  workers: number | undefined;
  out: string | undefined;
  json: boolean;
  quiet: boolean;
  'no-report': boolean;
}

export async function whyCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { values: options, positionals } = line;
  if (positionals.length !== 1) throw new UsageError('why: expected one RUN: the folder of a run, its trace.jsonl, or a scenario (.yaml)');
  const asked = askedFor(options);
  const file = isFolder(positionals[0]) ? join(positionals[0], TRACE_FILE) : positionals[0];
  verifyFile(file);
  const [loaded, another] = await loadFile(file, { overrides: options.set, ports: [], note: io.err });
  if (loaded.field !== null || another !== undefined)
    throw new UsageError(`${file}: expected the run of a simulation; of the field nobody knows the luck`);
  if (asked?.kind === 'offline') checkBoard(asked, loaded.scenario);
  return await interruptible(io, (signal) => answer(loaded, asked, options, io, signal), 'ending');
}

/** null: whatever failed first. */
function askedFor({ check, threshold, board, at }: WhyOptions): Outcome | null {
  const questions: Outcome[] = [];
  if (check !== undefined) questions.push({ kind: 'check', name: check });
  if (threshold !== undefined) questions.push({ kind: 'threshold', expr: threshold });
  if ((board === undefined) !== (at === undefined))
    throw new UsageError('--board and --at belong together: which board, and when it was away');
  if (board !== undefined && at !== undefined) questions.push({ kind: 'offline', board, atMs: at });
  if (questions.length > 1) throw new UsageError('--check, --threshold and --board are a question each; expected one of them');
  return questions[0] ?? null;
}

function checkBoard({ board, atMs }: Outcome & { kind: 'offline' }, { boards: { count }, durationMs }: Scenario): void {
  if (board >= count) throw new UsageError(`--board: expected one of ${plural(count, 'board')}, board-1 to board-${count}`);
  if (atMs > durationMs) throw new UsageError(`--at: expected a time within the run, at most ${formatDuration(durationMs)}`);
}

async function answer(loaded: LoadedFile, asked: Outcome | null, options: WhyOptions, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const { scenario, file } = loaded;
  const talks = !options.json && !options.quiet;
  const certificates = await certificatesFor(scenario);
  const outcome = asked ?? (await failureOf(loaded, certificates, signal));
  if (outcome === 'interrupted') return EXIT.interrupted;
  const command = commandOf(file, outcome, options);
  const folder = new RunFolder(options.out ?? join('runs', `why-${runName(scenario)}`));
  if (talks)
    io.out(
      `${wrap(`Why ${outcomeWords(outcome)} in ${file}: the run again and again, with its own luck up to a time and other luck after it, ${plural(options.seeds, 'run')} a time.`)}\n\n`,
    );
  const threads = new Threads<Trial, Verdict>(kitModule('sim/why/worker'), options.workers ?? availableParallelism());
  const runs = new Runs(threads, command, io, talks, signal);
  try {
    const result = await analyse({
      scenario,
      outcome,
      seeds: options.seeds,
      play: (trial, listening) => playTrial(trial, loaded.app, certificates, { ...listening, signal }),
      runAll: runs.runAll,
      onPlan: (most) => runs.begin(most),
    });
    await runs.end();
    if (result.kind === 'interrupted' || signal.aborted) {
      io.err('Half an answer is none: nothing is written.\n');
      return EXIT.interrupted;
    }
    if (result.kind === 'held')
      throw new UsageError(
        `${file}: ${outcomeFlags(outcome).join(' ')}: it is not so that ${outcomeWords(outcome)} in this run; expected what went wrong in it`,
      );
    write(result.analysis, { scenario, folder, command, runs: runs.done }, options, io);
    return EXIT.ok;
  } finally {
    await runs.end();
    await threads.close();
  }
}

/** @throws UsageError when nothing failed */
async function failureOf(
  { scenario, app, file }: LoadedFile,
  certificates: Awaited<ReturnType<typeof certificatesFor>>,
  signal: AbortSignal,
): Promise<Outcome | 'interrupted'> {
  const { summary } = await run(scenario, app, { certificates, signal });
  if (signal.aborted) return 'interrupted';
  const failure = firstFailure(summary);
  if (failure !== null) return failure;
  throw new UsageError(`${file}: every check and threshold held; expected a question: --check, --threshold, or --board with --at`);
}

function commandOf(file: string, outcome: Outcome, { set, seeds }: WhyOptions): string {
  const words = [
    ...set.flatMap(({ text }) => ['--set', text]),
    ...outcomeFlags(outcome),
    ...(seeds === DEFAULT_SEEDS ? [] : ['--seeds', String(seeds)]),
  ];
  return ['npx tsx sim why', shellQuote(file), ...words.map(shellQuote)].join(' ');
}

/** All runs of an answer, on threads, and how far they are. */
class Runs {
  done = 0;
  private readonly threads: Threads<Trial, Verdict>;
  private readonly command: string;
  private readonly io: Io;
  private readonly talks: boolean;
  private readonly signal: AbortSignal;
  private progress: ReturnType<typeof showStudyProgress> | null = null;

  constructor(threads: Threads<Trial, Verdict>, command: string, io: Io, talks: boolean, signal: AbortSignal) {
    this.threads = threads;
    this.command = command;
    this.io = io;
    this.talks = talks;
    this.signal = signal;
  }

  begin(most: number): void {
    this.progress = showStudyProgress(0, most, this.io, this.talks);
  }

  readonly runAll: RunAll = async (trials) => {
    const verdicts = new Map<Trial, Verdict>();
    const progress = await this.progress;
    try {
      await this.threads.run(
        trials,
        (trial) => trial,
        (trial, verdict) => {
          verdicts.set(trial, verdict);
          progress?.onDone(++this.done);
        },
        this.signal,
      );
    } catch (error) {
      throw error instanceof TrialFailure ? new RunFailure(this.command, error) : error;
    }
    return this.signal.aborted ? null : trials.map((trial) => verdicts.get(trial) as Verdict);
  };

  async end(): Promise<void> {
    (await this.progress)?.end();
    this.progress = null;
  }
}

interface Written {
  scenario: Scenario;
  folder: RunFolder;
  command: string;
  runs: number;
}

function write(analysis: Analysis, { scenario, folder, command, runs }: Written, options: WhyOptions, io: Io): void {
  const json = toJson(documentOf(analysis, scenario, runs, command));
  folder.writeFile('why.json', json);
  if (!options['no-report']) folder.writeFile('report.html', renderWhy(analysis, scenario, command));
  if (options.json) {
    io.out(json);
    return;
  }
  const files = ['why.json', ...(options['no-report'] ? [] : ['report.html'])];
  io.out(`${whyWords(analysis, screenOf(io))}\n`);
  io.out(`${plural(runs, 'run')}. Written to ${folder.path}/ (${files.join(', ')})\nAgain: ${command}\n`);
}
