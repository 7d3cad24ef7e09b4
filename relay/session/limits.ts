/** Bounds that follow from the configuration, or that nobody needs to configure. */

/**
 * A message may come in pieces of this size on average, bytes; smaller ones cost more time than they carry.
 */
const MIN_PIECE_BYTES = 64;

/** Pieces of a small message are always allowed: a paced client may send byte by byte. */
const MIN_PIECES = 1_024;

/**
 * Fragments of a message, or reads of a frame, that may come until it is complete. Passing it closes with
 * 1008.
 */
export function maxPieces(maxPayloadBytes: number): number {
  return Math.max(MIN_PIECES, Math.ceil(maxPayloadBytes / MIN_PIECE_BYTES));
}

/**
 * What Node keeps for each write that waits to be sent, bytes: measured on texts of 31 bytes, which took 630
 * each.
 */
export const WAITING_WRITE_BYTES = 600;

/**
 * Measured: 3,200 for a connection that says nothing, and 2.4 bytes for each of headers that are as short as
 * they can be.
 */
const CONNECTION_BYTES = 4_000;
const BYTES_PER_HEADER_BYTE = 3;

/** What Node keeps for a connection whose handshake has come so far, bytes. */
export function handshakeBytes(headerBytes: number): number {
  return CONNECTION_BYTES + BYTES_PER_HEADER_BYTE * headerBytes;
}
