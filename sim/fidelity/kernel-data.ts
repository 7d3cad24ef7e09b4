/** What was measured on Linux 6.18, as its files have it: see `about` and `observations` there. */
import settled from './settle-kernel.json' with { type: 'json' };
import data from './tcp-kernel.json' with { type: 'json' };

export const KERNEL = data;

/** Blackouts that begin a known time after connecting: measured later, on the same kernel. */
export const SETTLED = settled;

export type SteadyRow = (typeof data.steady)[number];
