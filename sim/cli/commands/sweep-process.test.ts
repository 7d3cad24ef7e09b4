/** What only a process of its own can show of a sweep: that it may be stopped and killed. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Scratch, scratch } from '../testing/scratch.ts';

const STUDY = `version: 1
duration: 2m
boards: { count: 5, device: ideal }
link: { loss: 0.1 }
relay: { mode: echo }
sweep: { parameters: { relay.ping_interval: [5s, 10s] }, seeds: 10, metrics: [tcp_segments] }
`;

/** Ends the sweep by `signal` after so many lines of its progress on stderr. */
function sweepUntil(files: Scratch, out: string, lines: number, signal: NodeJS.Signals) {
  const words = ['sweep', files.write('s.yaml', STUDY), '--out', files.path(out), '--workers', '2', '--no-report'];
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/index.ts', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (bytes) => {
    const before = err.split('\n').length;
    err += bytes;
    if (before <= lines && err.split('\n').length > lines) child.kill(signal);
  });
  return new Promise<{ exitCode: number | null; err: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, err }));
  });
}

/** Four processes with three threads each, on a machine that may be busy, ms. */
const PATIENCE_MS = 120_000;

it(
  'Ctrl-C keeps what is finished and ends with 130, SIGKILL keeps it too, and resumed the table is the same as without',
  async () => {
    const files = scratch();
    const whole = await sweepUntil(files, 'whole', Infinity, 'SIGKILL');
    expect(whole.exitCode).toBe(0);

    const stopped = await sweepUntil(files, 'cut', 2, 'SIGINT');
    expect(stopped.exitCode).toBe(130);
    expect(stopped.err).toMatch(/\d+ of 20 runs are kept in .*cells\.jsonl; the same command goes on from there\./);
    const kept = readFileSync(files.path('cut/cells.jsonl'), 'utf8').split('\n').length - 2;
    expect(kept).toBeGreaterThanOrEqual(4);
    expect(kept).toBeLessThan(20);

    const killed = await sweepUntil(files, 'cut', 2, 'SIGKILL');
    expect(killed.exitCode).toBeNull();
    const resumed = await sweepUntil(files, 'cut', Infinity, 'SIGKILL');
    expect(resumed.exitCode).toBe(0);
    expect(readFileSync(files.path('cut/cells.csv'), 'utf8')).toBe(readFileSync(files.path('whole/cells.csv'), 'utf8'));
  },
  PATIENCE_MS,
);
