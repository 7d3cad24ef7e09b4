/**
 * `npx tsx sim fuzz`: random failures and settings, a run for each seed, until an invariant breaks; then the
 * smallest scenario that still breaks it.
 *
 * What a seed comes to depends on nothing else: not on the number of workers, nor on the seeds before it.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { plural } from 'host/format';
import { shellQuote } from 'host/shell-quote';
import { SECOND_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { type Case, caseOf } from '../../fuzz/case.ts';
import { type Found, fuzzThreads, search, shrinkAll } from '../../fuzz/search.ts';
import { writeCase } from '../../fuzz/write-case.ts';
import { loadScenario } from '../../scenario/document/load.ts';
import { resolve } from '../../scenario/document/resolve.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { HEADER_FIELDS } from '../../scenario/settings.ts';
import { folderOfFile, seenFrom } from '../../sources/folder-of-file.ts';
import { readyPrograms } from '../../sources/ready-firmware.ts';
import { type FuzzEnd, fuzzReport } from '../ci/fuzz-suite.ts';
import { CiOutputs } from '../ci/outputs.ts';
import { emptyReport } from '../ci/suite.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readScenario } from '../files/scenario-file.ts';
import { CI_FLAGS, type CiValues } from '../flags/ci-flags.ts';
import { wholeNumber } from '../flags/whole-number.ts';
import { WORKERS_FLAG } from '../flags/workers-flag.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { RunFolder } from '../output/run-folder.ts';
import { showStudyProgress } from '../output/study-progress.ts';

/** A few days of a core. */
const MAX_SEEDS = 1_000_000;
const DEFAULT_SEEDS = 200;
/** A day. */
const MAX_MINUTES = 1_440;
const MS_PER_MINUTE = 60_000;
/** Other seeds of a finding that are told. */
const MAX_SEEDS_TOLD = 8;

const FUZZ_FLAGS = {
  scenario: valueFlag<string>({
    about: 'What to start from: firmware, steps, and at most how many boards and how long; else the default fleet',
    expected: 'a scenario (.yaml)',
    parse: (text) => (text === '' ? null : text),
  }),
  seeds: valueFlag({
    about: 'Cases to try',
    expected: `a whole number from 1 to ${MAX_SEEDS}`,
    default: String(DEFAULT_SEEDS),
    parse: wholeNumber(1, MAX_SEEDS),
  }),
  seed: valueFlag({
    about: 'The first of them',
    expected: HEADER_FIELDS.seed.expected,
    default: '1',
    parse: (text) => (/^\d{1,10}$/.test(text) ? HEADER_FIELDS.seed.read(Number(text)) : null),
  }),
  minutes: valueFlag({
    about: 'Try no more cases after so many minutes',
    expected: `a whole number from 1 to ${MAX_MINUTES}`,
    parse: wholeNumber(1, MAX_MINUTES),
  }),
  workers: WORKERS_FLAG,
  out: valueFlag({
    about: 'Where the scenarios that break are written, each as fuzz-<seed>/<check>.yaml',
    expected: 'a folder',
    default: 'runs',
    parse: (text) => (text === '' ? null : text),
  }),
  json: switchFlag('Print the findings as JSON and nothing else'),
  quiet: switchFlag('Print the findings only: no plan, no progress'),
  ...CI_FLAGS,
};

const COMMAND: Command<typeof FUZZ_FLAGS> = {
  usage: 'npx tsx sim fuzz',
  about:
    'Searches for broken invariants: each seed draws boards, link, keepalives, backoff, policies and failures, and its run is held against every check. Of each ' +
    'check that broke the smallest scenario that still breaks it is written. Exits with 4 when something broke.',
  flags: FUZZ_FLAGS,
  examples: [
    ['npx tsx sim fuzz --seeds 1000', 'a thousand cases of the default fleet'],
    ['npx tsx sim fuzz --scenario mine.yaml --minutes 10', 'your own firmware and steps, in random weather'],
    ['npx tsx sim fuzz --seed 4711 --seeds 1', 'one case again'],
  ],
};

interface FuzzOptions extends CiValues {
  scenario: string | undefined;
  seeds: number;
  seed: number;
  minutes: number | undefined;
  workers: number | undefined;
  out: string;
  json: boolean;
  quiet: boolean;
}

/** What `--json` prints of one finding. */
interface ToldFinding {
  check: string;
  /** The first that found it, and all of them. */
  seed: number;
  seeds: number[];
  detail: string;
  file: string;
  replay: string;
}

export async function fuzzCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const options: FuzzOptions = line.values;
  const { scenario: file = null, seed: firstSeed } = options;
  const ci = new CiOutputs(options);
  let report = () => emptyReport('sim fuzz');
  return await ci.telling(
    io,
    () => report(),
    async () => {
      const source = file === null ? null : readScenario(file);
      const base = baseOf(file, source);
      // Before a worker does, where it would look like the kit's fault.
      await readyPrograms(base, io.err);
      const startedMs = io.nowMs();
      const end: FuzzEnd = { tried: 0, interrupted: false, findings: [] };
      report = () => {
        const seconds = (io.nowMs() - startedMs) / SECOND_MS;
        return fuzzReport({ name: base.name, file, source, firstSeed, replay: commandOf(options), seconds }, end);
      };
      return await interruptible(io, (signal) => fuzz(caseOf(base), options, end, io, signal));
    },
  );
}

function baseOf(file: string | null, source: string | null): Scenario {
  const { scenario, errors } =
    file === null || source === null ? { ...resolve({}), errors: [] } : loadScenario(file, source, [], folderOfFile(file));
  if (scenario === null) throw new UsageError(errors.join('\n'));
  return scenario;
}

function commandOf({ scenario, seed, seeds }: FuzzOptions): string {
  return `npx tsx sim fuzz ${scenario === undefined ? '' : `--scenario ${shellQuote(scenario)} `}--seed ${seed} --seeds ${seeds}`;
}

/** @param end told as it becomes known */
async function fuzz(base: Case, options: FuzzOptions, end: FuzzEnd, io: Io, interrupted: AbortSignal): Promise<ExitCode> {
  const { seed, seeds, minutes, json, quiet, workers = availableParallelism() } = options;
  const talks = !json && !quiet;
  if (talks) io.out(`${wrap(describe(options))}\n\n`);
  const progress = await showStudyProgress(0, seeds, io, talks);
  const timeOver = minutes === undefined ? [] : [AbortSignal.timeout(minutes * MS_PER_MINUTE)];
  const signal = AbortSignal.any([interrupted, ...timeOver]);
  const threads = fuzzThreads(workers);
  try {
    const { tried, found } = await search(base, seed, seeds, threads, (done) => progress.onDone(done), signal);
    end.tried = tried;
    progress.end();
    if (talks && found.length > 0 && !interrupted.aborted)
      io.err(`${namesOf(found)} broke: looking for the smallest scenarios in which they still do.\n`);
    const smallest = interrupted.aborted ? found : await shrinkAll(found, threads, interrupted);
    const findings = smallest.map((one) => writeFinding(one, options.out));
    Object.assign(end, { findings, interrupted: interrupted.aborted });
    if (json) io.out(toJson({ version: 1, first_seed: seed, cases: tried, interrupted: interrupted.aborted, findings }));
    else io.out(`${[`${plural(tried, 'case')}, ${told(findings)}.`, ...findings.map(tell)].join('\n\n')}\n`);
    if (interrupted.aborted) return EXIT.interrupted;
    return findings.length > 0 ? EXIT.check : EXIT.ok;
  } finally {
    await threads.close();
  }
}

function namesOf(found: readonly Found[]): string {
  return found.map(({ finding }) => finding.name).join(', ');
}

function told(findings: readonly ToldFinding[]): string {
  return findings.length === 0 ? 'and nothing broke' : `${plural(findings.length, 'kind')} of break`;
}

function describe({ scenario, seed, seeds, minutes }: FuzzOptions): string {
  const base = scenario === undefined ? 'the default fleet' : scenario;
  const last = seeds > 1 ? ` to ${seed + seeds - 1}` : '';
  return `Random settings and failures on ${base}, a case for each seed from ${seed}${last}${minutes === undefined ? '' : `, for at most ${minutes} min`}.`;
}

function writeFinding({ fuzzed, finding, seed, seeds }: Found, out: string): ToldFinding {
  const folder = new RunFolder(join(out, `fuzz-${seed}`));
  const name = `${finding.name}.yaml`;
  folder.writeFile(name, writeCase(movedTo(folder.path, fuzzed), finding));
  const file = join(folder.path, name);
  return { check: finding.name, seed, seeds, detail: finding.detail, file, replay: `npx tsx sim replay ${shellQuote(file)}` };
}

/** A case whose firmware is named as a scenario in that folder names it. */
function movedTo(folder: string, fuzzed: Case): Case {
  const { firmware } = fuzzed.boards;
  return typeof firmware === 'string' ? { ...fuzzed, boards: { ...fuzzed.boards, firmware: seenFrom(folder, firmware) } } : fuzzed;
}

function tell({ check, detail, seed, seeds, replay }: ToldFinding): string {
  const others = seeds.filter((one) => one !== seed);
  const more = others.length > MAX_SEEDS_TOLD ? `, … (${others.length})` : '';
  const also = others.length > 0 ? ` Also with seed ${others.slice(0, MAX_SEEDS_TOLD).join(', ')}${more}.` : '';
  return `${check}, seed ${seed}: ${detail.split('\n', 1)[0]}.${also}\n${replay}`;
}
