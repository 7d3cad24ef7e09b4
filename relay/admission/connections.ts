/**
 * Every open connection from its first moment, whether it becomes a session or not: how many there may be,
 * and how long one may take to become one.
 *
 * Node's own timers for this run on real time and only for a server that listens, so they are off and the
 * limit is kept here, on the relay's clock. It also ends a connection whose peer was refused, or answered in
 * plain HTTP, and does not hang up. When all places are taken, the one that has waited longest gives way to
 * the newcomer: nobody can hold the door shut by holding on, and who is quick gets in.
 */
import type { Duplex } from 'node:stream';
import type { Clock, TimerId } from 'hal';
import type { RelayConfig } from '../config.ts';
import { handshakeBytes } from '../session/limits.ts';
import type { Holder, MemoryBound } from './memory-bound.ts';

type GiveUpReason = 'timeout' | 'pending_full' | 'memory_full';

interface Handshake {
  timer: TimerId;
  onGiveUp: (reason: GiveUpReason) => void;
}

/**
 * What has become of a connection. One listener for both: a third would cost each client the room for
 * seventeen more.
 */
export interface Opened extends Holder {
  /** The connection is gone. */
  streamOnClose(): void;
}

export class Connections {
  private readonly clock: Clock;
  private readonly handshakeTimeoutMs: number;
  private readonly maxHeaderBytes: number;
  private readonly memory: MemoryBound;
  /** Those that are no session yet and may never be, oldest first. */
  private readonly handshakes = new Map<Duplex, Handshake>();
  /** Those that are a session, or were one and still close, and who is to know when they are gone. */
  private readonly openedBy = new Map<Duplex, Opened>();
  /** Those that are kept open without ever being a session. */
  private readonly guests = new Set<Duplex>();
  private onEmpty: () => void = () => {};

  constructor(clock: Clock, { handshakeTimeoutMs, maxHeaderBytes }: Readonly<RelayConfig>, memory: MemoryBound) {
    this.clock = clock;
    this.handshakeTimeoutMs = handshakeTimeoutMs;
    this.maxHeaderBytes = maxHeaderBytes;
    this.memory = memory;
    memory.watch(() => this.holders());
  }

  get size(): number {
    return this.handshakes.size + this.openedBy.size + this.guests.size;
  }

  /**
   * @param onGiveUp the connection is about to be destroyed: it did not become a session in time, or gives
   *   way to another
   */
  add(stream: Duplex, onGiveUp: Handshake['onGiveUp']): void {
    const timer = this.clock.setTimeout(() => this.giveUp(stream, 'timeout'), this.handshakeTimeoutMs);
    this.handshakes.set(stream, { timer, onGiveUp });
    this.memory.add(handshakeBytes(this.maxHeaderBytes));
  }

  /** The connection is gone. */
  remove(stream: Duplex): void {
    const opened = this.openedBy.get(stream);
    if (opened !== undefined) {
      this.openedBy.delete(stream);
      opened.streamOnClose();
    } else if (!this.guests.delete(stream)) this.endHandshake(stream);
    if (this.size === 0) this.onEmpty();
  }

  /** The connection is a session now, which keeps its own deadlines. */
  opened(stream: Duplex, by: Opened): void {
    this.endHandshake(stream);
    this.openedBy.set(stream, by);
  }

  /**
   * The connection is no session and will be none (a console): it has no deadline, and ends with the relay.
   */
  keep(stream: Duplex): void {
    this.endHandshake(stream);
    this.guests.add(stream);
  }

  /**
   * Makes room for one more. @returns false when there is none that may be given up: closing sessions have
   * deadlines of their own, guests are wanted
   */
  giveUpOldest(): boolean {
    const [oldest] = this.handshakes.keys();
    if (oldest === undefined) return false;
    this.giveUp(oldest, 'pending_full');
    return true;
  }

  /** Destroys what is not a session. */
  destroyPending(): void {
    for (const stream of [...this.handshakes.keys(), ...this.guests]) stream.destroy();
  }

  /** Resolves when there is no connection left. */
  empty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.onEmpty = resolve;
    });
  }

  private *holders(): Generator<Holder> {
    for (const stream of this.handshakes.keys()) {
      yield { heldBytes: this.handshakeBytes(stream), letGo: () => this.giveUp(stream, 'memory_full') };
    }
    yield* this.openedBy.values();
    for (const stream of this.guests) yield { heldBytes: stream.writableLength, letGo: () => stream.destroy() };
  }

  /** Sockets say how much they have read, of which a parser keeps what belongs to the headers. */
  private handshakeBytes(stream: Duplex): number {
    const { bytesRead = 0 } = stream as { bytesRead?: number };
    return handshakeBytes(Math.min(bytesRead, this.maxHeaderBytes)) + stream.readableLength + stream.writableLength;
  }

  private giveUp(stream: Duplex, reason: GiveUpReason): void {
    this.endHandshake(stream)?.onGiveUp(reason);
    stream.destroy();
  }

  private endHandshake(stream: Duplex): Handshake | undefined {
    const handshake = this.handshakes.get(stream);
    if (handshake === undefined) return undefined;
    this.clock.clearTimeout(handshake.timer);
    this.handshakes.delete(stream);
    return handshake;
  }
}
