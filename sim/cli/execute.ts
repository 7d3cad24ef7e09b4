/**
 * One run with everything around it: the plan in words, progress, the files it leaves, the summary, and the
 * line that replays it.
 *
 * The same for a fleet made of flags, a scenario file and a recording.
 */
import { join } from 'node:path';
import { KIT_VERSION } from 'host/kit';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { type Advice, adviceFor } from '../advice/index.ts';
import type { Programs } from '../board/runtime.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import type { TraceLevel } from '../kernel/events.ts';
import type { RunResult, Summary } from '../measure/result.ts';
import { renderReport } from '../report/report.ts';
import { verdictOf } from '../report/verdict.ts';
import { run, type StopAt } from '../run/run.ts';
import { describeSettings } from '../scenario/describe.ts';
import { documentOf } from '../scenario/document/document-of.ts';
import { defaultScenario } from '../scenario/document/resolve.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { scenarioWithoutSecrets } from '../scenario/secrets.ts';
import { compileFor } from './compiler.ts';
import type { LiveSettings } from './flags/live.ts';
import type { OutputOptions } from './flags/output-flags.ts';
import type { PcapSettings } from './flags/pcap-flags.ts';
import type { Io } from './io.ts';
import { showProgress } from './output/progress.ts';
import type { OpenCapture, RunCapture } from './output/run-capture.ts';
import { RunFolder, runName } from './output/run-folder.ts';
import type { TraceComparison } from './recording/trace-comparison.ts';
import { TRACE_FILE, TraceFile } from './recording/trace-file.ts';
import { TRACE_FORMAT, TRACE_VERSION } from './recording/trace-format.ts';
import { RunFailure } from './run-failure.ts';
import { turnDue } from './turn-due.ts';

const RUNS_FOLDER = 'runs';
export const REPLAY_COMMAND = 'npx tsx sim replay';
export const WHY_COMMAND = 'npx tsx sim why';

export interface Job {
  scenario: Scenario;
  app: Programs;
  /** The command that runs this again. */
  replay: string;
  /** The command that asks why, without its question; null: nobody could answer. */
  why: string | null;
  output: OutputOptions;
  /** null: leave no files. */
  folder: string | null;
  /** With the recording that is played, if one is. */
  comparison: TraceComparison | null;
  /** null: in virtual time. */
  live: LiveSettings | null;
  /** null: no capture. */
  pcap: PcapSettings | null;
  /** Before its end; null: there. */
  stop: StopAt | null;
  /** False: it is not told how far the run is. */
  progress: boolean;
  /** What a worker thread brings along, which cannot import on demand. Never live. */
  brought?: Brought;
}

type RunWords = Pick<typeof import('./output/run-words.ts'), 'planWords' | 'print'>;

/** What is otherwise loaded, or made, when a run needs it. */
export interface Brought {
  /** Of a scenario with TLS. */
  certificates?: FleetCertificates;
  openCapture: OpenCapture;
  words: RunWords;
}

/** Where a run goes when nobody says. */
export function defaultFolder(scenario: Scenario): string {
  return join(RUNS_FOLDER, runName(scenario));
}

export async function execute(job: Job, io: Io, signal: AbortSignal): Promise<Summary> {
  const { scenario, output } = job;
  compileFor(scenario.boards.count, scenario.durationMs);
  const words = output.json ? null : (job.brought?.words ?? (await import('./output/run-words.ts')));
  if (words && !output.quiet) io.out(await words.planWords(scenario, job.live === null ? 'virtual' : 'real'));
  const folder = job.folder === null ? null : new RunFolder(job.folder);
  const level = job.comparison?.level ?? output.traceLevel;
  const stop = new AbortController();
  const capture = job.pcap && (await captureOf(job.pcap, job, () => stop.abort()));
  const trace = folder === null || output.traceLevel === 'none' || level === 'none' ? null : openTrace(folder, scenario, level);
  try {
    const result = await measure(job, { level, trace, folder, capture, stop }, io, signal);
    const { summary } = result;
    capture?.finish();
    trace?.finish(summary.interrupted ? null : { atMs: summary.virtual_ms, hash: summary.trace_hash });
    if (folder !== null && output.report) {
      folder.writeFile('report.html', renderReport(result));
    }
    folder?.writeFile('summary.json', toJson(summary));
    words?.print(result, { folder: job.folder, files: filesOf(output), capture: capture?.about ?? null, replay: job.replay }, io);
    if (capture?.problem) io.err(`${capture.problem}\n`);
    return summary;
  } catch (error) {
    throw error instanceof UsageError ? error : new RunFailure(job.replay, error);
  } finally {
    trace?.discard();
    capture?.close();
  }
}

async function captureOf(pcap: PcapSettings, { brought, scenario }: Job, onFailure: () => void): Promise<RunCapture> {
  const { openCapture } = brought ?? (await import('./output/run-capture.ts'));
  return openCapture(pcap, scenario, onFailure);
}

function filesOf({ report, traceLevel }: OutputOptions): string[] {
  return ['summary.json', ...(report ? ['report.html'] : []), ...(traceLevel === 'none' ? [] : [TRACE_FILE])];
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function openTrace(folder: RunFolder, scenario: Scenario, level: 'state' | 'message' | 'packet'): TraceFile {
  return new TraceFile(folder, {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    kit: KIT_VERSION,
    node: process.version,
    level,
    scenario: documentOf(scenario),
  });
}

/** What a run writes while it goes on. */
interface Writing {
  level: TraceLevel;
  trace: TraceFile | null;
  folder: RunFolder | null;
  capture: RunCapture | null;
  /** Ends the run when it cannot go on writing. */
  stop: AbortController;
}

async function measure(job: Job, { level, trace, folder, capture, stop }: Writing, io: Io, signal: AbortSignal): Promise<RunResult> {
  const { scenario, comparison, output } = job;
  const lines = guardedLines((line) => {
    trace?.writeLine(line);
    comparison?.onLine(line);
  }, stop);
  const live = job.live && (await (await import('./open-live.ts')).openLive(job.live, scenario));
  for (const { name, text, secret } of live?.files ?? []) folder?.writeFile(name, text, secret ? 0o600 : undefined);
  if (live?.invitation && !output.json) io.err(`${live.invitation}\n`);
  // On a line above the bar, which is drawn over itself.
  const progress = await showProgress(scenario, io, job.progress && !output.json && !output.quiet, job.live !== null);
  const startedMs = io.nowMs();
  try {
    const result = await run(capture && live === null ? scenarioWithoutSecrets(scenario) : scenario, job.app, {
      traceLevel: trace === null && comparison === null ? 'none' : level,
      onTraceLine: lines.onLine,
      onProgress: (at) => progress.onProgress(at),
      signal: AbortSignal.any([signal, stop.signal]),
      kernel: { isTurnDue: turnDue(io.nowMs) },
      tap: capture?.tap,
      live: live?.options,
      stop: job.stop ?? undefined,
      certificates: live?.certificates ?? job.brought?.certificates,
    });
    lines.rethrow();
    result.settings = settingsOf(scenario);
    result.summary.wall_ms = Math.round(io.nowMs() - startedMs);
    result.summary.replay = job.replay;
    result.advice = adviceWords(adviceFor({ summary: result.summary, scenario }), job.replay);
    result.summary.verdict = verdictOf(result).words;
    result.why = whyLine(job.why, result.summary);
    return result;
  } finally {
    live?.close();
    progress.end();
  }
}

/**
 * Lines come from deep inside the world, where an exception (a full disk) would be taken for the world's own:
 * it stops the run and is thrown after.
 */
function guardedLines(take: (line: string) => void, stop: AbortController): { onLine(line: string): void; rethrow(): void } {
  let failure: unknown = null;
  return {
    onLine(line) {
      if (failure !== null) return;
      try {
        take(line);
      } catch (error) {
        failure = error;
        stop.abort();
      }
    },
    rethrow() {
      if (failure !== null) throw failure;
    },
  };
}

function settingsOf(scenario: Scenario): RunResult['settings'] {
  const usual = new Map(describeSettings(defaultScenario()));
  return describeSettings(scenario).map(([label, value]) => [label, value, usual.get(label) === value]);
}

function adviceWords(advice: Advice | null, replay: string): string | undefined {
  if (advice === null) return undefined;
  const set = replay.startsWith(REPLAY_COMMAND) ? '--set ' : '';
  return `${advice.because}: try ${advice.settings.map(([path, value]) => `${set}${path}=${value}`).join(' ')}.`;
}

/** The command that says what decided the first thing that failed. */
function whyLine(command: string | null, { checks, thresholds, interrupted }: Summary): string | undefined {
  if (command === null || interrupted) return undefined;
  const check = checks.find(({ ok }) => !ok);
  if (check !== undefined) return `${command} --check ${shellQuote(check.name)}`;
  const threshold = thresholds.find(({ ok }) => !ok);
  return threshold && `${command} --threshold ${shellQuote(threshold.expr)}`;
}
