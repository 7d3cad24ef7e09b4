/** Preloaded into a benchmarked process: at its end, writes what it used to the file that BENCH_USAGE names. */
import { writeFileSync } from 'node:fs';

export interface Usage {
  /** User and system time of the whole process, from its start, s. */
  cpuSeconds: number;
  peakMegabytes: number;
}

const US_PER_S = 1_000_000;
const KIB_PER_MB = 1000_000 / 1024;

process.on('exit', () => {
  const file = process.env.BENCH_USAGE;
  if (!file) return;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: Usage = { cpuSeconds: (userCPUTime + systemCPUTime) / US_PER_S, peakMegabytes: maxRSS / KIB_PER_MB };
  writeFileSync(file, JSON.stringify(usage));
});
