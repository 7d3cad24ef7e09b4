/**
 * `npx tsx sim sweep FILE`: a study, every cell of its grid once per seed, on all cores; or a part of it, on
 * one machine of several, and `sweep merge` of all parts.
 */
import { join } from 'node:path';
import { type Command, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { readyFirmwares } from '../../sources/ready-firmware.ts';
import { MAX_SEEDS } from '../../study/sweep/read-sweep.ts';
import { MAX_SHARDS, parseShard } from '../../study/sweep/shard.ts';
import { readLog, TRIAL_LOG } from '../../study/sweep/trial-log.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { CI_FLAGS } from '../flags/ci-flags.ts';
import { wholeNumber } from '../flags/whole-number.ts';
import { WORKERS_FLAG } from '../flags/workers-flag.ts';
import type { Io } from '../io.ts';
import { runsOf, studyIn, sweep, telling } from '../sweeping.ts';

/** Of the table. */
const RESULT_FLAGS = {
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

const SWEEP_FLAGS = {
  seeds: valueFlag({
    about: 'Runs per cell, else what the study says',
    expected: `a whole number from 1 to ${MAX_SEEDS}`,
    parse: wholeNumber(1, MAX_SEEDS),
  }),
  workers: WORKERS_FLAG,
  shard: valueFlag({
    about: 'Take this part of the runs and make no table; `sweep merge` makes it of all parts',
    expected: `a number and how many there are, 2/8, at most ${MAX_SHARDS}`,
    parse: parseShard,
  }),
  ...RESULT_FLAGS,
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
    ['npx tsx sim sweep mine.yaml --shard 2/8 --out parts/2', 'an eighth of it, on one of eight machines'],
    ['npx tsx sim sweep merge parts/*', 'the table, of all eight'],
  ],
};

const MERGE_COMMAND: Command<typeof RESULT_FLAGS> = {
  usage: 'npx tsx sim sweep merge',
  positionals: 'DIR…',
  about: 'Makes the table of a study whose runs are in several folders, as `sweep FILE --shard` left them: the same as of one sweep.',
  flags: RESULT_FLAGS,
  examples: [['npx tsx sim sweep merge parts/* --out runs/mine', 'of the shards that other machines ran']],
};

export async function sweepCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  if (words[0] === 'merge') return await mergeCommand(words.slice(1), io);
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const [file, ...more] = line.positionals;
  if (file === undefined || more.length > 0) throw new UsageError('sweep: expected one FILE, a scenario with a sweep: key (.yaml)');
  return await telling(line.values, io, async (tell) => {
    const { study, options } = studyIn(file, line.values.seeds, line.values);
    // Before a worker does, where it would look like the kit's fault.
    await readyFirmwares(
      study.cells.map(({ scenario }) => scenario),
      io.err,
    );
    return await sweep(study, options, io, tell);
  });
}

async function mergeCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(MERGE_COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const folders = line.positionals;
  if (folders.length === 0) throw new UsageError('sweep merge: expected DIR…, the folders that sweep --shard wrote');
  return await telling(line.values, io, async (tell) => {
    const logs = folders.map((folder) => readLog(join(folder, TRIAL_LOG)));
    const { file, seeds } = logs[0].header;
    const { study, options } = studyIn(file, seeds ?? undefined, { ...line.values, workers: undefined, shard: undefined });
    const trials = logs.flatMap(({ trialsOf }) => trialsOf(study));
    const found = new Set(trials.map(({ cell, seed }) => `${cell} ${seed}`)).size;
    if (found < runsOf(study)) {
      throw new UsageError(`sweep merge: ${found} of ${runsOf(study)} runs of ${file} are in ${folders.join(', ')}; expected all of them`);
    }
    return await sweep(study, options, io, tell, trials);
  });
}
