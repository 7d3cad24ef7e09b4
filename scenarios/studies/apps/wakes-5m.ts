/** A reading every 5 minutes, between which the board sleeps deeply. */
import { wakes } from './wakes.ts';

export const app = wakes(300_000);
