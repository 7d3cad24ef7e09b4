/**
 * The two primitives that the WebSocket opening handshake (RFC 6455 section 4) needs. Both take and give
 * binary strings.
 */

export interface Crypto {
  /** SHA-1 digest, 20 bytes. */
  sha1(bytes: string): string;
  /** Standard base64 with padding (RFC 4648 section 4). */
  base64(bytes: string): string;
}
