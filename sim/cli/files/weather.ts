/** A weather of the kit, read for `--weather`. The parser of scenarios is loaded only then. */
import type { Scenario } from '../../scenario/scenario.ts';
import { folderOfFile, weatherFile } from '../../sources/folder-of-file.ts';
import { readScenario } from './scenario-file.ts';

export async function readWeather(name: string): Promise<Scenario> {
  const { loadScenario } = await import('../../scenario/document/load.ts');
  const file = weatherFile(name);
  const { scenario, errors } = loadScenario(file, readScenario(file), [], folderOfFile(file));
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}
