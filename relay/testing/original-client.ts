/**
 * The original's WebSocket client, unchanged, in MicroPython's Unix port as a child process: what the tests
 * that want it run, when MICROPYTHON names the binary. Where the client is, MicroPython is told in its own
 * way: MICROPYPATH=.frozen:FOLDER, the folder that holds async_websocket_client/.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Path of the binary; undefined: such tests are skipped. */
export const MICROPYTHON = process.env.MICROPYTHON;

const DRIVER = join(__dirname, 'original-client.py');

/**
 * What it says of itself: `["open"]`, `["closed"]`, `["text", BYTES, SHA256, START]`, … as original-client.py
 * has it; `["error", LINE]` is Python's own, which prints a traceback among the rest.
 */
export type Told = (string | number)[];

export class OriginalClient {
  readonly told: Told[] = [];
  private readonly child: ChildProcess;

  /** @param onTold called with each as it comes */
  constructor(url: string, onTold: (told: Told) => void = () => {}) {
    this.child = spawn(MICROPYTHON ?? '', [DRIVER, url], { stdio: ['pipe', 'pipe', 'inherit'] });
    const tell = (told: Told) => {
      this.told.push(told);
      onTold(told);
    };
    if (this.child.stdout) {
      createInterface(this.child.stdout).on('line', (line) => tell(line.startsWith('[') ? JSON.parse(line) : ['error', line]));
    }
    // A write after the end of the process.
    this.child.stdin?.on('error', () => {});
  }

  /** How often it said so. */
  count(event: string): number {
    return this.told.filter(([name]) => name === event).length;
  }

  /** Has it send `patternOf(bytes)`. */
  send(kind: 'text' | 'binary', bytes: number): void {
    this.child.stdin?.write(`${kind} ${bytes}\n`);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** What the driver sends: characters that no power of two repeats. */
export function patternOf(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, i) => 32 + (i % 90)));
}

/** What it tells of a message that it has got whole. */
export function toldOf(message: string | Buffer): Told {
  const sha256 = createHash('sha256').update(message).digest('hex');
  const bytes = Buffer.byteLength(message);
  return typeof message === 'string' ? ['text', bytes, sha256, message.slice(0, 40)] : ['binary', bytes, sha256];
}
