/** Espruino's Linux port as a child process: what the tests that need a real engine run in, when ESPRUINO names its binary. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SerialPort } from '../build/serial-port.ts';

/** Path of the binary, built without Unicode strings as the ESP32's is; undefined: such tests are skipped. */
export const ESPRUINO = process.env.ESPRUINO;

export class Engine {
  /** Everything it said. */
  console = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'espruino-'));
  private readonly child: ChildProcess;
  private listener: (bytes: string) => void = () => {};

  /** An engine with an empty Storage of its own: interactive, or running `script`. */
  constructor(script?: string) {
    if (script !== undefined) writeFileSync(join(this.folder, 'script.js'), script, 'latin1');
    this.child = spawn(ESPRUINO ?? '', script === undefined ? [] : ['script.js'], { cwd: this.folder, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout?.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      this.console += text;
      this.listener(text);
    });
    // A write after the end of the process.
    this.child.stdin?.on('error', () => {});
  }

  /** Its console as a serial port. */
  port(): SerialPort {
    return {
      onData: (handler) => {
        this.listener = handler;
      },
      write: async (bytes) => void this.child.stdin?.write(Buffer.from(bytes, 'latin1')),
      close: async () => {},
    };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    // It catches every gentler signal.
    if (this.child.exitCode === null && this.child.kill('SIGKILL')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
