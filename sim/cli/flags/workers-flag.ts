/** How many runs go on at a time, the same for every command that has threads. */
import { valueFlag } from 'host/command-line';
import { MAX_WORKERS } from '../../workers/pool.ts';
import { wholeNumber } from './whole-number.ts';

export const WORKERS_FLAG = valueFlag({
  about: 'Runs at a time, else one per core',
  expected: `a whole number from 1 to ${MAX_WORKERS}`,
  parse: wholeNumber(1, MAX_WORKERS),
});
