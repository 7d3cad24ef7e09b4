/** From settings to what will run: a checked scenario, and the firmware that its boards have. */
import { fileURLToPath } from 'node:url';
import type { FirmwareApp } from 'firmware/boot';
import { isMapping } from 'host/is-mapping';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import type { Program, Programs } from '../board/runtime.ts';
import { loadScenario, MAX_SCENARIO_BYTES } from '../scenario/document/load.ts';
import type { Override } from '../scenario/document/overrides.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import { groupsOf } from '../scenario/groups.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { folderOfFile } from '../sources/folder-of-file.ts';
import { readyPrograms } from '../sources/ready-firmware.ts';
import { documentOf, type SettingsDocument } from './settings.ts';

/** Names are looked for from the working directory. */
const HERE = 'settings';

export interface Ready {
  scenario: Scenario;
  firmware: Programs;
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
  const { apps, named } = nameFirmware(settings);
  const scenario = readScenario(documentOf(named), file);
  const all = apps.get('');
  if (all !== undefined && scenario.fleet.length === 0) return { scenario, firmware: all };
  try {
    const groups = groupsOf(scenario);
    // Who has no program of its own, and no name of one, has that of all.
    const own = groups.map(({ name }) => apps.get(name) ?? (hasFirmware(named, name) ? undefined : all));
    const loaded = groups.filter((_, index) => own[index] === undefined);
    const images = loaded.length === 0 ? [] : await readyPrograms({ ...scenario, fleet: loaded }, note);
    return { scenario, firmware: own.map((app) => app ?? (images.shift() as Program)) };
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

/**
 * A program that is given as itself has a name in the settings, by which it is called.
 * @returns the programs by group; '' is that of all boards
 */
function nameFirmware(settings: Record<string, unknown>): { apps: Map<string, FirmwareApp>; named: Record<string, unknown> } {
  const apps = new Map<string, FirmwareApp>();
  const name = (group: string, given: unknown): unknown => {
    if (typeof given === 'function') apps.set(group, given as FirmwareApp);
    if (given instanceof URL) return fileURLToPath(given);
    return typeof given === 'function' ? given.name || 'app' : given;
  };
  const inSection = (group: string, section: unknown): unknown =>
    isMapping(section) && section.firmware !== undefined ? { ...section, firmware: name(group, section.firmware) } : section;
  const { boards, firmware, fleet } = settings;
  const named = { ...settings };
  if (boards !== undefined) named.boards = inSection('', boards);
  if (firmware !== undefined) named.firmware = name('', firmware);
  if (isMapping(fleet)) named.fleet = Object.fromEntries(Object.entries(fleet).map(([group, own]) => [group, inSection(group, own)]));
  return { apps, named };
}

function hasFirmware({ fleet }: Record<string, unknown>, group: string): boolean {
  return isMapping(fleet) && isMapping(fleet[group]) && fleet[group].firmware !== undefined;
}

function isFirmwareNamed({ firmware, boards }: Record<string, unknown>): boolean {
  return firmware !== undefined || (isMapping(boards) && boards.firmware !== undefined);
}

function pathOf(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : file;
}
