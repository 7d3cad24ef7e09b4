/** Bounds that follow from the configuration, or that nobody needs to configure. */

/** A message may come in pieces of this size on average, bytes; smaller ones cost more memory to keep than they carry. */
const MIN_PIECE_BYTES = 64;

/** Pieces of a small message are always allowed: a paced client may send byte by byte. */
const MIN_PIECES = 1_024;

/** Fragments of a message, or reads from the socket, that may wait until the message is complete. Passing it closes with 1008. */
export function maxPieces(maxPayloadBytes: number): number {
  return Math.max(MIN_PIECES, Math.ceil(maxPayloadBytes / MIN_PIECE_BYTES));
}

/** What Node keeps for each write that waits to be sent, bytes: measured on texts of 31 bytes, which took 630 each. */
export const WAITING_WRITE_BYTES = 600;
