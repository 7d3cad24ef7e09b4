/**
 * The CPU under one end of TLS, and what TLS costs it. The relay's is free: a server's milliseconds vanish
 * beside a board's.
 */

export interface TlsCosts {
  /** One RSA operation with the public, or the private exponent of a 2048-bit key, µs. */
  readonly rsaPublicUs: number;
  readonly rsaPrivateUs: number;
  /** Each record, and each byte in one, read or written, µs. */
  readonly recordUs: number;
  readonly byteUs: number;
}

export interface TlsProcessor {
  readonly costs: TlsCosts;
  /** Computes for so long, once the CPU is free, then goes on. */
  compute(us: number, then: () => void): void;
  /** Adds to what the CPU is doing now. */
  spend(us: number): void;
}

export const NO_COSTS: TlsCosts = { rsaPublicUs: 0, rsaPrivateUs: 0, recordUs: 0, byteUs: 0 };

export const FREE_PROCESSOR: TlsProcessor = { costs: NO_COSTS, compute: (_us, then) => then(), spend() {} };

/** Bytes of the modulus to which the costs of RSA belong. */
const REFERENCE_KEY_BYTES = 256;

/**
 * RSA's cost grows with about the square of the key's length: Espressif's ceilings for 4096 bits are 4.7 and
 * 4.2 times those for 2048.
 */
export function rsaUs(referenceUs: number, keyBytes: number): number {
  return Math.round(referenceUs * (keyBytes / REFERENCE_KEY_BYTES) ** 2);
}
