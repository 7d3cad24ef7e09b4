/**
 * Firmware that would hang or end the process, as its user would meet it: the real command in a process of
 * its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Scratch, scratch } from '../cli/testing/scratch.ts';

/** Starting, and waiting for the watchdog, on a computer that has other things to do. */
const TIMEOUT_MS = 90_000;

const appWith = (line: string): string => `import { createChannel, type DeviceConfig } from 'firmware/channel';
import type { Hal } from 'hal';
export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  ${line}
}
`;
/** What no code counts, so that only the thread can end it. */
const ENDLESS = "hal.clock.setTimeout(() => { console.error('here it ends'); void /^(a+)+$/.test('a'.repeat(40) + 'b'); }, 3000);";
const ANY = ['--device', 'ideal', '--any-javascript'];

interface Ended {
  exitCode: number | null;
  out: string;
  err: string;
}

function sim(words: readonly string[], onStart: (child: ChildProcess) => void = () => {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/index.ts', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    said.out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    said.err += bytes;
  });
  onStart(child);
  return new Promise((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, ...said }));
  });
}

function written(files: Scratch): string[] {
  return existsSync(files.path('run')) ? readdirSync(files.path('run')) : [];
}

function play(files: Scratch, source: string, ...flags: string[]): Promise<Ended> {
  const app = files.write('app.ts', source);
  return sim(['--boards', '2', '--duration', '20s', '--no-report', '--firmware', app, '--out', files.path('run'), ...flags]);
}

describe('a handler in which the engine itself does not come back', { timeout: TIMEOUT_MS }, () => {
  it('is ended, and named by its line', async () => {
    const files = scratch();
    const { exitCode, err } = await play(files, appWith(ENDLESS), ...ANY);
    expect(err).toMatch(/\/app\.ts:5:\d+: this handler does not come back; /);
    expect(exitCode).toBe(2);
    expect(written(files)).toEqual([]);
  });

  it('ends a sweep as well', async () => {
    const files = scratch();
    const study = `version: 1
duration: 20s
boards: { count: 1, device: ideal, any_javascript: true, firmware: ${files.write('app.ts', appWith(ENDLESS))} }
sweep: { parameters: { link.loss: [0, 0.1] }, seeds: 2 }
`;
    const { exitCode, err } = await sim(['sweep', files.write('study.yaml', study), '--workers', '2', '--out', files.path('study')]);
    expect(err).toMatch(/\/app\.ts:5:\d+: this handler does not come back; /);
    expect(exitCode).toBe(2);
  });

  it('does not keep Ctrl-C from ending the command', async () => {
    const files = scratch();
    const app = files.write('app.ts', appWith(ENDLESS));
    const words = ['--boards', '2', '--firmware', app, '--no-report', '--out', files.path('run'), ...ANY];
    const { exitCode, err } = await sim(words, (child) => child.stderr?.once('data', () => child.kill('SIGINT')));
    expect(err).toContain('this handler does not come back');
    expect(exitCode).toBe(2);
  });
});

describe('firmware in a process of its own', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['an end of the process', 'process.exit(0);', 'process.exit is outside the HAL'],
    [
      'an end of the process that is well hidden',
      "Function('return this')().process.exit(0);",
      'The command was ended before it was finished.',
    ],
  ])('never passes for a success: %s', async (_, line, words) => {
    const files = scratch();
    const { exitCode, out, err } = await play(files, appWith(line), '--json');
    expect(err).toContain(words);
    expect(exitCode).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(written(files)).toEqual([]);
  });

  it('that leaves a rejected promise alone has thrown an error like any other, with its line', async () => {
    const line = "hal.clock.setTimeout(() => { void Promise.reject(new Error('stray')); }, 3000);";
    const { exitCode, out, err } = await play(scratch(), appWith(line), '--json');
    expect(err).toBe('');
    expect(exitCode).toBe(4);
    const [error, ...others] = (JSON.parse(out) as { errors: { message: string; at: string; boards: number }[] }).errors;
    expect(others).toEqual([]);
    expect(error).toMatchObject({ message: 'stray', boards: 2, at: expect.stringMatching(/\/app\.ts:5$/) });
  });

  it('that leaves one when it is loaded cannot be loaded', async () => {
    const { exitCode, err } = await play(scratch(), "Promise.reject(new Error('stray'));\nexport function app(): void {}\n");
    expect(err).toMatch(/app\.ts: cannot be loaded: Error: stray \(.*app\.ts:1:\d+\)\n$/);
    expect(exitCode).toBe(2);
  });

  it('that writes to the console does not write into the result', async () => {
    const { exitCode, out, err } = await play(scratch(), appWith("console.log('here');"), '--json');
    expect(exitCode).toBe(0);
    expect(() => JSON.parse(out)).not.toThrow();
    expect(err).toBe('here\nhere\n');
  });
});
