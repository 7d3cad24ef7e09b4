/** A real connection to somebody's relay, encrypted where the URL says so. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';

export interface BridgeTarget {
  host: string;
  port: number;
  /** null: plain. */
  tls: TargetTls | null;
}

export interface TargetTls {
  /** Certificates of authorities (PEM) that are trusted beside those that Node trusts; '' for none. */
  ca: string;
  /** False: anybody may be the relay. */
  verifies: boolean;
}

export function dial({ host, port, tls }: BridgeTarget): Socket {
  const socket = tls === null ? connectTcp({ host, port }) : dialTls(host, port, tls);
  socket.setNoDelay(true);
  return socket;
}

function dialTls(host: string, port: number, { ca, verifies }: TargetTls): Socket {
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verifies,
    ...(ca !== '' && { ca: [...rootCertificates, ca] }),
  });
}
