/** Runs a command line in this process and keeps what it says, in place of a terminal. */
import { register } from 'tsx/cjs/api';
import type { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { main } from '../main.ts';

// Firmware is loaded by `require`, which knows TypeScript only where tsx runs the process.
register();

export interface Captured {
  exitCode: ExitCode;
  out: string;
  err: string;
}

/** Time stands still, so a summary's `wall_ms` is 0. */
export async function sim(...words: string[]): Promise<Captured> {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    errIsTerminal: false,
    colour: false,
    columns: 80,
    nowMs: () => 0,
  };
  const exitCode = await main(words, io);
  return { exitCode, ...said };
}
