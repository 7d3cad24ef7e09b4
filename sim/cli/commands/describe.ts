/**
 * `npx tsx sim describe FILE`: what a file tells, and nothing is run. Of a capture of packets or a relay's
 * recording, what was inferred from it and how; of a scenario or a run's recording, what it would run.
 */
import { type Command, readCommandLine, switchFlag } from 'host/command-line';
import { plural } from 'host/format';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { describeField } from '../../field/describe-field.ts';
import { type FieldPlan, planField } from '../../field/field-plan.ts';
import { describeScenario, describeSettings } from '../../scenario/describe.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { verifyFile } from '../files/scenario-file.ts';
import { checkPorts, PORT_FLAG } from '../flags/port-flag.ts';
import type { Io } from '../io.ts';
import { fieldRecording, readFile, scenarioFrom } from '../load-file.ts';
import { notesOn } from '../output/run-words.ts';

const DESCRIBE_FLAGS = {
  port: PORT_FLAG,
  json: switchFlag('Print one JSON document and nothing else on stdout; of the field, with the scenario that replay makes of it'),
};

const COMMAND: Command<typeof DESCRIBE_FLAGS> = {
  usage: 'npx tsx sim describe',
  positionals: 'FILE',
  about:
    'Says what a file tells, without running anything: of a capture of packets (.pcapng, .pcap, .gz) or the recording of a relay (.jsonl) the boards, their links and outages, and how that ' +
    'was inferred; of a scenario (.yaml) or the recording of a run (trace.jsonl) what it runs.',
  flags: DESCRIBE_FLAGS,
  examples: [
    ['npx tsx sim describe field.pcapng', 'who was in a capture, and what happened to them'],
    ['npx tsx sim describe field.pcapng --port 443', 'those that spoke TLS to port 443'],
    ['npx tsx sim describe scenarios/half-open.yaml', 'a scenario in plain words'],
  ],
};

export async function describeCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const [file, ...others] = line.positionals;
  if (file === undefined || others.length > 0) throw new UsageError('describe: expected one FILE (.yaml, .jsonl, .pcapng or .pcap)');
  const { port: ports, json } = line.values;
  checkPorts(ports, [file]);
  verifyFile(file);
  const recording = await fieldRecording(file, ports);
  if (recording !== null) {
    const plan = planField(recording);
    // Whether it can be played is a part of what there is to say.
    scenarioFrom(plan.document, [], `${file}: `);
    io.out(
      json
        ? toJson(fieldDocument(plan))
        : `${describeField(plan, undefined)
            .map((paragraph) => wrap(paragraph))
            .join('\n')}\n`,
    );
    return EXIT.ok;
  }
  const { scenario, recording: trace } = readFile(file, []);
  const recorded = trace === null ? null : { events: trace.events, trace_hash: trace.hash };
  if (json) io.out(toJson({ version: 1, kind: trace === null ? 'scenario' : 'run', ...settingsOf(scenario), ...recorded }));
  else io.out(`${traceWords(file, recorded)}${wrap(describeScenario(scenario))}\n${await notesOn(scenario)}`);
  return EXIT.ok;
}

function traceWords(file: string, recorded: { events: number; trace_hash: string | null } | null): string {
  if (recorded === null) return '';
  const end = recorded.trace_hash === null ? 'it is cut off' : `trace_hash ${recorded.trace_hash}`;
  return `${wrap(`${file} is the recording of a run: ${plural(recorded.events, 'event')}, ${end}.`)}\n`;
}

function settingsOf(scenario: Scenario): Record<string, unknown> {
  return {
    name: scenario.name,
    about: scenario.about,
    settings: Object.fromEntries(describeSettings(scenario)),
    steps: scenario.steps.length,
  };
}

/** Times are ms from its beginning. */
function fieldDocument({ recording, fleet, links, outages, document }: FieldPlan): Record<string, unknown> {
  const { capture, boards } = recording;
  return {
    version: 1,
    kind: capture === null ? 'relay' : 'capture',
    epoch_ms: rounded(recording.epochMs),
    duration_ms: recording.durationMs,
    is_cut: recording.isCut,
    ...(capture !== null && {
      seen_at: capture.near,
      is_between: capture.isBetween,
      servers: capture.servers,
      packets: capture.packets,
      not_shown: capture.blindSpots,
    }),
    link: fleet,
    outages: outages.map(({ fromMs, toMs, boards: whom }) => ({
      from_ms: rounded(fromMs),
      to_ms: rounded(toMs),
      boards: whom.map((board) => boards[board].id),
    })),
    relay_stops: recording.downtimes.map(({ fromMs, toMs }) => ({ from_ms: rounded(fromMs), to_ms: rounded(toMs) })),
    boards: boards.map((trail, board) => ({
      id: trail.id,
      availability: trail.availability(recording.durationMs),
      out_of_reach: trail.absences.map(({ fromMs, toMs, cause }) => ({ from_ms: rounded(fromMs), to_ms: rounded(toMs), cause })),
      link: links[board],
      ...capture?.clients[board],
    })),
    scenario: document,
  };
}

/** To the millisecond: nothing that is inferred is finer. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
