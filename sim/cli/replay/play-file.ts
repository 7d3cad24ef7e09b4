/**
 * One file of `replay`, played with everything around it: what it is, the run, and how a recording compares.
 * In this thread, whichever that is.
 */
import { join, resolve } from 'node:path';
import { shellQuote } from 'host/shell-quote';
import { formatDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import type { Summary } from '../../measure/result.ts';
import type { StopAt } from '../../run/run.ts';
import type { Standstill } from '../../run/standstill/standstill.ts';
import type { Override } from '../../scenario/document/overrides.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Brought, defaultFolder, execute, REPLAY_COMMAND, WHY_COMMAND } from '../execute.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { type LiveSettings, liveScenario, liveWords } from '../flags/live.ts';
import type { OutputOptions } from '../flags/output-flags.ts';
import { fileOfRun, type PcapSettings } from '../flags/pcap-flags.ts';
import { type UntilSettings, untilWords } from '../flags/until-flags.ts';
import type { Io } from '../io.ts';
import type { LoadedFile } from '../load-file.ts';
import { runName } from '../output/run-folder.ts';
import { TraceComparison } from '../recording/trace-comparison.ts';
import { TRACE_FILE } from '../recording/trace-file.ts';

export interface PlayOptions {
  live: LiveSettings | null;
  output: OutputOptions;
  pcap: PcapSettings | null;
  /** null: to the end. */
  until: UntilSettings | null;
  fileCount: number;
  /** False where several run at a time. */
  progress: boolean;
}

export interface Outcome {
  summary: Summary;
  /** What a relay recorded, played with changes: the run before it is the same without. */
  isAfter: boolean;
  /** With the recording that it is played from. */
  isCompared: boolean;
  /** Where and how it differs from that; null: it does not, or was not compared. */
  difference: string | null;
  exitCode: ExitCode;
}

/** What can be sent to a thread. */
export type PlayedFile = Pick<LoadedFile, 'file' | 'scenario' | 'recording' | 'field' | 'overrides' | 'ports'>;

/** The command that plays it again. */
export function replayLine({ file, overrides, ports }: PlayedFile, live: LiveSettings | null, until: UntilSettings | null = null): string {
  const portWords = ports.map((port) => `--port ${port}`);
  return (
    [REPLAY_COMMAND, shellQuote(file), ...portWords, ...overrides.map(({ text }) => `--set ${shellQuote(text)}`)].join(' ') +
    liveWords(live) +
    untilWords(until)
  );
}

/** @param brought by a worker thread */
export async function playFile(
  played: PlayedFile & Pick<LoadedFile, 'app'>,
  { live, output: told, pcap: wanted, until, fileCount, progress }: PlayOptions,
  io: Io,
  signal: AbortSignal,
  brought?: Brought,
): Promise<Outcome> {
  const { file, scenario: virtual, app, recording, field, overrides } = played;
  // What is left of a run that was stopped is no recording of it.
  const output = until === null ? told : { ...told, traceLevel: 'none' as const };
  const talks = !output.json && !output.quiet;
  const scenario = live === null ? virtual : liveScenario(virtual, live, false);
  const isCompared = recording !== null && overrides.length === 0 && live === null && until === null;
  const own = until === null && (recording === null || !isCompared) ? defaultFolder(scenario) : null;
  const folder = output.folder === null ? own : fileCount === 1 ? output.folder : join(output.folder, runName(scenario));
  if (recording !== null && folder !== null && resolve(folder, TRACE_FILE) === resolve(file)) {
    throw new UsageError(`--out: ${folder} holds the recording itself; expected another folder`);
  }
  if (talks && recording !== null)
    io.out(`${introduce(recording.events, recording.hash === null, until === null ? isCompared : 'stopped', file)}\n`);
  if (talks && field !== null) {
    const paragraphs = introduceField(field, overrides).map((paragraph) => wrap(paragraph));
    io.out(`${paragraphs.join('\n')}\n\n`);
  }
  const comparison = isCompared ? new TraceComparison(recording) : null;
  const pcap = wanted && (fileCount === 1 ? wanted : { ...wanted, file: fileOfRun(wanted.file, runName(scenario)) });
  const replay = replayLine(played, live, until);
  // Of the field, and of the wall clock, nobody knows the luck.
  const why = field !== null || live !== null || until !== null ? null : replay.replace(REPLAY_COMMAND, WHY_COMMAND);
  const stop = until && (await stopAt(until, scenario, output, io));
  const job = { scenario, app, replay, why, folder, output, comparison, stop, live, pcap, progress, brought };
  const summary = await execute(job, io, signal);
  const difference = summary.interrupted ? null : (comparison?.finish(summary.trace_hash) ?? null);
  if (difference !== null) io.err(`${difference}\n`);
  else if (talks && comparison !== null && !summary.interrupted) io.out('The run is the same as its recording.\n');
  const isAfter = field !== null && overrides.length > 0;
  return { summary, isAfter, isCompared, difference, exitCode: difference === null ? exitCodeOf(summary) : EXIT.check };
}

/** A change comes after the recording as it was, which has told everything already. */
function introduceField(field: readonly string[], overrides: readonly Override[]): readonly string[] {
  return overrides.length === 0 ? field : [`The same with ${overrides.map(({ text }) => text).join(', ')}:`];
}

/** The standstill is loaded for whoever looks at one, in the main thread only. */
async function stopAt({ atMs, inspect }: UntilSettings, { durationMs }: Scenario, { json, quiet }: OutputOptions, io: Io): Promise<StopAt> {
  const tell = () => {
    if (!json && !quiet) io.out(`Stopped at ${formatDuration(atMs)} of ${formatDuration(durationMs)}: what follows is of this part.\n\n`);
  };
  if (!inspect) return { atMs, standing: tell };
  const { Standstill } = await import('../../run/standstill/standstill.ts');
  const { inspectWorld } = await import('../inspect.ts');
  let standstill: Standstill;
  return {
    atMs,
    begin(world) {
      standstill = new Standstill(world);
    },
    standing(world) {
      tell();
      io[json ? 'err' : 'out'](`${standstill.text}\n\n`);
      inspectWorld(world, standstill, io);
    },
  };
}

function introduce(events: number, isCut: boolean, compared: boolean | 'stopped', file: string): string {
  const cut = isCut ? `${file} was cut off after ${events} events.` : `${file} holds ${events} events.`;
  if (compared === 'stopped') return `${cut} The run is stopped before its end, so it is not compared with it.`;
  if (!compared) return `${cut} Its settings are changed by --set, so the run is not compared with it.`;
  return isCut ? `${cut} The run is compared up to there.` : `${cut} The run is compared with them.`;
}
