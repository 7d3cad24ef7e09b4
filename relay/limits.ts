/** Bounds that follow from the configuration, or that nobody needs to configure. */

/** Connections that are not sessions (handshakes, plain HTTP, closing) get at least this many places, so that a small relay survives a storm. */
const MIN_SPARE_CONNECTIONS = 1_000;

/** Open connections of any kind. As many again as sessions: after an outage the whole fleet may be in its handshake while the old sessions still close. */
export function maxConnections(maxClients: number): number {
  return maxClients + Math.max(maxClients, MIN_SPARE_CONNECTIONS);
}

/** A message may come in pieces of this size on average, bytes; smaller ones cost more memory to keep than they carry. */
const MIN_PIECE_BYTES = 64;

/** Pieces of a small message are always allowed: a paced client may send byte by byte. */
const MIN_PIECES = 1_024;

/** Fragments of a message, or reads from the socket, that may wait until the message is complete. Passing it closes with 1008. */
export function maxPieces(maxPayloadBytes: number): number {
  return Math.max(MIN_PIECES, Math.ceil(maxPayloadBytes / MIN_PIECE_BYTES));
}
