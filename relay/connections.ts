/**
 * Every open connection from its first moment, whether it becomes a session or not: how many there may be, and how long one may take to become one.
 *
 * Node's own timers for this run on real time and only for a server that listens, so they are off and the limit is kept here, on the relay's clock. It
 * also ends a connection whose peer was refused, or answered in plain HTTP, and does not hang up.
 */
import type { Duplex } from 'node:stream';
import type { Clock, TimerId } from 'hal';

const NONE: TimerId = 0;
/** In place of a deadline; no timer has it. */
const GUEST: TimerId = -1;

export class Connections {
  readonly #clock: Clock;
  readonly #handshakeTimeoutMs: number;
  /** The handshake's deadline, NONE for a session, GUEST for what is kept open without being one. */
  readonly #timers = new Map<Duplex, TimerId>();
  #onEmpty: () => void = () => {};

  constructor(clock: Clock, handshakeTimeoutMs: number) {
    this.#clock = clock;
    this.#handshakeTimeoutMs = handshakeTimeoutMs;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** @param onTimeout the connection is about to be destroyed because it did not become a session in time */
  add(stream: Duplex, onTimeout: () => void): void {
    const timer = this.#clock.setTimeout(() => {
      onTimeout();
      stream.destroy();
    }, this.#handshakeTimeoutMs);
    this.#timers.set(stream, timer);
    stream.once('close', () => {
      this.#clock.clearTimeout(this.#timers.get(stream) ?? NONE);
      this.#timers.delete(stream);
      if (this.size === 0) this.#onEmpty();
    });
  }

  /** The connection is a session now, which keeps its own deadlines. */
  opened(stream: Duplex): void {
    this.#clock.clearTimeout(this.#timers.get(stream) ?? NONE);
    this.#timers.set(stream, NONE);
  }

  /** The connection is no session and will be none (a console): it has no deadline, and ends with the relay. */
  keep(stream: Duplex): void {
    this.#clock.clearTimeout(this.#timers.get(stream) ?? NONE);
    this.#timers.set(stream, GUEST);
  }

  /** Destroys what is not a session. */
  destroyPending(): void {
    for (const [stream, timer] of this.#timers) if (timer !== NONE) stream.destroy();
  }

  /** Resolves when there is no connection left. */
  empty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }
}
