/** Every check by the name that scenarios use. */
import * as alwaysBootable from './always-bootable.ts';
import * as boundedDetection from './bounded-detection.ts';
import type { CheckSpec } from './check.ts';
import * as convergesAfterHeal from './converges-after-heal.ts';
import * as noUncaughtError from './no-uncaught-error.ts';
import * as oneSessionPerId from './one-session-per-id.ts';

export type { CheckSpec } from './check.ts';

export const CHECKS: Record<string, CheckSpec> = {
  // The cause before what comes of it.
  'no-uncaught-error': { about: noUncaughtError.ABOUT, create: () => new noUncaughtError.NoUncaughtError() },
  'one-session-per-id': { about: oneSessionPerId.ABOUT, create: (scenario) => new oneSessionPerId.OneSessionPerId(scenario) },
  'bounded-detection': { about: boundedDetection.ABOUT, create: (scenario) => new boundedDetection.BoundedDetection(scenario) },
  'converges-after-heal': { about: convergesAfterHeal.ABOUT, create: (scenario) => new convergesAfterHeal.ConvergesAfterHeal(scenario) },
  'always-bootable': { about: alwaysBootable.ABOUT, onlyWhenNamed: true, create: () => new alwaysBootable.AlwaysBootable() },
};
