/** The kit's own studies, in the order in which their README tells of them. */
import { backoffHerd } from './backoff-herd.ts';
import { boardsPerAp } from './boards-per-ap.ts';
import { deepSleep } from './deep-sleep.ts';
import { duplicatePolicy } from './duplicate-policy.ts';
import { energy } from './energy.ts';
import type { Findings } from './findings.ts';
import { idleTimeout } from './idle-timeout.ts';
import { libraryDefaults } from './library-defaults.ts';
import { lossAndKeepalive } from './loss-and-keepalive.ts';
import { pingIntervalTimeout } from './ping-interval-timeout.ts';
import { powerSave } from './power-save.ts';
import { rollout } from './rollout.ts';
import { slowReader } from './slow-reader.ts';

export const FINDINGS: Readonly<Record<string, Findings>> = {
  'ping-interval-timeout': pingIntervalTimeout,
  'loss-and-keepalive': lossAndKeepalive,
  'backoff-herd': backoffHerd,
  rollout,
  'library-defaults': libraryDefaults,
  'duplicate-policy': duplicatePolicy,
  'idle-timeout': idleTimeout,
  'slow-reader': slowReader,
  'power-save': powerSave,
  'boards-per-ap': boardsPerAp,
  energy,
  'deep-sleep': deepSleep,
};
