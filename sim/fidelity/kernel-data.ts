/** What was measured on Linux 6.18, as its file has it: see `about` and `observations` there. */
import data from './tcp-kernel.json' with { type: 'json' };

export const KERNEL = data;

export type SteadyRow = (typeof data.steady)[number];
