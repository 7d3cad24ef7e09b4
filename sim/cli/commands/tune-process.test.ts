/** What only a process of its own can show of a tuning: that it may be stopped and goes on. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Scratch, scratch } from '../testing/scratch.ts';

const WORLD = `version: 1
duration: 2m
boards: { count: 4, device: ideal }
link: { loss: 0.1 }
relay: { mode: echo }
sweep: { parameters: { relay.ping_interval: [5s, 7s, 10s, 14s], relay.ping_timeout: [5s, 10s] }, seeds: 6 }
`;
const WANTED = ['--goal', 'connects > 3', '--minimize', 'keepalive_bytes'];
/** Three processes with threads of their own, on a machine that may be busy, ms. */
const PATIENCE_MS = 240_000;

/** Presses Ctrl-C when so many batches have begun. */
function tuneUntil(files: Scratch, out: string, batches: number) {
  const words = ['tune', ...WANTED, '--scenario', files.write('w.yaml', WORLD), '--out', files.path(out), '--workers', '1', '--no-report'];
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/index.ts', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  let isStopped = false;
  child.stderr.on('data', (bytes) => {
    err += bytes;
    if (isStopped || err.split('\n').length <= batches) return;
    isStopped = true;
    child.kill('SIGINT');
  });
  return new Promise<{ exitCode: number | null; err: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, err }));
  });
}

it(
  'Ctrl-C keeps what has run and ends with 130, and the same command then comes to what it would have come to',
  async () => {
    const files = scratch();
    const front = (out: string) => ({ ...JSON.parse(readFileSync(files.path(`${out}/front.json`), 'utf8')), command: '' });
    expect((await tuneUntil(files, 'whole', Infinity)).exitCode).toBe(0);

    const stopped = await tuneUntil(files, 'cut', 2);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.err).toMatch(/\d+ runs are kept in .*cells\.jsonl; the same command goes on from there\./);
    const kept = readFileSync(files.path('cut/cells.jsonl'), 'utf8').split('\n').length - 2;
    expect(kept).toBeGreaterThanOrEqual(3);
    expect(kept).toBeLessThan(front('whole').runs.used);

    expect((await tuneUntil(files, 'cut', Infinity)).exitCode).toBe(0);
    expect(front('cut')).toEqual(front('whole'));
  },
  PATIENCE_MS,
);
