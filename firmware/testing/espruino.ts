/**
 * Espruino's Linux port as a child process: what the tests that need a real engine run in, when ESPRUINO
 * names its binary.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildProgram, type Program } from '../build/build.ts';
import type { SerialPort } from '../build/flash/serial-port.ts';

/** Path of the binary, built without Unicode strings as the ESP32's is; undefined: such tests are skipped. */
export const ESPRUINO = process.env.ESPRUINO;

export class Engine {
  /** Everything it said. */
  console = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'espruino-'));
  private readonly child: ChildProcess;
  private listener: (bytes: string) => void = () => {};

  /**
   * An engine with an empty Storage of its own: interactive, or running `script`.
   * @param oneCore for what sends much to its console: the two threads of Espruino's Linux port share that
   *   input without a lock, and lose bytes side by side
   */
  constructor(script?: string, { oneCore = false } = {}) {
    if (script !== undefined) writeFileSync(join(this.folder, 'script.js'), script, 'latin1');
    const command = [...(oneCore ? ['taskset', '-c', '0'] : []), resolve(ESPRUINO ?? ''), ...(script === undefined ? [] : ['script.js'])];
    this.child = spawn(command[0], command.slice(1), { cwd: this.folder, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout?.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      this.console += text;
      this.listener(text);
    });
    // A write after the end of the process.
    this.child.stdin?.on('error', () => {});
  }

  /** By itself: a crash, mostly. */
  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
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

const RETRY_MS = 100;
/** Reconnects at once, as far as the config allows. */
const QUICK = { kind: 'fixed', jitter: 'none', min_ms: RETRY_MS, max_ms: RETRY_MS };

/**
 * One of the kit's apps, built and running, as `engine` and with a quick backoff.
 *
 * @param app its name, such as `sos`
 * @param server its `ws://` URL
 * @param prelude what the engine runs before it
 */
export async function startApp(app: string, server: string, config: object = {}, prelude = ''): Promise<Engine> {
  const { code } = await buildOnce(app, JSON.stringify({ client_id: 'engine', backoff: QUICK, ...config, server: ANY_SERVER }));
  return new Engine(`${prelude}\n${code.replace(ANY_SERVER, server)}`);
}

/**
 * Stands in a program for the server that it is given later: a build takes seconds, and its config decides
 * only whether TLS is in it.
 */
const ANY_SERVER = 'ws://server.invalid:1/';
const builds = new Map<string, Promise<Program>>();

function buildOnce(app: string, config: string): Promise<Program> {
  const key = `${app} ${config}`;
  const build = builds.get(key) ?? buildProgram(resolve(`firmware/apps/${app}.ts`), config);
  builds.set(key, build);
  return build;
}

/** A prelude: prints each edge of a pin with its time in ms, for `edgesOf`. */
export const PRINT_EDGES = 'function digitalWrite(pin,level){print("edge",pin,level,(getTime()*1000).toFixed(1))}';

/** A prelude: no wait between two attempts, for tests that count them. */
export const NO_BACKOFF = `var engineTimeout=setTimeout;function setTimeout(f,ms){return engineTimeout(f,ms===${RETRY_MS}?1:ms)};`;

/** A prelude: prints the engine's variables in use, garbage not counted, every so many ms, for `memoryOf`. */
export const printMemory = (everyMs: number) => `setInterval(function(){print("variables",process.memory().usage)},${everyMs});`;

export interface Edge {
  pin: number;
  level: number;
  ms: number;
}

export function edgesOf(engine: Engine): Edge[] {
  return [...engine.console.matchAll(/edge (\d+) (\d) ([\d.]+)/g)].map(([, pin, level, ms]) => ({
    pin: Number(pin),
    level: Number(level),
    ms: Number(ms),
  }));
}

export function memoryOf(engine: Engine): number[] {
  return [...engine.console.matchAll(/variables (\d+)/g)].map(([, variables]) => Number(variables));
}
