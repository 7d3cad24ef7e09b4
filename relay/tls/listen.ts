/**
 * TLS in front of a relay: takes connections on a port, does the handshake, and hands the relay streams that
 * are as good as plain ones.
 *
 * TLS 1.2 and 1.3 with Node's suites, which include what the boards' mbedTLS 2.1 has. No renegotiation, and
 * no resumption: a ticket would let a client in again on a certificate that has expired since, or whose
 * authority is not trusted any more. Not done: revocation lists, and alerts that say why a certificate was
 * not accepted (Node closes without one; a missing certificate does get its alert).
 */
import { constants } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { Clock } from 'hal';
import type { RefusalReason } from '../observer.ts';
import type { Relay } from '../relay.ts';
import { listen } from '../server/server.ts';
import { certificateFailure, handshakeFailure } from './failure.ts';
import { HANDSHAKE_BYTES, Handshakes } from './handshakes.ts';
import { rememberName } from './peer-name.ts';

/**
 * What `--ssl-cert-reqs` says of a client's certificate. 0: not asked for · 1: may be missing, must be good
 * when it is there · 2: must be there and good.
 */
export type CertReqs = 0 | 1 | 2;

/** All are PEM. */
export interface Credentials {
  cert: string;
  key: string;
  /** Opens `key` when it is encrypted. */
  passphrase?: string;
  /** The authorities that clients' certificates must come from; needed unless `certReqs` is 0. */
  ca?: string;
}

export interface TlsOptions extends Credentials {
  relay: Relay;
  certReqs: CertReqs;
  clock: Clock;
  /** Uniform over [0, 1). */
  random: () => number;
  host: string;
  /** 0 lets the system choose. */
  port: number;
}

export interface TlsFront {
  readonly server: Server;
  readonly address: AddressInfo;
  /** From now on new connections get these; those that are open go on. */
  renew(credentials: Credentials): void;
  /**
   * Stops listening and ends the handshakes under way. What the relay has already is the relay's to close.
   */
  close(): void;
}

/** @throws UsageError when the address cannot be had */
export async function listenTls(options: TlsOptions): Promise<TlsFront> {
  const { certReqs } = options;
  const server = createServer({ ...contextOf(options), requestCert: certReqs > 0, rejectUnauthorized: certReqs === 2 });
  const handshakes = watch(server, options);
  const address = await listen(server, options.host, options.port);
  return {
    server,
    address,
    renew: (credentials) => server.setSecureContext(contextOf(credentials)),
    close: () => {
      server.close();
      handshakes.destroyAll();
    },
  };
}

function contextOf({ cert, key, passphrase, ca }: Credentials): SecureContextOptions {
  const secureOptions = constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET;
  // Without `ca` Node would trust the web's authorities.
  return { cert, key, passphrase, ca: ca ?? [], minVersion: 'TLSv1.2', secureOptions };
}

function watch(server: Server, { relay, clock, random }: TlsOptions): Handshakes {
  const refused = new WeakSet<Socket>();
  const refuse = (socket: Socket, reason: RefusalReason, code?: string) => {
    if (refused.has(socket)) return;
    refused.add(socket);
    relay.refused(socket, reason, code);
  };
  const handshakes = new Handshakes(clock, random, refuse);
  relay.memory.watch(() => handshakes.holders());
  server.on('connection', (socket: Socket) => {
    socket.remoteAddress; // Asked for while there is one, a socket knows it to the end.
    handshakes.add(socket);
    relay.memory.add(HANDSHAKE_BYTES);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const verifyCode = verifyCodeOf(socket);
    const code = verifyCode || (error.code ?? '');
    refuse(underneath(socket), `tls_${verifyCode ? certificateFailure(code) : handshakeFailure(code)}`, code);
  });
  server.on('secureConnection', (socket) => {
    handshakes.done(socket);
    const verifyCode = hasCertificate(socket) ? verifyCodeOf(socket) : '';
    if (verifyCode === '') {
      rememberName(socket);
      relay.server.emit('connection', socket);
    } else {
      refuse(socket, `tls_${certificateFailure(verifyCode)}`, verifyCode);
      socket.destroy();
    }
  });
  return handshakes;
}

/** '' when nothing is wrong with the certificate, or none was asked for. A string, whatever the types say. */
function verifyCodeOf(socket: TLSSocket): string {
  return String(socket.authorizationError ?? '');
}

function hasCertificate(socket: TLSSocket): boolean {
  return socket.getPeerX509Certificate() !== undefined;
}

/**
 * Only the socket underneath still knows its address when Node has closed the one above. It is not in Node's
 * documented interface, hence the fallback.
 */
function underneath(socket: TLSSocket): Socket {
  return (socket as TLSSocket & { _parent?: Socket })._parent ?? socket;
}
