/** What can go wrong on a socket, reduced to the kinds that firmware treats differently. */

/**
 * `refused`: an RST answered the SYN · `timeout`: no answer, or data never acknowledged · `unreachable`: no route, Wi-Fi is down ·
 * `dns`: the host name has no address · `reset`: the peer sent RST · `aborted`: the platform gave the socket up (Wi-Fi lost) ·
 * `sockets`: the platform has no socket left · `other`: anything the platform could not name.
 */
export type NetErrorKind = 'refused' | 'timeout' | 'unreachable' | 'dns' | 'reset' | 'aborted' | 'sockets' | 'other';

export interface NetError {
  kind: NetErrorKind;
  /** The platform's own words, for the log only. */
  message: string;
}
