/**
 * Random numbers for masking keys, handshake keys and backoff jitter.
 *
 * On Espruino the generator gives *the same numbers on every board and every boot* until it is seeded, and a
 * fleet whose jitter is identical has no jitter at all. So whoever boots the firmware calls `seed` before the
 * first connect.
 */

export interface Random {
  /** An integer, uniform over 0 to 4,294,967,295. */
  uint32(): number;
  /**
   * Mixes `value` (an integer, 0 to 4,294,967,295) into the generator. Platforms with a generator that is
   * already unpredictable may ignore it.
   */
  seed(value: number): void;
}
