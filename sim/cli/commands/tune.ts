/** `npx tsx sim tune --goal … --minimize …`: the settings that keep a goal and cost least. */
import { dirname, resolve } from 'node:path';
import { readCommandLine } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { stringify } from 'yaml';
import { folderOfFile, fromAnywhere } from '../../sources/folder-of-file.ts';
import { readyFirmwares } from '../../sources/ready-firmware.ts';
import type { Study } from '../../study/sweep/study.ts';
import type { Goal } from '../../study/tune/goal.ts';
import { makeTuneStudy } from '../../study/tune/study.ts';
import { TUNE_WORLD } from '../../study/tune/world.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readScenario } from '../files/scenario-file.ts';
import { presetOverrides } from '../flags/preset-flags.ts';
import { TUNE_COMMAND, type Variation } from '../flags/tune-flags.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { tuneWords } from '../output/tune-table.ts';
import { runTuning } from '../tuning.ts';

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
    text: file === undefined ? stringify(TUNE_WORLD) : readScenario(file),
    folder: file === undefined ? null : folderOfFile(file),
    locateTrace: (name) => resolve(dirname(file ?? '.'), name),
    locateFirmware: (name) => (file === undefined ? name : fromAnywhere(folderOfFile(file).locateFirmware(name))),
    overrides: [...presetOverrides(values), ...(values.link ?? []), ...values.set],
    vary: variations(values.vary),
    seeds: values.seeds ?? null,
    metrics: [...new Set([...goals.map(({ metric }) => metric), ...minimize])],
  });
  if (made.study === null) throw new UsageError(made.errors.join('\n'));
  const { study, text, left } = made;
  // Before a worker does, where it would look like the kit's fault.
  await readyFirmwares(
    study.cells.map(({ scenario }) => scenario),
    io.err,
  );
  const { budget } = values;
  const plan = [describe(study, goals, minimize, budget), ...left].join(' ');
  const tuning = { study, text, goals, minimize, budget, plan, tellsBatches: true, command: commandOf(words), tell: tuneWords };
  return await interruptible(io, (signal) => runTuning(tuning, `tune-${study.base.name}`, values, io, signal));
}

function variations(given: readonly Variation[]): Record<string, unknown[]> {
  const twice = given.find(({ path }, index) => given.findIndex((other) => other.path === path) < index);
  if (twice !== undefined) throw new UsageError(`--vary ${twice.path} is given twice; expected all its values after one =`);
  return Object.fromEntries(given.map(({ path, values }) => [path, values]));
}

function describe({ base, parameters, cells, seeds }: Study, goals: readonly Goal[], minimize: readonly string[], budget: number): string {
  const space = parameters.map(({ name, values }) => `${name} (${values.length})`).join(' × ');
  return (
    `World "${base.name}"${base.about === '' ? '.' : `: ${base.about}`} Wanted: ${goals.map(({ expr }) => expr).join(' and ')}, with as little ` +
    `${minimize.join(' and ')} as can be, among ${space} = ${cells.length} settings, at most ${seeds.length} seeds each from ${seeds[0]} on ` +
    `and ${budget} runs in all.`
  );
}

/** The line without what changes neither the result nor its place. */
function commandOf(words: readonly string[]): string {
  const kept = words.filter((word, index) => !/^--(json|quiet|no-report|workers)(=|$)/.test(word) && words[index - 1] !== '--workers');
  return ['npx tsx sim tune', ...kept.map(shellQuote)].join(' ');
}
