/**
 * The search on all cores: judges the case of each seed, then shrinks, of each thing that broke, the case of
 * its first seed.
 */
import { kitModule } from 'host/kit';
import { Threads } from '../workers/pool.ts';
import type { Case } from './case.ts';
import { drawCase } from './draw-case.ts';
import type { Finding } from './judge.ts';
import type { FuzzResult, FuzzTask } from './worker.ts';

type FuzzThreads = Threads<FuzzTask, FuzzResult>;

/** To be closed. */
export function fuzzThreads(workers: number): FuzzThreads {
  return new Threads(kitModule('sim/fuzz/worker'), workers);
}

/** Something that broke: its first case, and every seed that breaks it. */
export interface Found {
  finding: Finding;
  fuzzed: Case;
  seed: number;
  seeds: number[];
}

/** @returns what broke, by name, of the cases that there was time for */
export async function search(
  base: Case,
  firstSeed: number,
  count: number,
  threads: FuzzThreads,
  onDone: (done: number) => void,
  signal: AbortSignal,
): Promise<{ tried: number; found: Found[] }> {
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  const broken: { seed: number; finding: Finding }[] = [];
  let tried = 0;
  await threads.run(
    seeds,
    (seed) => ({ fuzzed: drawCase(base, seed), finding: null }),
    (seed, { findings }) => {
      broken.push(...findings.map((finding) => ({ seed, finding })));
      onDone(++tried);
    },
    signal,
  );
  // Cases end in any order.
  broken.sort((a, b) => a.seed - b.seed);
  const names = [...new Set(broken.map(({ finding }) => finding.name))].sort();
  const found = names.map((name): Found => {
    const all = broken.filter(({ finding }) => finding.name === name);
    const [{ seed, finding }] = all;
    return { finding, fuzzed: drawCase(base, seed), seed, seeds: all.map((one) => one.seed) };
  });
  return { tried, found };
}

/** The same with smaller cases; those that an abort left no time for stay as they are. */
export async function shrinkAll(found: readonly Found[], threads: FuzzThreads, signal: AbortSignal): Promise<Found[]> {
  const smallest = new Map<Found, FuzzResult>();
  await threads.run(
    found,
    ({ fuzzed, finding }) => ({ fuzzed, finding }),
    (one, result) => smallest.set(one, result),
    signal,
  );
  return found.map((one) => {
    const result = smallest.get(one);
    return result === undefined ? one : { ...one, fuzzed: result.smallest, finding: result.findings[0] };
  });
}
