/**
 * Runs an app on this computer: the Node backend, the same boot code as on a board, lines on `out`, until Ctrl-C.
 *
 * `once` needs nothing of the firmware: it looks at the events that every backend's log sees, and takes the power away where a channel would begin
 * to wait for its next attempt.
 */
import { createNodeBoard } from 'hal/node';
import { boot, type FirmwareApp } from '../boot.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** From Ctrl-C to power off, ms: enough for what is queued to reach an open socket, too short to notice. */
const STOP_GRACE_MS = 300;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface AppRun {
  app: FirmwareApp;
  /** What is in the board's flash: binary strings. */
  files: Readonly<Record<string, string>>;
  /** End when the first channel has ended, or could not be opened. */
  once: boolean;
}

export function runApp({ app, files, once }: AppRun, io: Io): Promise<ExitCode> {
  return new Promise((resolve) => {
    const board = createNodeBoard({
      files,
      log: {
        line: (text) => io.out(`${printable(text)}\n`),
        event(name, subject) {
          // After the handlers that hear of it as well.
          if (once && name === 'channel.state' && subject === 'waiting') queueMicrotask(() => end(EXIT.ok));
        },
      },
    });
    const end = (exitCode: ExitCode) => {
      board.switchOff();
      for (const signal of SIGNALS) process.off(signal, processOnSignal);
      resolve(exitCode);
    };
    const processOnSignal = () => {
      board.requestStop();
      board.hal.clock.setTimeout(() => end(EXIT.interrupted), STOP_GRACE_MS);
    };
    for (const signal of SIGNALS) process.on(signal, processOnSignal);
    try {
      boot(board.hal, app);
    } catch (error) {
      io.err(`The app threw: ${error instanceof Error ? error.stack : String(error)}\n`);
      end(EXIT.bug);
    }
  });
}

/** What others send is shown, and does not move the terminal's cursor. */
function printable(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, '?');
}
