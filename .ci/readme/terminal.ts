/** Runs what a page shows, as its reader would, in a copy of the kit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { matches, type Step } from './transcript.ts';

/** A command that is stuck must not be waited for. */
const COMMAND_MAX_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** Of the pages. Here a free one stands in, as tests may run side by side. */
const PORT = '8000';

/** What a command printed, standard output and standard error as they came. */
export interface Ran {
  lines: string[];
  exitCode: number | null;
}

export class Terminal {
  private readonly folder: string;
  private readonly port: string;
  private readonly running: ChildProcess[] = [];
  private exitCode: number | null = 0;

  /** @param port stands in for 8000 */
  constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = String(port);
  }

  /** Returns when the command has ended, or when one that goes on has printed what the page shows. */
  async run({ command, expected, goesOn }: Step): Promise<Ran> {
    if (command === 'echo $?') return { lines: [String(this.exitCode)], exitCode: 0 };
    const child = spawn('sh', ['-c', command.replace('npm ci && ', '').replaceAll(PORT, this.port)], {
      cwd: this.folder,
      // As GitHub's runner has it, for the commands of a workflow.
      env: { ...process.env, NO_COLOR: '1', GITHUB_WORKSPACE: this.folder, GITHUB_STEP_SUMMARY: join(this.folder, 'step-summary.md') },
      detached: true, // a group of its own, that can be stopped as Ctrl-C does
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (output += bytes));
    const lines = () =>
      output
        .replaceAll(this.port, PORT)
        .trimEnd()
        .split('\n')
        .filter((line, _, { length }) => line !== '' || length > 1);
    const ended = once(child, 'close');
    const deadline = Date.now() + COMMAND_MAX_MS;
    const isDone = () => child.exitCode !== null || (goesOn && matches(expected, lines(), true));
    while (!isDone() && Date.now() < deadline) await Promise.race([ended, sleep(LOOK_EVERY_MS)]);
    if (!goesOn) {
      if (child.exitCode === null) throw new Error(`not over after ${COMMAND_MAX_MS} ms: ${command}\n${output}`);
      await ended;
      this.exitCode = child.exitCode;
    }
    return { lines: lines(), exitCode: child.exitCode };
  }

  /** Ctrl-C to all that still goes on. @returns whether all ended */
  async interrupt(): Promise<boolean> {
    const going = this.running.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ends = Promise.all(going.map((child) => once(child, 'close')));
    for (const { pid } of going) process.kill(-(pid ?? 0), 'SIGINT');
    return Promise.race([ends.then(() => true), sleep(COMMAND_MAX_MS, false)]);
  }
}
