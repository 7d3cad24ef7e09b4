/**
 * Where log lines go: a descriptor of this process that may be a terminal, a file, a pipe or a socket, and
 * whose reader may stand still. Writing never waits for it.
 *
 * Lines wait in memory, up to a bound; beyond it the newest are dropped, counted, and told of when the reader
 * has caught up. At the end what waits gets a moment to be written. A pipe or a terminal (Ctrl-S) is opened a
 * second time, not to block: a write that blocks would do so even in a thread of Node's pool, which the
 * process waits for when it exits, and the flag is shared by all who share a descriptor. A socket cannot be
 * opened again; Node has seen to it that it does not block.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Clock } from 'hal';
import pino from 'pino';

/** Some 5,000 lines: a burst, and a reader that looks away for a second. */
const MAX_WAITING_BYTES = 1024 ** 2;
/** What a write ends with when the other end of a pipe has been closed, or of a terminal. */
const GONE: readonly string[] = ['EPIPE', 'EIO'];
/** What the reader gets at the end, ms. */
const FLUSH_MS = 1_000;

export class LogDestination {
  /** Lines that were dropped so far. */
  dropped = 0;
  /** So many of them nobody was told of; called when there is room for a line. */
  onDropped: (count: number) => void = () => {};
  private readonly stream: ReturnType<typeof pino.destination>;
  private untold = 0;
  private waits = false;
  /** The reader is gone for good. */
  private isBroken = false;
  /**
   * The last write failed, and the next will: to write at the end without waiting would be tried for ever
   * (sonic-boom's flushSync).
   */
  private hasFailed = false;
  /** Whether the reader is a terminal that has been closed. */
  private readonly isHungUp: () => boolean;
  private isOver = false;
  private onIdle: () => void = () => {};

  constructor(descriptor: number) {
    const wasTerminal = isatty(descriptor);
    this.isHungUp = () => wasTerminal && !isatty(descriptor);
    // Before pino's own listener, which would wait for the reader without a bound.
    process.once('exit', () => this.processOnExit());
    this.stream = pino.destination({
      dest: withoutBlocking(descriptor),
      sync: false,
      maxLength: MAX_WAITING_BYTES,
      retryEAGAIN: () => !this.isOver,
    });
    this.stream.on('drop', () => this.drop());
    this.stream.on('drain', () => this.streamOnDrain());
    this.stream.on('error', (error: NodeJS.ErrnoException) => this.streamOnError(error));
  }

  write(line: string): void {
    if (this.isBroken) {
      this.drop();
      return;
    }
    this.waits = true;
    this.stream.write(line);
  }

  /** Resolves when all is written, or when nobody has read it for so long. What still waits then is lost. */
  async end(clock: Clock): Promise<void> {
    if (this.waits) {
      await new Promise<void>((resolve) => {
        const timer = clock.setTimeout(resolve, FLUSH_MS);
        this.onIdle = () => {
          clock.clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isOver = true;
  }

  private drop(): void {
    this.dropped++;
    this.untold++;
  }

  private streamOnDrain(): void {
    this.waits = false;
    this.hasFailed = false;
    const count = this.untold;
    this.untold = 0;
    if (count > 0) this.onDropped(count);
    if (!this.waits) this.onIdle();
  }

  /** Such as a full disk: what waits is tried again with the next line. */
  private streamOnError({ code }: NodeJS.ErrnoException): void {
    this.isBroken = GONE.includes(code ?? '');
    this.hasFailed = true;
    this.waits = false;
    this.onIdle();
  }

  /** Also of a process that crashes, or is stopped at once. */
  private processOnExit(): void {
    this.isOver = true;
    const isHungUp = this.isHungUp();
    if (isHungUp) letGoOfTerminal();
    try {
      if (!this.hasFailed && !isHungUp) this.stream.flushSync();
    } catch {
      // Nobody reads.
    }
    this.stream.destroy();
  }
}

/**
 * Node puts terminals back into the state in which it found them, and aborts when that cannot be done because
 * one is closed.
 */
function letGoOfTerminal(): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      closeSync(descriptor);
    } catch {
      // Closed already.
    }
  }
}

/** The descriptor itself where a second one would have a position of its own (a file), or cannot be had. */
function withoutBlocking(descriptor: number): number {
  if (fstatSync(descriptor).isFile()) return descriptor;
  try {
    return openSync(`/dev/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return descriptor;
  }
}
