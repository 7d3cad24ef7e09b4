/** A file that `replay` is given, read and checked: a scenario (`.yaml`, `.yml`) or a recording (`.jsonl`). */
import { extname } from 'node:path';
import type { FirmwareApp } from 'firmware/boot';
import { loadApp } from 'firmware/cli/load-app';
import { readInput } from 'firmware/cli/read-input';
import { UsageError } from 'relay/usage';
import { describeProblem, loadScenario, MAX_SCENARIO_BYTES, overrideOf } from '../scenario/load.ts';
import type { Override } from '../scenario/overrides.ts';
import { readDocument } from '../scenario/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Recording, readRecording } from './recording.ts';

export interface LoadedFile {
  file: string;
  scenario: Scenario;
  app: FirmwareApp;
  /** null for a scenario file. */
  recording: Recording | null;
}

export function loadFile(file: string, overrides: readonly Override[]): LoadedFile {
  const { scenario, recording } = readFile(file, overrides);
  try {
    return { file, scenario, recording, app: loadApp(scenario.boards.firmware) };
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${file}: boards.firmware: ${error.message}`) : error;
  }
}

function readFile(file: string, overrides: readonly Override[]): { scenario: Scenario; recording: Recording | null } {
  switch (extname(file)) {
    case '.yaml':
    case '.yml': {
      const { scenario, errors } = loadScenario(file, readInput(file, MAX_SCENARIO_BYTES), overrides);
      if (scenario === null) throw new UsageError(errors.join('\n'));
      return { scenario, recording: null };
    }
    case '.jsonl': {
      const recording = readRecording(file);
      return { scenario: readHeader(recording, overrides), recording };
    }
    default:
      throw new UsageError(`${file}: expected a scenario (.yaml) or a recording (.jsonl)`);
  }
}

function readHeader({ file, header }: Recording, overrides: readonly Override[]): Scenario {
  const { scenario, problems } = readDocument(header.scenario, overrides);
  if (scenario !== null) return scenario;
  const lines = problems.map((problem) => `${overrideOf(problem, overrides) ?? `${file}:1: scenario.`}${describeProblem(problem)}`);
  throw new UsageError(lines.join('\n'));
}
