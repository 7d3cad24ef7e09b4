/** What the names in a scenario file stand for: files beside it, or the kit's own apps and weathers. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { findApp } from 'firmware/cli/load-app';
import { KIT_FOLDER } from 'host/kit';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { MAX_TRACE_BYTES } from '../scenario/document/link-trace.ts';
import { MAX_SCENARIO_BYTES } from '../scenario/document/load.ts';
import type { ScenarioSource, SourceFolder } from '../scenario/document/source-folder.ts';

/** `link.trace` and `boards.firmware` are looked for beside the scenario's file. */
export function folderOfFile(scenarioFile: string): SourceFolder {
  const folder = dirname(scenarioFile);
  return {
    id: realName(scenarioFile),
    readTrace: (name) => attempt(() => ({ text: readInput(resolve(folder, name), MAX_TRACE_BYTES) })),
    readScenario: (name) => attempt(() => sourceOf(isAbsolute(name) ? name : join(folder, name))),
    readWeather: (name) => attempt(() => sourceOf(weatherFile(name))),
    locateFirmware(name) {
      const beside = isAbsolute(name) ? name : join(folder, name);
      return existsSync(beside) || !isKnown(name) ? beside : name;
    },
  };
}

/** A file of the kit. */
export function weatherFile(name: string): string {
  return join(KIT_FOLDER, 'scenarios', 'weather', `${name}.yaml`);
}

/** A located app by a name that holds in every folder. */
export function fromAnywhere(app: string): string {
  return isOfKit(app) ? app : resolve(app);
}

/** A located app by the name that a scenario in this folder gives it. */
export function seenFrom(folder: string, app: string): string {
  return isOfKit(app) || isAbsolute(app) ? app : relative(folder, app);
}

function sourceOf(file: string): ScenarioSource {
  return { file, text: readInput(file, MAX_SCENARIO_BYTES), folder: folderOfFile(file) };
}

/** By which a file is known whatever path leads there. */
function realName(file: string): string {
  return existsSync(file) ? realpathSync(file) : resolve(file);
}

function attempt<T>(read: () => T): T | { problem: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) return { problem: error.message };
    throw error;
  }
}

/** By its name in the kit's folder, which is found from everywhere. */
function isOfKit(app: string): boolean {
  return !isAbsolute(app) && isKnown(app) && findApp(app) === join(KIT_FOLDER, app);
}

/** From the working directory, or as one of the kit's own apps. */
function isKnown(app: string): boolean {
  try {
    findApp(app);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
