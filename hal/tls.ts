/**
 * TLS as a board asks for it. Files are already read: bytes as binary strings, PEM or DER.
 *
 * What the backends can do differs: Node and the simulator do all of it, Espruino encrypts and shows a
 * certificate but cannot verify the relay, so it refuses `verify`.
 */
export interface TlsSettings {
  /** The authority that the relay's certificate must come from; '' when `verify` is false. */
  ca: string;
  /** The board's own certificate and its RSA key; both '' when it has none. */
  cert: string;
  key: string;
  /**
   * Whether the relay's certificate must be good: chain, dates by `hal.wallClock`, and the name that was
   * connected to.
   */
  verify: boolean;
}

/**
 * Why TLS failed, in the terms that a person can act on. `unknown_ca`: of another authority ·
 * `incomplete_chain`: the relay sent its certificate alone, and the one that signed it goes by another name
 * than the authority, so that an intermediate certificate is missing or the authority is another one (from
 * the outside they cannot be told apart) · `expired`, `not_yet_valid`: by the clock of the side that verified
 * · `name_mismatch`: good, but for another host · `certificate_required`: the relay wants a certificate and
 * got none · `bad_certificate`: unreadable, not for this use, or its key does not match · `protocol`: no TLS
 * on the other side, no common version, a broken record.
 */
export type TlsFailure =
  | 'unknown_ca'
  | 'incomplete_chain'
  | 'expired'
  | 'not_yet_valid'
  | 'name_mismatch'
  | 'certificate_required'
  | 'bad_certificate'
  | 'protocol';
