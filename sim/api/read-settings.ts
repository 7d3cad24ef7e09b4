/** From settings to what will run: a checked scenario, and the firmware that its boards have. */
import { fileURLToPath } from 'node:url';
import type { FirmwareApp } from 'firmware/boot';
import { isMapping } from 'host/is-mapping';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import type { FirmwareImage } from '../board/runtime.ts';
import { loadScenario, MAX_SCENARIO_BYTES } from '../scenario/document/load.ts';
import type { Override } from '../scenario/document/overrides.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { folderOfFile } from '../sources/folder-of-file.ts';
import { readyFirmware } from '../sources/ready-firmware.ts';
import { documentOf, type SettingsDocument } from './settings.ts';

/** Names are looked for from the working directory. */
const HERE = 'settings';

export interface Ready {
  scenario: Scenario;
  firmware: FirmwareApp | FirmwareImage;
}

/**
 * @param file of a scenario, to which the settings are changes
 * @param note says what is odd and no reason to refuse
 * @throws UsageError with a line for each thing that is wrong
 */
export async function readSettings(
  settings: Record<string, unknown>,
  file: string | URL | undefined,
  note: (line: string) => void,
): Promise<Ready> {
  const { app, named } = nameFirmware(settings);
  const scenario = readScenario(documentOf(named), file);
  if (app !== null) return { scenario, firmware: app };
  try {
    return { scenario, firmware: await readyFirmware(scenario.boards, note) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${isFirmwareNamed(named) ? 'firmware' : `${pathOf(file ?? '')}: boards.firmware`}: ${error.message}`);
  }
}

function readScenario(written: SettingsDocument, file: string | URL | undefined): Scenario {
  const { document, problems, inWords } = written;
  if (file === undefined) {
    const read = readDocument({ version: 1, ...document }, [], folderOfFile(HERE));
    if (problems.length === 0 && read.scenario !== null) return read.scenario;
    throw new UsageError([...problems, ...read.problems.map(inWords)].join('\n'));
  }
  const path = pathOf(file);
  const overrides = leavesOf(document).map((leaf): Override => ({ ...leaf, text: leaf.path.join('.'), inWords }));
  const { scenario, errors } = loadScenario(path, readInput(path, MAX_SCENARIO_BYTES), overrides, folderOfFile(path));
  if (problems.length === 0 && scenario !== null) return scenario;
  throw new UsageError([...problems, ...errors].join('\n'));
}

/** Each by itself, so that a file keeps what is beside it. */
function leavesOf(value: Record<string, unknown>, path: string[] = []): { path: string[]; value: unknown }[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    return isMapping(inner) ? leavesOf(inner, at) : [{ path: at, value: inner }];
  });
}

/** A program that is given as itself has a name in the settings, by which it is called. */
function nameFirmware(settings: Record<string, unknown>): { app: FirmwareApp | null; named: Record<string, unknown> } {
  const { boards } = settings;
  const inside = isMapping(boards) && boards.firmware !== undefined;
  const given = inside ? boards.firmware : settings.firmware;
  if (typeof given !== 'function' && !(given instanceof URL)) return { app: null, named: settings };
  const firmware = given instanceof URL ? fileURLToPath(given) : given.name || 'app';
  const named = inside ? { ...settings, boards: { ...boards, firmware } } : { ...settings, firmware };
  return { app: given instanceof URL ? null : (given as FirmwareApp), named };
}

function isFirmwareNamed({ firmware, boards }: Record<string, unknown>): boolean {
  return firmware !== undefined || (isMapping(boards) && boards.firmware !== undefined);
}

function pathOf(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : file;
}
