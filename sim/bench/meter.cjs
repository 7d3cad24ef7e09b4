/**
 * Preloaded into a benchmarked process: at its end, writes what it used to the file that BENCH_USAGE names.
 * Plain JavaScript, so that loading it costs the process nothing that a user's would not pay.
 */
const { writeFileSync } = require('node:fs');

const US_PER_S = 1_000_000;
const KIB_PER_MB = 1_000_000 / 1024;

process.on('exit', () => {
  const file = process.env.BENCH_USAGE;
  if (!file) return;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / US_PER_S, peakMegabytes: maxRSS / KIB_PER_MB }));
});
