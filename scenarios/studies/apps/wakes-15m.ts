/** A reading every 15 minutes, between which the board sleeps deeply. */
import { wakes } from './wakes.ts';

export const app = wakes(900_000);
