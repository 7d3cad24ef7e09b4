/**
 * A scenario in one line: the defaults of the command line on a fleet and a run that are small, each board
 * with an air of its own, and what the test is about. Times in milliseconds.
 */
import '../scenario/steps/index.ts'; // steps name them

import { resolve } from '../scenario/document/resolve.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';

const SMALL: ScenarioDocument = { name: 'test', seed: 1, duration: 60_000, air: { medium: 'private' } };
/** Few boards, and no virtual minutes spent on waiting for them to come up. */
const SMALL_FLEET: ScenarioDocument['boards'] = { count: 5, device: 'ideal', boot_spread: 2000 };

export function makeScenario(document: ScenarioDocument = {}): Scenario {
  const { scenario, problems } = resolve({ ...SMALL, ...document, boards: { ...SMALL_FLEET, ...document.boards } });
  if (scenario === null) throw new Error(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return scenario;
}
