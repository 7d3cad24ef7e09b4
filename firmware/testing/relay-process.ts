/**
 * `npx tsx relay` as a process of its own on a port of this computer, which can be stopped politely or
 * killed, and started again on the same port.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const KIT_FOLDER = resolve(__dirname, '..', '..');
const HOST = '127.0.0.1';
/**
 * From spawn to the line that names the port, ms: a second on an idle machine, and the compiler may wait its
 * turn on a busy one.
 */
const START_MAX_MS = 30_000;
/** Of what a relay says, lines that are kept to tell why it did not start. */
const SAID_LINES_MAX = 50;

export class RelayProcess {
  /** 0 until the first start. */
  port = 0;
  private readonly flags: readonly string[];
  private process: ChildProcess | null = null;

  /** @param flags of `npx tsx relay`, without host, port and log level */
  constructor(flags: readonly string[]) {
    this.flags = flags;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const address = ['--host', HOST, '--port', String(this.port), '--log-level', 'info'];
    const child = spawn(process.execPath, ['--import', 'tsx', 'relay/index.ts', ...address, ...this.flags], {
      cwd: KIT_FOLDER,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process = child;
    const tooLate = AbortSignal.timeout(START_MAX_MS);
    const said: string[] = [];
    // Read to the end, or the relay would stand still at a full pipe.
    const lines = createInterface({ input: child.stderr });
    const listening = new Promise<number>((found, failed) => {
      lines.on('line', (line) => {
        const { port } = parseLogLine(line);
        if (port !== undefined) found(port);
        else if (said.length < SAID_LINES_MAX) said.push(line);
      });
      const fail = (why: string) => failed(new Error(`the relay ${why}: ${said.join('\n')}`));
      lines.on('close', () => fail('ended before it listened'));
      tooLate.addEventListener('abort', () => fail(`did not listen within ${START_MAX_MS} ms`));
    });
    this.port = await listening;
  }

  /** @param politely close frames first; else a process that is gone from one moment to the next */
  async stop(politely: boolean): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(politely ? 'SIGTERM' : 'SIGKILL');
    await ended;
  }
}

/** Not a terminal: a JSON object a line. */
function parseLogLine(line: string): { port?: number } {
  try {
    return JSON.parse(line) as { port?: number };
  } catch {
    return {};
  }
}
