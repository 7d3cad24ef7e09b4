/**
 * Everything that can happen to a packet on a link, in the order in which documents name the settings. A new
 * rule is a file here and a line below.
 */
import { bandwidth } from './bandwidth.ts';
import { corrupt } from './corrupt.ts';
import { duplicate } from './duplicate.ts';
import { idleTimeout } from './idle-timeout.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { macRetries } from './mac-retries.ts';
import { mtu } from './mtu.ts';
import { powerSave } from './power-save.ts';
import { reorder } from './reorder.ts';

export const LINK_RULES = {
  latency,
  loss,
  bandwidth,
  macRetries,
  powerSave,
  idleTimeout,
  duplicate,
  reorder,
  corrupt,
  mtu,
};
