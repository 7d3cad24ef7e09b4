/** A reading every 30 minutes, between which the board sleeps deeply. */
import { wakes } from './wakes.ts';

export const app = wakes(1800_000);
