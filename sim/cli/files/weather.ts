/** A weather of the kit, read for `--weather`. */
import { loadScenario } from '../../scenario/document/load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { folderOfFile, weatherFile } from '../../sources/folder-of-file.ts';
import { readScenario } from './scenario-file.ts';

export function readWeather(name: string): Scenario {
  const file = weatherFile(name);
  const { scenario, errors } = loadScenario(file, readScenario(file), [], folderOfFile(file));
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}
