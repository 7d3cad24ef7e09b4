/** Scenarios of the library, played as they are or with settings changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'firmware/apps/sos';
import { folderOfFile } from '../../cli/files/scenario-file.ts';
import type { Summary } from '../../measure/result.ts';
import { loadScenario } from '../../scenario/document/load.ts';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import { run } from '../run.ts';

export const LIBRARY = 'scenarios';

/** @param settings as `--set` takes them */
export async function playFromLibrary(name: string, settings: readonly string[]): Promise<Summary> {
  const file = join(LIBRARY, `${name}.yaml`);
  const { scenario, errors } = loadScenario(file, readFileSync(file, 'utf8'), settings.map(override), folderOfFile(file));
  if (scenario === null) throw new Error(errors.join('\n'));
  return (await run(scenario, app)).summary;
}

function override(text: string): Override {
  const parsed = parseOverride(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}
