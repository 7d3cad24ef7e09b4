/** The proxy's command line; what it does to bytes is tested in sim/proxy. */
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { PROXY_ACTIONS } from '../../scenario/steps/index.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const UPSTREAM = ['--upstream', 'ws://127.0.0.1:8000'];

it.each<[message: string, ...words: string[]]>([
  ['--upstream is missing: expected ws://HOST:PORT'],
  ['--upstream: expected ws://HOST:PORT', '--upstream', 'ws://127.0.0.1:8000/board-1'],
  ['--listen: expected HOST:PORT', ...UPSTREAM, '--listen', '8001'],
  ['--drop-rate: expected a number from 0 to 1 (10 % is 0.1), got "2"', ...UPSTREAM, '--drop-rate', '2'],
  ['--stack: expected one of lwip, linux', ...UPSTREAM, '--stack', 'bsd'],
  ['unknown flag --latencie; the nearest legal flag is --latency', ...UPSTREAM, '--latencie', '1ms'],
  [
    '--control 0.0.0.0:8474: others can reach that address; expected 127.0.0.1, or --control-token',
    ...UPSTREAM,
    '--control',
    '0.0.0.0:8474',
  ],
  ['--control-token: expected --control beside it', ...UPSTREAM, '--control-token', 'long-enough-to-be-one'],
  ['--control-token: expected at least 16', ...UPSTREAM, '--control', '127.0.0.1:0', '--control-token', 'short'],
  ['--set: expected --scenario beside it', ...UPSTREAM, '--set', 'link.loss=0.1'],
  ['scenarios/nothing.yaml: cannot be read', ...UPSTREAM, '--scenario', 'scenarios/nothing.yaml'],
])('ends with code 2 and says: %s', async (message, ...words) => {
  const { exitCode, out, err } = await sim('proxy', ...words);
  expect([exitCode, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

it('a step that a proxy cannot do is named, and so is every error of the scenario', async () => {
  const files = scratch();
  const file = files.write('s.yaml', 'version: 1\nsteps:\n  - { at: 1s, action: board.reset }\n  - { at: 2s, action: link.blackhole }\n');
  const { exitCode, err } = await sim('proxy', ...UPSTREAM, '--scenario', file);
  expect(exitCode).toBe(2);
  expect(err).toBe(`${file}: steps: board.reset: a proxy cannot do this; it can do ${Object.keys(PROXY_ACTIONS).join(', ')}\n`);
  const wrong = files.write('w.yaml', 'version: 1\nlnk: {}\n');
  expect((await sim('proxy', ...UPSTREAM, '--scenario', wrong)).err).toContain(`${wrong}:2:1: lnk: unknown key`);
});

it('Ctrl-C ends it with code 0, a summary and nothing left open', async () => {
  const files = scratch();
  const file = files.write(
    's.yaml',
    'version: 1\nlink: { latency: 30ms, loss: 0.25 }\nsteps:\n  - { at: 1ms, action: link.blackhole, for: 1h }\n',
  );
  const flags = [
    '--listen',
    '127.0.0.1:0',
    '--control',
    '127.0.0.1:0',
    '--scenario',
    file,
    '--set',
    'boards.count=1',
    '--latency',
    '70ms',
    '--json',
  ];
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/index.ts', 'proxy', ...UPSTREAM, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    err += bytes;
    if (err.includes('packets vanish (all boards)\n') && /s link\.blackhole/.test(err) && !child.killed) child.kill('SIGINT');
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(0);
  expect(err).toContain(
    'The link of each device delays each packet by 70ms ± 2ms, loses 25% of the packets each way and carries 20mbit/s; seed 1.',
  );
  expect(err).toContain('at 1ms: packets vanish (all boards) for 1h');
  expect(JSON.parse(out)).toMatchObject({ version: 1, connections: 0, tcp_segments: 0 });
});
