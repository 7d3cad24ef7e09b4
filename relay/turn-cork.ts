/**
 * What is sent to a connection in one turn of the event loop goes out together: one call to the operating system in place of one for each frame.
 *
 * Never more at once than fits into one TCP segment, so that no frame is split over two because of it: the original MicroPython client corrupts such a frame.
 */
import type { Duplex } from 'node:stream';

/** Bytes. Below the segments of lwIP on an ESP32 (1,440) and of Ethernet (1,460). */
const MAX_TOGETHER_BYTES = 1_400;

export class TurnCork {
  readonly #afterTurn: (flush: () => void) => void;
  #held: Duplex[] = [];

  /** @param afterTurn calls back when the turn of the event loop is over */
  constructor(afterTurn: (flush: () => void) => void) {
    this.#afterTurn = afterTurn;
  }

  /** To be called right before `bytes` are written to the stream. */
  hold(stream: Duplex, bytes: number): void {
    if (stream.writableCorked > 0) {
      if (stream.writableLength + bytes <= MAX_TOGETHER_BYTES) return;
      stream.uncork();
    }
    // Full, or what was sent before still waits for the peer: to hold back more helps nobody.
    if (stream.writableLength + bytes > MAX_TOGETHER_BYTES) return;
    stream.cork();
    if (this.#held.push(stream) === 1) this.#afterTurn(this.#flush);
  }

  readonly #flush = (): void => {
    const held = this.#held;
    this.#held = [];
    // One that is in here twice is only uncorked once: uncork without cork does nothing.
    for (const stream of held) stream.uncork();
  };
}
