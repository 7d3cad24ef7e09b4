/**
 * Whether a certificate is good: the verdict on real certificates that OpenSSL and mbedTLS come to. Chain to
 * a trusted authority, what the certificate may be used for, dates by the verifier's clock, and the name that
 * was connected to; of several faults the first in that order.
 *
 * Not judged: revocation, name constraints, lengths of paths and keys.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsFailure } from 'hal';
import { parseCertificateDate } from '../../kernel/calendar.ts';

/** Certificates from leaf to root: mbedTLS's MBEDTLS_X509_MAX_INTERMEDIATE_CA. */
const MAX_DEPTH = 8;
/** Extended key usages, RFC 5280 section 4.2.1.12. */
const USES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

export type PeerRole = keyof typeof USES;

/** All about a chain that does not depend on the day. */
export interface ChainVerdict {
  /** Comes before the dates; null: nothing wrong with chain and use. */
  failure: TlsFailure | null;
  /** When the whole chain is valid, ms since 1970. */
  fromMs: number;
  untilMs: number;
  /** It is for the host that was asked for. */
  nameMatches: boolean;
}

/** @param chain as the peer sent it, its own first @param host null: whoever the peer is */
export function judgeChain(
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  role: PeerRole,
  host: string | null,
): ChainVerdict {
  const [leaf] = chain;
  const path = pathOf(chain, trusted);
  const from = path.map(({ validFrom }) => parseCertificateDate(validFrom) ?? Number.POSITIVE_INFINITY);
  const until = path.map(({ validTo }) => parseCertificateDate(validTo) ?? Number.NEGATIVE_INFINITY);
  return {
    failure: path.length === 0 ? pathlessFailure(chain, trusted, role) : mayBe(leaf, role) ? null : 'bad_certificate',
    fromMs: Math.max(...from),
    untilMs: Math.min(...until),
    nameMatches: host === null || isFor(leaf, host),
  };
}

/** @param nowMs by the verifier's clock, ms since 1970 */
export function judge({ failure, fromMs, untilMs, nameMatches }: ChainVerdict, nowMs: number): TlsFailure | null {
  if (failure !== null) return failure;
  if (nowMs < fromMs) return 'not_yet_valid';
  if (nowMs > untilMs) return 'expired';
  return nameMatches ? null : 'name_mismatch';
}

/** From the peer's certificate to one that is trusted; empty when there is no such path. */
function pathOf([leaf, ...others]: readonly X509Certificate[], trusted: readonly X509Certificate[]): X509Certificate[] {
  const path = [leaf];
  while (path.length <= MAX_DEPTH) {
    const last = path[path.length - 1];
    if (trusted.some(({ fingerprint256 }) => fingerprint256 === last.fingerprint256)) return path;
    const issuer = [...trusted, ...others].find((candidate) => issued(candidate, last));
    if (!issuer) return [];
    path.push(issuer);
  }
  return [];
}

/**
 * Of a relay that sent its own certificate alone, signed by somebody of another name than is trusted, an
 * intermediate one may be missing.
 */
function pathlessFailure([leaf, ...others]: readonly X509Certificate[], trusted: readonly X509Certificate[], role: PeerRole): TlsFailure {
  const isAlone = leaf.issuer !== leaf.subject && !others.some((other) => issued(other, leaf));
  const isStrange = trusted.length > 0 && trusted.every(({ subject }) => subject !== leaf.issuer);
  return role === 'server' && isAlone && isStrange ? 'incomplete_chain' : 'unknown_ca';
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** A certificate that names no use may be used for anything. */
function mayBe({ keyUsage }: X509Certificate, role: PeerRole): boolean {
  return keyUsage === undefined || keyUsage.includes(USES[role]);
}

function isFor(certificate: X509Certificate, host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return (isIP(address) ? certificate.checkIP(address) : certificate.checkHost(host)) !== undefined;
}
