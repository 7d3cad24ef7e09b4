/**
 * `npx tsx firmware/testing/soak.ts --minutes 30`: the soak by hand, as long as one likes. A line per period;
 * exit code 1 when a board was not back in time (its log follows the line) or a message stays behind. Watch
 * the last three columns: they may wobble, not grow (heap: with `node --expose-gc --import tsx …`).
 */

import { readCommandLine, valueFlag } from 'host/command-line';
import { MINUTE_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { type SoakPeriod, soak } from './soak-run.ts';

/** A day. */
const MAX_MINUTES = 1440;

const whole = (min: number, max: number) => (text: string) => {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : null;
};

const FLAGS = {
  minutes: valueFlag({ about: 'How long', expected: `1 to ${MAX_MINUTES}`, default: '30', parse: whole(1, MAX_MINUTES) }),
  boards: valueFlag({ about: 'How many boards', expected: '1 to 200', default: '20', parse: whole(1, 200) }),
  period: valueFlag({
    about: 'Seconds from one restart of the relay to the next',
    expected: '5 to 3600',
    default: '60',
    parse: whole(5, 3600),
  }),
};

async function main(): Promise<number> {
  const line = await readCommandLine(
    { usage: 'npx tsx firmware/testing/soak.ts', about: 'Boards on this computer against a restarting relay.', flags: FLAGS, examples: [] },
    process.argv.slice(2),
  );
  if (line.help !== null) {
    process.stdout.write(`${line.help}\n`);
    return 0;
  }
  const { minutes, boards, period } = line.values;
  let exitCode = 0;
  let periods = 0;
  await soak({ boards, restarts: Math.floor((minutes * MINUTE_MS) / (period * 1000)), periodMs: period * 1000 }, (found) => {
    if (found.open < boards || found.late.length > 0 || found.deaf > 0 || found.unwritten > 0) exitCode = 1;
    process.stdout.write(`${++periods}: ${describePeriod(found, boards)}\n`);
  });
  return exitCode;
}

function describePeriod(found: SoakPeriod, boards: number): string {
  const { open, slowestReturnMs, allowedReturnMs, standstillMs, late, drops, deaf, unwritten, echoed, sockets, timers, heapBytes } = found;
  const dropped = Object.entries(drops).map(([cause, count]) => `${count} ${cause}`);
  return [
    `${open}/${boards} open`,
    `slowest back after ${Math.round(slowestReturnMs)} ms (allowed ${Math.round(allowedReturnMs)}, standstill ${Math.round(standstillMs)})`,
    `dropped meanwhile: ${dropped.join(', ') || 'none'}`,
    `${deaf} deaf, ${unwritten} messages behind, ${echoed} echoed`,
    [`sockets ${sockets}, timers ${timers}, heap ${(heapBytes / 2 ** 20).toFixed(2)} MiB`, ...late].join('\n'),
  ].join('; ');
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error) => {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
