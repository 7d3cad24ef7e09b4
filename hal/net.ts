/**
 * Byte streams to a host: what is left of TCP when everything a board cannot do is taken away.
 *
 * Bytes travel as *binary strings*, one character (U+0000 to U+00FF) per byte. Espruino's sockets speak
 * nothing else, 1 KiB costs 54 of its variables that way against 1,028 as an Array, and slicing and searching
 * are native; V8 keeps such strings at one byte a character and slices without copying. One form on both
 * sides means no conversion in firmware.
 */
import type { NetError } from './errors.ts';
import type { TlsSettings } from './tls.ts';

export interface SocketHandlers {
  /**
   * The TCP handshake has ended, and with TLS that handshake too. First callback of a socket that ever
   * connects; at most once.
   */
  onConnect(): void;
  /** `bytes` (never empty) arrived, in order. Never after `onClose`. */
  onData(bytes: string): void;
  /**
   * What was written has left (or the platform wants more): the time to write again after `write` returned
   * false.
   */
  onDrain(): void;
  /**
   * The socket is gone: null after the peer's FIN, otherwise why. Exactly once, and last, unless `destroy`
   * came first. A socket that could not connect reports it here, never by an exception. Some platforms cannot
   * tell a reset from a FIN and say null for both.
   */
  onClose(error: NetError | null): void;
}

export interface Socket {
  /**
   * Queues `bytes` and returns whether more is welcome now; false asks the caller to wait for `onDrain`.
   * Bytes are never refused, so the caller bounds its own queue. Ignored after `end`, `destroy` or `onClose`.
   */
  write(bytes: string): boolean;
  /**
   * Sends FIN after everything written. `onClose` follows when the peer has ended too; Espruino closes both
   * directions at once. Safe to call twice.
   */
  end(): void;
  /**
   * Gives the socket up at once; no callback comes any more. The peer may see FIN, RST or nothing. Safe to
   * call at any time.
   */
  destroy(): void;
  /**
   * Asks for no more `onData`; what is already on its way may still come. The peer then meets a closing TCP
   * window; Espruino reads on instead, keeps what comes until `resume`, and ends the socket with `onClose`
   * when that gets too much.
   */
  pause(): void;
  resume(): void;
}

export interface Net {
  /**
   * Opens a TCP connection. Never throws and never calls a handler from within this call. There is no time
   * limit in the contract (lwIP gives up after about 18 s, a dead uplink may never answer): the caller owns a
   * deadline. On Espruino all JavaScript stands still meanwhile.
   *
   * @param host name, IPv4 address, or IPv6 address in brackets as in a URL; a platform without IPv6
   *   (Espruino) says `dns` of that
   * @param port 1 to 65535
   * @param tls null or left out: plain TCP
   */
  connect(host: string, port: number, handlers: SocketHandlers, tls?: TlsSettings | null): Socket;
}
