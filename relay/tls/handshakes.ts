/**
 * TLS handshakes under way: how many there may be, and how long one may take.
 *
 * A peer that only begins handshakes costs the relay about 100 kB each and itself nothing. When all places
 * are taken, one of them at random gives way to the newcomer: nobody can hold the door shut by holding on,
 * and in an honest rush each has the same chance and those in the middle of it are not all lost. Node's own
 * `handshakeTimeout` starts again with each byte, so the deadline is kept here.
 */
import type { Socket } from 'node:net';
import type { Clock, TimerId } from 'hal';
import type { Holder } from '../admission/memory-bound.ts';

/** Open handshakes at a time. */
export const MAX_HANDSHAKES = 1_000;

/** From the accepted connection to the end of the handshake, ms. A board at 80 MHz takes 2 to 4 s for RSA. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** What each costs the relay, bytes. */
export const HANDSHAKE_BYTES = 100_000;

type GiveUpReason = 'timeout' | 'full' | 'memory_full';

export class Handshakes {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly onGiveUp: (socket: Socket, reason: GiveUpReason) => void;
  private readonly sockets: Socket[] = [];
  private readonly timers = new Map<Socket, TimerId>();

  /** @param onGiveUp the connection is about to be destroyed */
  constructor(clock: Clock, random: () => number, onGiveUp: (socket: Socket, reason: GiveUpReason) => void) {
    this.clock = clock;
    this.random = random;
    this.onGiveUp = onGiveUp;
  }

  get size(): number {
    return this.sockets.length;
  }

  add(socket: Socket): void {
    if (this.size >= MAX_HANDSHAKES) this.giveUp(this.sockets[Math.floor(this.random() * this.size)], 'full');
    this.sockets.push(socket);
    this.timers.set(
      socket,
      this.clock.setTimeout(() => this.giveUp(socket, 'timeout'), HANDSHAKE_TIMEOUT_MS),
    );
    socket.once('close', () => this.remove(socket));
  }

  /** @param peer the other end, which may be found here under another object: TLS wraps the socket */
  done(peer: { remoteAddress?: string; remotePort?: number }): void {
    const socket = this.sockets.find(
      ({ remoteAddress, remotePort }) => remotePort === peer.remotePort && remoteAddress === peer.remoteAddress,
    );
    if (socket) this.remove(socket);
  }

  *holders(): Generator<Holder> {
    for (const socket of this.sockets) yield { heldBytes: HANDSHAKE_BYTES, letGo: () => this.giveUp(socket, 'memory_full') };
  }

  destroyAll(): void {
    for (const socket of [...this.sockets]) socket.destroy();
  }

  private giveUp(socket: Socket, reason: GiveUpReason): void {
    this.remove(socket);
    this.onGiveUp(socket, reason);
    socket.destroy();
  }

  private remove(socket: Socket): void {
    const timer = this.timers.get(socket);
    if (timer === undefined) return;
    this.clock.clearTimeout(timer);
    this.timers.delete(socket);
    this.sockets.splice(this.sockets.indexOf(socket), 1);
  }
}
