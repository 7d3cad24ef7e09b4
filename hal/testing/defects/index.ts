/**
 * Ways to break a backend, most of them met on real platforms; each must make the conformance case that it
 * stands under fail. A file for each of hal/conformance.
 */
import type { Defects } from '../damage.ts';
import { boardDefects } from './board.ts';
import { clockDefects } from './clock.ts';
import { connectDefects } from './connect.ts';
import { peripheralDefects } from './peripherals.ts';
import { powerDefects } from './power.ts';
import { storageDefects } from './storage.ts';
import { streamDefects } from './stream.ts';
import { wifiDefects } from './wifi.ts';

export const DEFECTS: Defects = {
  ...clockDefects,
  ...boardDefects,
  ...storageDefects,
  ...powerDefects,
  ...peripheralDefects,
  ...wifiDefects,
  ...connectDefects,
  ...streamDefects,
};
