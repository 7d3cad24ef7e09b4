/** A reading every a minute, between which the board sleeps deeply. */
import { wakes } from './wakes.ts';

export const app = wakes(60_000);
