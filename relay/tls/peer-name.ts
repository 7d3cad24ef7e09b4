/**
 * The name that a client proved with its certificate: the common name of its subject, when that is a legal
 * client id.
 *
 * Any other name (control characters, NUL, two common names, too long) counts as none: it is never printed
 * and opens nothing.
 */
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { isId } from '../admission/ids.ts';

const names = new WeakMap<Duplex, string>();

/** Call once the handshake is done; later the certificate is not to be had any more. */
export function rememberName(socket: TLSSocket): void {
  if (!socket.authorized) return;
  // An array when there are several, whatever the types say.
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  if (typeof name === 'string' && isId(name)) names.set(socket, name);
}

/**
 * For `RelayDependencies.nameOf`: '' for a client without certificate, and for connections that are not TLS.
 */
export function certifiedName(stream: Duplex): string {
  return names.get(stream) ?? '';
}
