/**
 * A command in a real pseudo-terminal (`script` of util-linux), as a person has it: npx, its launcher,
 * colours, and keys that are signals.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SCRIPT = '/usr/bin/script';
export const HAS_TERMINAL = existsSync(SCRIPT);

export const CTRL_C = '\x03';
/**
 * The shell is not to end with the key that ends the command: else the terminal hangs up on a program that
 * still writes.
 */
const KEEP_SHELL = 'trap : INT';

export interface Terminal {
  /** What stood on the screen so far, colour and cursor codes included. */
  readonly screen: string;
  /** Resolves when the screen has shown this. Rejects when the terminal is closed before. */
  shows(what: RegExp): Promise<void>;
  press(keys: string): void;
  /** Ends the shell behind the command, which outlives it as a person's does. */
  close(): void;
}

/** @param command for `sh` */
export function openTerminal(command: string, columns = 80): Terminal {
  const lines = [`stty cols ${columns} rows 40`, KEEP_SHELL, command, 'echo "[exit $?]"', 'read rest'];
  const child = spawn(SCRIPT, ['-qefc', lines.join('\n'), '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '', CI: '' },
  });
  let screen = '';
  let closed = false;
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  child.stdout.on('data', (bytes) => {
    screen += bytes;
    tell();
  });
  child.on('close', () => {
    closed = true;
    tell();
  });
  return {
    get screen() {
      return screen;
    },
    shows(what) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (what.test(screen)) resolve();
          else if (closed) reject(new Error(`the terminal was closed before it showed ${what}:\n${screen}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      });
    },
    press: (keys) => child.stdin.write(keys),
    // Its end of the terminal closes, and whatever runs in it is hung up on.
    close: () => child.kill('SIGKILL'),
  };
}

/** Processes whose command line has this in it, but the terminal's own. */
export function processesOf(mark: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(mark) && !line.includes(KEEP_SHELL));
}
