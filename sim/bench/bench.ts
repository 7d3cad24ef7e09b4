/**
 * `npm run bench`: what fleets cost, as CPU seconds of the whole process that a user starts, report and trace
 * file included.
 *
 * Each case is the real command in a process of its own, each board with an air of its own; a second,
 * profiled run of it says where the time goes. Times on shared machines are noisy: the best of a few tries
 * counts, what a shared air costs is tried by turns with it, and the last line compares within this one run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount } from 'host/format';
import type { Summary } from '../measure/result.ts';
import { sharesOf } from './shares.ts';

interface BenchCase {
  name: string;
  boards: number;
  mode: 'broadcast' | 'echo';
  tries: number;
  /** Bounds on a machine with two cores. */
  cpuSeconds: number;
  peakMegabytes?: number;
  /** ns-3.37, TCP only: CPU seconds on that machine. */
  peer: string;
  /**
   * The same with an air that boards share, tried by turns with it: so many access points, and at most so
   * many times the cost.
   */
  shared?: { aps: number; timesAtMost: number };
}

const VIRTUAL_SECONDS = 600;
const CASES: BenchCase[] = [
  {
    name: '50 boards, broadcast',
    boards: 50,
    mode: 'broadcast',
    tries: 3,
    cpuSeconds: 4.4,
    peer: '44.2',
    shared: { aps: 1, timesAtMost: 1.6 },
  },
  { name: '50 boards, echo', boards: 50, mode: 'echo', tries: 5, cpuSeconds: 1.5, peer: '1.4-2.1' },
  {
    name: '1,000 boards, echo',
    boards: 1000,
    mode: 'echo',
    tries: 2,
    cpuSeconds: 15,
    peakMegabytes: 400,
    peer: '211',
    shared: { aps: 20, timesAtMost: 1.5 },
  },
];
/** Cost of a board-second in a fleet of 1,000 over that in one of 50, at most. */
const SCALING_BOUND = 1.5;

/** What meter.cjs writes, and what the command printed. */
interface Measured {
  /** User and system time of the whole process, from its start, s. */
  cpuSeconds: number;
  peakMegabytes: number;
  summary: Summary;
}

const scratch = mkdtempSync(join(tmpdir(), 'squall-bench-'));
const failures: string[] = [];
const measured = CASES.map(measure);
const perBoardSecond = measured.map(({ cpuSeconds }, index) => cpuSeconds / (CASES[index].boards * VIRTUAL_SECONDS));
const scaling = perBoardSecond[2] / perBoardSecond[1];
judge('cost of a board-second, 1,000 boards against 50 (echo)', scaling, SCALING_BOUND, 'x');
rmSync(scratch, { recursive: true });
for (const failure of failures) console.error(`over its bound: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

function measure(bench: BenchCase): Measured {
  console.log(`\n${bench.name}, ${VIRTUAL_SECONDS} virtual seconds, 10 % loss (ns-3.37 with TCP alone: ${bench.peer} s)`);
  const { shared } = bench;
  const tries: Measured[] = [];
  const sharedTries: Measured[] = [];
  for (let index = 0; index < bench.tries; index++) {
    tries.push(runOnce(bench, []));
    if (shared) sharedTries.push(runOnce(bench, [], ['--air', 'shared', '--aps', `${shared.aps}`]));
  }
  const best = cheapest(tries);
  judge('CPU', best.cpuSeconds, bench.cpuSeconds, 's');
  judge('peak memory', best.peakMegabytes, bench.peakMegabytes ?? Number.POSITIVE_INFINITY, 'MB');
  const boardSeconds = bench.boards * VIRTUAL_SECONDS;
  console.log(
    `  ${formatCount(best.summary.events / best.cpuSeconds)} events/s, ${formatCount(boardSeconds / best.cpuSeconds)} board-seconds per CPU second`,
  );
  if (shared) {
    const { cpuSeconds } = cheapest(sharedTries);
    console.log(
      `  with a shared air, ${shared.aps === 1 ? 'one access point' : `${shared.aps} access points`}: ${cpuSeconds.toFixed(2)} s`,
    );
    judge('shared air against an air of their own', cpuSeconds / best.cpuSeconds, shared.timesAtMost, 'x');
  }
  runOnce(bench, ['--cpu-prof', `--cpu-prof-dir=${scratch}`]);
  const profiles = readdirSync(scratch).filter((name) => name.endsWith('.cpuprofile'));
  const bySize = profiles.map((name) => join(scratch, name)).sort((a, b) => statSync(b).size - statSync(a).size);
  const shares = sharesOf(bySize[0]); // the others are of the loader's thread
  for (const profile of bySize) rmSync(profile);
  console.log(`  ${shares.map(([part, share]) => `${part} ${(share * 100).toFixed(0)} %`).join(' · ')}`);
  return best;
}

function cheapest(tries: readonly Measured[]): Measured {
  return tries.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
}

/** Runs the command a user would type, with the meter in it. */
function runOnce({ boards, mode }: BenchCase, nodeFlags: string[], airFlags = ['--air', 'private']): Measured {
  const usageFile = join(scratch, 'usage.json');
  const command = ['--require', './sim/bench/meter.cjs', '--import', 'tsx', 'sim/index.ts'];
  const flags = ['--boards', `${boards}`, '--drop-rate', '0.1', '--mode', mode, ...airFlags, '--json', '--out', join(scratch, 'runs')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeFlags, ...command, ...flags], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_USAGE: usageFile },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`the run ended with exit code ${status}:\n${stderr}`);
  return { ...JSON.parse(readFileSync(usageFile, 'utf8')), summary: JSON.parse(stdout) };
}

function judge(what: string, value: number, bound: number, unit: string): void {
  const limit = Number.isFinite(bound) ? ` (at most ${bound} ${unit})` : '';
  console.log(`  ${what}: ${value.toFixed(2)} ${unit}${limit}`);
  if (value > bound) failures.push(`${what}: ${value.toFixed(2)} ${unit}, bound ${bound} ${unit}`);
}
