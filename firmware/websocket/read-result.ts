/**
 * What one read of an incremental parser came to. `more`: not enough bytes yet for one read · `part`:
 * something was consumed, the whole is not there yet · `done`: the parser's fields hold a whole head or frame
 * · `bad`: its `failure` says what is wrong; it is spent.
 *
 * One read is what the original client's reader did between two sleeps: a line of the handshake, a frame's
 * first two bytes, its extended length, its payload. That is the unit which `socket_delay_ms` paces.
 */
export type ReadResult = 'more' | 'part' | 'done' | 'bad';
