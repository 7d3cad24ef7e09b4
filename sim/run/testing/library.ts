/** Scenarios of the library, played as they are or with settings changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app as button } from 'firmware/apps/button';
import { app as echo } from 'firmware/apps/echo';
import { app as sensor } from 'firmware/apps/sensor';
import { app as sos } from 'firmware/apps/sos';
import { app as thermometer } from 'firmware/apps/thermometer';
import { app as updatable } from 'firmware/apps/updatable';
import type { FirmwareApp } from 'firmware/boot';
import { app as answersNoPing } from '../../../scenarios/apps/answers-no-ping.ts';
import type { Summary } from '../../measure/result.ts';
import { loadScenario } from '../../scenario/document/load.ts';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import { programsOf } from '../../scenario/groups.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { folderOfFile } from '../../sources/folder-of-file.ts';
import { run } from '../run.ts';

/** Those of the kit and of the library that its scenarios run. */
const APPS: Record<string, FirmwareApp> = {
  'firmware/apps/sos.ts': sos,
  'firmware/apps/button.ts': button,
  'firmware/apps/echo.ts': echo,
  'firmware/apps/sensor.ts': sensor,
  'firmware/apps/thermometer.ts': thermometer,
  'firmware/apps/updatable.ts': updatable,
  'scenarios/apps/answers-no-ping.ts': answersNoPing,
};

export const LIBRARY = 'scenarios';

/** Of each group of its fleet. */
export function appsOf(scenario: Scenario): FirmwareApp[] {
  return programsOf(scenario).map((file) => {
    const app = APPS[file];
    if (app === undefined) throw new Error(`the library has no ${file}`);
    return app;
  });
}

/** @param settings as `--set` takes them */
export async function playFromLibrary(name: string, settings: readonly string[]): Promise<Summary> {
  const file = join(LIBRARY, `${name}.yaml`);
  const { scenario, errors } = loadScenario(file, readFileSync(file, 'utf8'), settings.map(override), folderOfFile(file));
  if (scenario === null) throw new Error(errors.join('\n'));
  return (await run(scenario, appsOf(scenario))).summary;
}

function override(text: string): Override {
  const parsed = parseOverride(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}
