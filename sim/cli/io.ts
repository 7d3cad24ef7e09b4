/** What a command sees of the process it runs in, so that a test can stand in for it. */
import { createColors } from 'picocolors';

/** Results go to `out`, everything else to `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  errIsTerminal: boolean;
  colour: boolean;
  /** How wide what goes to `out` may be. */
  columns: number;
  /** Wall clock, ms, for how long a run took. */
  nowMs(): number;
  /**
   * The answer of whoever sits at the terminal, or null when they ended it (Ctrl-C, Ctrl-D); left out where
   * nobody does.
   */
  ask?(question: string): Promise<string | null>;
}

/** Of what is no terminal, or does not know its width. */
const PLAIN_COLUMNS = 80;

/** What a table must know of the terminal it is for. */
export interface Screen {
  columns: number;
  colours: ReturnType<typeof createColors>;
}

export function screenOf({ columns, colour }: Io): Screen {
  return { columns, colours: createColors(colour) };
}

/**
 * `| head` ends the reader before the writer: what it did not want is dropped, the run still leaves its
 * files.
 */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

export function processIo(): Io {
  const { stdout, stderr, env } = process;
  stdout.on('error', ignoreClosedPipe);
  stderr.on('error', ignoreClosedPipe);
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    errIsTerminal: stderr.isTTY === true,
    // https://no-color.org: any value but the empty one.
    colour: stdout.isTTY === true && env.TERM !== 'dumb' && (env.NO_COLOR ?? '') === '',
    columns: stdout.columns || PLAIN_COLUMNS,
    nowMs: () => performance.now(),
    ...(process.stdin.isTTY === true && stderr.isTTY === true ? { ask } : {}),
  };
}

async function ask(question: string): Promise<string | null> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      lines.on('close', () => resolve(null));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
