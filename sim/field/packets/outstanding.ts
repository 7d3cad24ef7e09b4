/**
 * What one end of a connection has sent and is not done with: how often each piece was seen, when it was
 * first acknowledged, and how many acknowledgements there were of it before its sender would have tried
 * again.
 */

import type { Side } from './side.ts';

/**
 * Pieces of one direction that are watched at a time; those of a bulk transfer are told by a part of them.
 */
const MAX_PIECES = 64;
/**
 * How long a sender waits for an acknowledgement, as long as it was not seen to try again, ms: the lwIP of a
 * board 1 to 1.5 s, a server's Linux its round trip and 200 ms.
 */
const FIRST_PATIENCE_MS: Readonly<Record<Side, number>> = { client: 1_000, server: 250 };
/** Patience is the mean of so many retransmissions that were seen last, roughly. */
const PATIENCE_OF = 8;
/** So many times as long a copy may still come, since patience varies. */
const KEPT_TIMES = 3;

interface Piece {
  /** The sequence number behind it. */
  end: number;
  sentMs: number;
  /** Of the latest copy. */
  copiedMs: number;
  copies: number;
  acks: number;
}

export class Outstanding {
  private readonly pieces: Piece[] = [];
  patienceMs: number;
  private retries = 0;

  constructor(side: Side) {
    this.patienceMs = FIRST_PATIENCE_MS[side];
  }

  sent(end: number, atMs: number): void {
    if (this.pieces.length < MAX_PIECES) this.pieces.push({ end, sentMs: atMs, copiedMs: atMs, copies: 1, acks: 0 });
  }

  /** @returns how many acknowledgements there were of the copy before; null: it is not watched */
  sentAgain(end: number, atMs: number): number | null {
    const piece = this.pieces.find((one) => one.end >= end);
    if (piece === undefined) return null;
    const { acks } = piece;
    if (piece.copies === 1) {
      this.retries = Math.min(PATIENCE_OF, this.retries + 1);
      this.patienceMs += (atMs - piece.copiedMs - this.patienceMs) / this.retries;
    }
    piece.copies++;
    piece.copiedMs = atMs;
    piece.acks = 0;
    return acks;
  }

  /**
   * @param copies as many acknowledgements is it: data is sent again, with its acknowledgement, if it is lost
   * @param settled called for each piece that will not be sent again, with how many acknowledgements it had
   * @returns the round trip of the newest piece that this is the first word about, ms; null: there is none
   *   that was sent only once
   */
  acknowledged(upTo: number, copies: number, atMs: number, settled: (acks: number) => void): number | null {
    let rttMs: number | null = null;
    let kept = 0;
    for (const piece of this.pieces) {
      if (piece.end <= upTo) {
        const ageMs = atMs - piece.copiedMs;
        if (piece.acks > 0 && ageMs > KEPT_TIMES * this.patienceMs) {
          settled(piece.acks);
          continue;
        }
        if (piece.acks === 0) rttMs = piece.copies === 1 ? atMs - piece.sentMs : null;
        if (piece.acks === 0 || ageMs <= this.patienceMs) piece.acks += copies;
      }
      this.pieces[kept++] = piece;
    }
    this.pieces.length = kept;
    return rttMs;
  }
}
