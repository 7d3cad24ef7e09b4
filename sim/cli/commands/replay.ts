/**
 * `npx tsx sim replay FILE…`: plays scenario files, and recordings, which must come out the same again.
 *
 * All files are read and checked before the first one runs. A recording is compared with the run; after --set it only says where the settings come from.
 */
import { join, resolve } from 'node:path';
import { type Command, listFlag, readCommandLine } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import type { Summary } from '../../measure/result.ts';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import { defaultFolder, execute, REPLAY_COMMAND, toJson } from '../execute.ts';
import { EXIT, type ExitCode, exitCodeOf, gravest } from '../exit-code.ts';
import { expandPatterns } from '../files/expand-patterns.ts';
import { LIVE_FLAGS, type LiveSettings, liveScenario, liveSettings, liveWords } from '../flags/live.ts';
import { OUTPUT_FLAGS, type OutputOptions, outputOptions } from '../flags/output-flags.ts';
import { capturedBoards, fileOfRun, PCAP_FLAGS, type PcapSettings, pcapSettings } from '../flags/pcap-flags.ts';
import { asOverride } from '../flags/setting-flags.ts';
import { interruptible } from '../interrupt.ts';
import { type Io, screenOf } from '../io.ts';
import { type LoadedFile, loadFile } from '../load-file.ts';
import { runName } from '../output/run-folder.ts';
import { runsTable } from '../output/summary-table.ts';
import { TraceComparison } from '../recording/trace-comparison.ts';
import { TRACE_FILE } from '../recording/trace-file.ts';

const REPLAY_FLAGS = {
  set: listFlag<Override>({
    about: 'Override one field (--set link.loss=0.1); may be repeated',
    expected: 'path=value',
    parse: (text) => {
      const override = parseOverride(text);
      if (typeof override === 'string') throw new UsageError(override);
      return override;
    },
  }),
  ...LIVE_FLAGS,
  ...OUTPUT_FLAGS,
  ...PCAP_FLAGS,
};

const COMMAND: Command<typeof REPLAY_FLAGS> = {
  usage: 'npx tsx sim replay',
  positionals: 'FILE…',
  about:
    'Plays scenario files (.yaml) and recordings (.jsonl). The recording of a run must give the same events and the same trace_hash again; from the recording ' +
    'of a relay (npx tsx relay --record) the links are inferred, and with --set it is played as it was, then changed.',
  flags: REPLAY_FLAGS,
  examples: [
    ['npx tsx sim replay scenarios/half-open.yaml', 'a scenario'],
    ["npx tsx sim replay 'scenarios/*.yaml' --set boards.count=50", 'several, each with 50 boards; in any shell'],
    ['npx tsx sim replay runs/default-1-0123abcd/trace.jsonl', 'a recording, compared event by event'],
    ['npx tsx sim replay field.jsonl --set relay.ping_interval=5s', 'what a relay recorded, before and after a change'],
  ],
  meant: asOverride,
};

interface ReplayOptions {
  live: LiveSettings | null;
  output: OutputOptions;
  pcap: PcapSettings | null;
  fileCount: number;
}

interface Outcome {
  summary: Summary;
  /** What a relay recorded, played with changes: the run before it is the same without. */
  isAfter: boolean;
  exitCode: ExitCode;
}

export async function replayCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  if (line.positionals.length === 0) throw new UsageError('replay: expected at least one FILE (.yaml or .jsonl)');
  const output = outputOptions(line.values, line.given);
  const live = liveSettings(line.values, line.given);
  const pcap = pcapSettings(line.values, line.given);
  const note = output.json || output.quiet ? () => {} : (line: string) => io.err(line);
  const files = await loadFiles(await expandPatterns(line.positionals), line.values.set, note);
  if (pcap !== null) for (const { scenario } of files) capturedBoards(pcap, scenario);
  const isChanged = line.values.set.length > 0;
  if (line.given.has('trace') && !isChanged) refuseTraceLevel(files);
  const outcomes = await interruptible(io, async (signal) => {
    const done: Outcome[] = [];
    for (const file of files) {
      if (signal.aborted) break;
      done.push(await replayFile(file, { live, output, pcap, fileCount: files.length }, io, signal));
    }
    return done;
  });
  printOutcomes(outcomes, output, io);
  return gravest(outcomes.map(({ exitCode }) => exitCode));
}

async function loadFiles(names: readonly string[], overrides: readonly Override[], note: (line: string) => void): Promise<LoadedFile[]> {
  const files: LoadedFile[] = [];
  const errors: string[] = [];
  for (const name of names) {
    try {
      files.push(...(await loadFile(name, overrides, note)));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  return files;
}

function refuseTraceLevel(files: readonly LoadedFile[]): void {
  const { recording } = files.find((file) => file.recording !== null) ?? {};
  if (recording)
    throw new UsageError(`--trace: a recording is compared at the level it was made with; expected no --trace for ${recording.file}`);
}

async function replayFile(
  { file, scenario: virtual, app, recording, field, overrides }: LoadedFile,
  { live, output, pcap, fileCount }: ReplayOptions,
  io: Io,
  signal: AbortSignal,
): Promise<Outcome> {
  const talks = !output.json && !output.quiet;
  const scenario = live === null ? virtual : liveScenario(virtual, live, false);
  const isCompared = recording !== null && overrides.length === 0 && live === null;
  const own = recording === null || !isCompared ? defaultFolder(scenario) : null;
  const folder = output.folder === null ? own : fileCount === 1 ? output.folder : join(output.folder, runName(scenario));
  if (recording !== null && folder !== null && resolve(folder, TRACE_FILE) === resolve(file)) {
    throw new UsageError(`--out: ${folder} holds the recording itself; expected another folder`);
  }
  if (talks && recording !== null) io.out(`${introduce(recording.events, recording.hash === null, isCompared, file)}\n`);

  if (talks && field !== null)
    io.out(
      `${introduceField(field, overrides)
        .map((paragraph) => wrap(paragraph))
        .join('\n')}\n\n`,
    );

  const comparison = isCompared ? new TraceComparison(recording) : null;
  const replay =
    [REPLAY_COMMAND, shellQuote(file), ...overrides.map(({ text }) => `--set ${shellQuote(text)}`)].join(' ') + liveWords(live);
  const job = {
    scenario,
    app,
    replay,
    folder,
    output,
    comparison,
    live,
    pcap: pcap && (fileCount === 1 ? pcap : { ...pcap, file: fileOfRun(pcap.file, runName(scenario)) }),
  };
  const summary = await execute(job, io, signal);
  const difference = summary.interrupted ? null : (comparison?.finish(summary.trace_hash) ?? null);
  if (difference !== null) io.err(`${difference}\n`);
  else if (talks && comparison !== null && !summary.interrupted) io.out('The run is the same as its recording.\n');
  const isAfter = field !== null && overrides.length > 0;
  return { summary, isAfter, exitCode: difference === null ? exitCodeOf(summary) : EXIT.check };
}

/** A change comes after the recording as it was, which has told everything already. */
function introduceField(field: readonly string[], overrides: readonly Override[]): readonly string[] {
  return overrides.length === 0 ? field : [`The same with ${overrides.map(({ text }) => text).join(', ')}:`];
}

function introduce(events: number, isCut: boolean, isCompared: boolean, file: string): string {
  const cut = isCut ? `${file} was cut off after ${events} events.` : `${file} holds ${events} events.`;
  if (!isCompared) return `${cut} Its settings are changed by --set, so the run is not compared with it.`;
  return isCut ? `${cut} The run is compared up to there.` : `${cut} The run is compared with them.`;
}

const WORDS: Record<ExitCode, string> = { 0: 'ok', 1: 'bug', 2: 'usage', 3: 'threshold', 4: 'check', 130: 'stopped' };

function printOutcomes(outcomes: readonly Outcome[], output: OutputOptions, io: Io): void {
  const summaries = outcomes.map(({ summary }) => summary);
  if (output.json) {
    io.out(toJson(summaries.length === 1 ? summaries[0] : { runs: summaries }));
    return;
  }
  if (outcomes.length < 2) return;
  const runs = outcomes.map(({ summary, isAfter, exitCode }) => ({
    summary: isAfter ? { ...summary, scenario: `${summary.scenario} --set` } : summary,
    end: WORDS[exitCode],
  }));
  io.out(`${runsTable(runs, screenOf(io))}\n`);
}
