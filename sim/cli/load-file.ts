/**
 * A file that `replay` is given, read and checked: a scenario (`.yaml`, `.yml`), a recording (`.jsonl`) of a
 * run or of a relay, or a capture of packets (`.pcapng`, `.pcap`, either with `.gz`).
 */
import { extname } from 'node:path';
import { UsageError } from 'host/user-error';
import type { Programs } from '../board/runtime.ts';
import { describeField } from '../field/describe-field.ts';
import { isFieldRecording } from '../field/field-line.ts';
import { type FieldPlan, planField } from '../field/field-plan.ts';
import { fitField, type Trial } from '../field/fit-field.ts';
import { type FieldRecording, readFieldRecording } from '../field/read-field.ts';
import { inOverride, loadScenario, overrideOf } from '../scenario/document/load.ts';
import type { Override } from '../scenario/document/overrides.ts';
import type { Problem } from '../scenario/document/problem.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import { describeProblem } from '../scenario/document/yaml-text.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { folderOfFile } from '../sources/folder-of-file.ts';
import { readyPrograms } from '../sources/ready-firmware.ts';
import { isCaptureName } from './files/kind-of-file.ts';
import { readScenario, verifyFile } from './files/scenario-file.ts';
import { readCapture } from './recording/read-capture.ts';
import { readLines } from './recording/read-lines.ts';
import { type Recording, readRecording } from './recording/recording.ts';

export interface LoadedFile {
  file: string;
  scenario: Scenario;
  app: Programs;
  /** Of a run, to be compared with; null for anything else. */
  recording: Recording | null;
  /** Of a relay or of packets: what was inferred from it, in words. */
  field: string[] | null;
  /** The text of a scenario; null: a recording, whose lines nobody wrote. */
  source: string | null;
  /** What was changed in it. */
  overrides: readonly Override[];
  /** Of the servers whose connections are read from a capture. */
  ports: readonly number[];
}

type Content = Pick<LoadedFile, 'scenario' | 'recording' | 'field' | 'source'>;

export interface LoadOptions {
  overrides: readonly Override[];
  ports: readonly number[];
  note: (line: string) => void;
}

/**
 * One entry, but for what was recorded in the field, with changes: that is played as it was, then changed.
 */
export async function loadFile(file: string, options: LoadOptions): Promise<LoadedFile[]> {
  verifyFile(file);
  const recording = await fieldRecording(file, options.ports);
  if (recording !== null) return await loadField(recording, options);
  return [await withApp(file, options.overrides, readFile(file, options.overrides), options)];
}

/** null: no recording of the field. */
export async function fieldRecording(file: string, ports: readonly number[]): Promise<FieldRecording | null> {
  if (isCaptureName(file)) return await readCapture(file, ports);
  return extname(file) === '.jsonl' && isFieldRecording(readLines(file)) ? readFieldRecording(file, readLines(file)) : null;
}

async function loadField(recording: FieldRecording, options: LoadOptions): Promise<LoadedFile[]> {
  const { overrides, note } = options;
  const { file } = recording;
  const plays = overrides.length > 0 ? [[], overrides] : [[]];
  // What is wrong is said before anything is tried.
  const [plain] = plays.map((changes) => contentOf(file, planField(recording), null, changes));
  const trial = await fitField(recording, await readyPrograms(plain.scenario, () => {}), () => note(SEARCHING));
  const contents = plays.map((changes) => contentOf(file, planField(recording, trial?.fit), trial, changes));
  return await Promise.all(contents.map((content, index) => withApp(file, plays[index], content, options)));
}

const SEARCHING = 'Looking for settings under which virtual boards come back as the recorded ones did …\n';

function contentOf(file: string, plan: FieldPlan, trial: Trial | null, overrides: readonly Override[]): Content {
  return {
    scenario: scenarioFrom(plan.document, overrides, `${file}: `),
    recording: null,
    field: describeField(plan, trial),
    source: null,
  };
}

async function withApp(
  file: string,
  overrides: readonly Override[],
  content: Content,
  { ports, note }: Pick<LoadOptions, 'ports' | 'note'>,
): Promise<LoadedFile> {
  try {
    return {
      file,
      overrides,
      ports: isCaptureName(file) ? ports : [],
      ...content,
      app: await readyPrograms(content.scenario, note),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const words = error.message;
    throw new UsageError(`${file}: boards.firmware:${words.includes('\n') ? '\n' : ' '}${words}`);
  }
}

/** A scenario, or the recording of a run. */
export function readFile(file: string, overrides: readonly Override[]): Content {
  switch (extname(file)) {
    case '.yaml':
    case '.yml': {
      const source = readScenario(file);
      const { scenario, errors } = loadScenario(file, source, overrides, folderOfFile(file));
      if (scenario === null) throw new UsageError(errors.join('\n'));
      return { scenario, recording: null, field: null, source };
    }
    case '.jsonl': {
      const recording = readRecording(file);
      return { scenario: scenarioFrom(recording.header.scenario, overrides, `${file}:1: scenario.`), recording, field: null, source: null };
    }
    default:
      throw new UsageError(`${file}: expected a scenario (.yaml), a recording (.jsonl) or a capture (.pcapng, .pcap)`);
  }
}

/** @param place of the document, for messages */
export function scenarioFrom(document: Record<string, unknown>, overrides: readonly Override[], place: string): Scenario {
  const { scenario, problems } = readDocument(document, overrides);
  if (scenario !== null) return scenario;
  const inWords = (problem: Problem): string => {
    const override = overrideOf(problem, overrides);
    return override === undefined ? `${place}${describeProblem(problem)}` : inOverride(problem, override);
  };
  throw new UsageError(problems.map(inWords).join('\n'));
}
