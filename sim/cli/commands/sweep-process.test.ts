/** What only a process of its own can show of a sweep: that it may be stopped and killed. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, watch } from 'node:fs';
import { expect, it } from 'vitest';
import { type Scratch, scratch } from '../testing/scratch.ts';

const STUDY = `version: 1
duration: 2m
boards: { count: 5, device: ideal }
link: { loss: 0.1 }
relay: { mode: echo }
sweep: { parameters: { relay.ping_interval: [5s, 10s] }, seeds: 10, metrics: [tcp_segments] }
`;

/** Ends the sweep by `signal` when so many runs are kept, those of earlier sweeps included. */
function sweepUntil(files: Scratch, out: string, runs: number, signal: NodeJS.Signals) {
  mkdirSync(files.path(out), { recursive: true });
  const words = ['sweep', files.write('s.yaml', STUDY), '--out', files.path(out), '--workers', '2', '--no-report'];
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/index.ts', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  const watcher = watch(files.path(out), () => {
    if (keptRuns(files, out) >= runs) child.kill(signal);
  });
  let err = '';
  child.stderr.on('data', (bytes) => {
    err += bytes;
  });
  return new Promise<{ exitCode: number | null; err: string }>((resolve) => {
    child.on('close', (exitCode) => {
      watcher.close();
      resolve({ exitCode, err });
    });
  });
}

/** Whole lines behind the header. */
function keptRuns(files: Scratch, out: string): number {
  const file = files.path(`${out}/cells.jsonl`);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 2 : 0;
}

/** Four processes with three threads each, on a machine that may be busy, ms. */
const PATIENCE_MS = 120_000;

it(
  'Ctrl-C keeps what is finished and ends with 130, SIGKILL keeps it too, and resumed the table is the same as without',
  async () => {
    const files = scratch();
    const whole = await sweepUntil(files, 'whole', Infinity, 'SIGKILL');
    expect(whole.exitCode).toBe(0);

    const stopped = await sweepUntil(files, 'cut', 4, 'SIGINT');
    expect(stopped.exitCode).toBe(130);
    expect(stopped.err).toMatch(/\d+ of 20 runs are kept in .*cells\.jsonl; the same command goes on from there\./);
    const kept = keptRuns(files, 'cut');
    expect(kept).toBeGreaterThanOrEqual(4);
    expect(kept).toBeLessThan(20);

    const killed = await sweepUntil(files, 'cut', kept + 2, 'SIGKILL');
    expect(killed.exitCode).toBeNull();
    const resumed = await sweepUntil(files, 'cut', Infinity, 'SIGKILL');
    expect(resumed.exitCode).toBe(0);
    expect(readFileSync(files.path('cut/cells.csv'), 'utf8')).toBe(readFileSync(files.path('whole/cells.csv'), 'utf8'));
  },
  PATIENCE_MS,
);
