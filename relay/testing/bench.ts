/**
 * `npm run bench:relay`: what the relay costs beside a naive one, over real sockets of this computer, each in
 * a process of its own, as a table with goals.
 *
 * Figures of a shared machine are noisy, so goals are ratios where they can be: the two relays take turns
 * under the same load, and only figures of one run are compared. Exit code 1 when a goal is missed.
 */
import { type Row, rowsOf } from './bench/goals.ts';
import { KINDS, serve } from './bench/server.ts';

function print({ about, ours, naive, goal, result, isMet }: Row): void {
  const cells = [about.padEnd(58), ours.padStart(12), naive.padStart(12), goal.padStart(20), result.padStart(10), isMet ? 'ok' : 'MISSED'];
  process.stdout.write(`${cells.join(' ')}\n`);
}

async function main(): Promise<void> {
  print({ about: '', ours: 'ours', naive: 'naive', goal: 'goal', result: 'result', isMet: true });
  let missed = 0;
  for await (const row of rowsOf(__filename)) {
    print(row);
    if (!row.isMet) missed++;
  }
  if (missed > 0) process.stdout.write(`${missed} missed; on a busy machine run it again\n`);
  process.exit(missed > 0 ? 1 : 0);
}

const kind = KINDS.find((name) => name === process.argv[2]);
if (kind === undefined) void main();
else void serve(kind);
