/** What can go wrong on a socket, reduced to the kinds that firmware treats differently. */
import type { TlsFailure } from './tls.ts';

/**
 * `refused`: an RST answered the SYN · `timeout`: no answer, or data never acknowledged · `unreachable`: no
 * route, Wi-Fi is down · `dns`: the host name has no address · `reset`: the peer sent RST · `aborted`: the
 * platform gave the socket up (Wi-Fi lost) · `sockets`: the platform has no socket left · `tls`: TCP is there
 * and TLS is not, `tls` says why · `other`: anything the platform could not name.
 */
export type NetErrorKind = 'refused' | 'timeout' | 'unreachable' | 'dns' | 'reset' | 'aborted' | 'sockets' | 'tls' | 'other';

export interface NetError {
  kind: NetErrorKind;
  /** The platform's own words, for the log only. */
  message: string;
  /** Of kind `tls`. */
  tls?: TlsFailure;
}
