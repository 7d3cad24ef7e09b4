/**
 * `npx tsx sim replay FILE|DIR…`: plays scenario files, whole folders of them, and recordings: those of a run
 * must come out the same again, those of the field are made scenarios of.
 *
 * All files are read and checked before the first one runs; several run at a time, in threads. A recording is
 * compared with the run; after --set it only says where the settings come from.
 */
import { availableParallelism } from 'node:os';
import { type Command, listFlag, readCommandLine } from 'host/command-line';
import { SECOND_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import { CiOutputs } from '../ci/outputs.ts';
import { replayReport } from '../ci/run-suite.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode, endOf, gravest } from '../exit-code.ts';
import { expandPatterns } from '../files/expand-patterns.ts';
import { isFolder } from '../files/kind-of-file.ts';
import { scenariosIn } from '../files/scenario-file.ts';
import { CI_FLAGS } from '../flags/ci-flags.ts';
import { LIVE_FLAGS, liveSettings } from '../flags/live.ts';
import { OUTPUT_FLAGS, outputOptions } from '../flags/output-flags.ts';
import { capturedBoards, PCAP_FLAGS, pcapSettings } from '../flags/pcap-flags.ts';
import { checkPorts, PORT_FLAG } from '../flags/port-flag.ts';
import { asOverride } from '../flags/setting-flags.ts';
import { checkUntil, UNTIL_FLAGS, untilSettings } from '../flags/until-flags.ts';
import { WORKERS_FLAG } from '../flags/workers-flag.ts';
import { interruptible } from '../interrupt.ts';
import { type Io, screenOf } from '../io.ts';
import { type LoadedFile, type LoadOptions, loadFile } from '../load-file.ts';
import { runsTable } from '../output/summary-table.ts';
import type { Outcome } from '../replay/play-file.ts';
import { playFiles } from '../replay/play-files.ts';

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
  port: PORT_FLAG,
  workers: WORKERS_FLAG,
  ...CI_FLAGS,
  ...LIVE_FLAGS,
  ...OUTPUT_FLAGS,
  ...PCAP_FLAGS,
  ...UNTIL_FLAGS,
};

const COMMAND: Command<typeof REPLAY_FLAGS> = {
  usage: 'npx tsx sim replay',
  positionals: 'FILE|DIR…',
  about:
    'Plays scenario files (.yaml), all of a folder, and recordings (.jsonl). The recording of a run must give the same events and the same trace_hash again; from the recording ' +
    'of a relay (npx tsx relay --record), or from a capture of packets (.pcapng, .pcap, .gz), the links are inferred, and with --set it is played as it was, then changed.',
  flags: REPLAY_FLAGS,
  examples: [
    ['npx tsx sim replay scenarios/half-open.yaml', 'a scenario'],
    ['npx tsx sim replay scenarios --workers 4', 'every scenario of a folder, four at a time'],
    ["npx tsx sim replay 'scenarios/*.yaml' --set boards.count=50", 'several, each with 50 boards; in any shell'],
    ['npx tsx sim replay runs/default-1-0123abcd/trace.jsonl', 'a recording, compared event by event'],
    ['npx tsx sim replay runs/default-1-0123abcd/trace.jsonl --until 94s --inspect', 'stops there: what does each connection wait for?'],
    ['npx tsx sim replay field.jsonl --set relay.ping_interval=5s', 'what a relay recorded, before and after a change'],
    ['npx tsx sim replay field.pcapng --port 8000', 'what tcpdump captured of the server at port 8000'],
  ],
  meant: asOverride,
};

export async function replayCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  if (line.positionals.length === 0) throw new UsageError('replay: expected at least one FILE (.yaml, .jsonl, .pcapng or .pcap) or DIR');
  const output = outputOptions(line.values, line.given);
  const live = liveSettings(line.values, line.given);
  const pcap = pcapSettings(line.values, line.given);
  const until = untilSettings(line.values, live !== null);
  const workers = workersOf(line.values.workers, live !== null);
  const note = output.json || output.quiet ? () => {} : (line: string) => io.err(line);
  const isChanged = line.values.set.length > 0;
  const ci = new CiOutputs(line.values);
  let files: LoadedFile[] = [];
  const played = new Map<LoadedFile, Outcome>();
  const startedMs = io.nowMs();
  const report = () => replayReport(files, played, (io.nowMs() - startedMs) / SECOND_MS);
  const play = (signal: AbortSignal) =>
    playFiles(files, { live, output, pcap, until }, workers, (file, outcome) => void played.set(file, outcome), io, signal);
  await ci.telling(io, report, async () => {
    const names = await expandPatterns(line.positionals);
    checkPorts(line.values.port, names);
    const loaded = await loadFiles(names, { overrides: line.values.set, ports: line.values.port, note });
    if (pcap !== null) for (const { scenario } of loaded) capturedBoards(pcap, scenario);
    if (line.given.has('trace') && !isChanged) refuseTraceLevel(loaded);
    if (until !== null) checkUntil(until, loaded);
    files = loaded;
    await interruptible(io, play);
  });
  const outcomes = [...played.values()];
  if (output.json) io.out(toJson(files.length === 1 ? outcomes[0].summary : { runs: outcomes.map(({ summary }) => summary) }));
  else if (files.length > 1) io.out(`${outcomesTable(outcomes, io)}\n`);
  // Ctrl-C between two runs leaves none that was interrupted.
  return gravest([...outcomes.map(({ exitCode }) => exitCode), ...(outcomes.length < files.length ? [EXIT.interrupted] : [])]);
}

/** On the wall clock runs are one after another: they share this computer's sockets and its time. */
function workersOf(wanted: number | undefined, isLive: boolean): number {
  if (isLive && wanted !== undefined) throw new UsageError('--workers contradicts --live and --relay: live runs are one after another');
  return isLive ? 1 : (wanted ?? availableParallelism());
}

async function loadFiles(names: readonly string[], options: LoadOptions): Promise<LoadedFile[]> {
  const files: LoadedFile[] = [];
  const errors: string[] = [];
  const collect = (error: unknown): void => {
    if (!(error instanceof UsageError)) throw error;
    errors.push(error.message);
  };
  for (const name of names) {
    try {
      for (const file of isFolder(name) ? scenariosIn(name) : [name]) {
        await loadFile(file, options).then((loaded) => files.push(...loaded), collect);
      }
    } catch (error) {
      collect(error);
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

function outcomesTable(outcomes: readonly Outcome[], io: Io): string {
  const runs = outcomes.map(({ summary, isAfter, exitCode }) => ({
    summary: isAfter ? { ...summary, scenario: `${summary.scenario} --set` } : summary,
    end: endOf(exitCode),
  }));
  return runsTable(runs, screenOf(io));
}
