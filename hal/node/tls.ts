/**
 * The board's TLS by `node:tls`: from its settings to Node's options, and from Node's errors to the failures
 * that firmware tells apart (hal/tls.ts).
 *
 * TLS 1.2 and up; trusts the given authority and never the system's. Node's OpenSSL checks chain, purpose,
 * name and, by the computer's clock, the dates; it goes on after a bad certificate, as only then can be seen
 * what was sent: `certificateFailure` has the verdict, which adds the dates by the board's clock. Not here:
 * revocation, resumption.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { NetError, TlsFailure, TlsSettings } from '../index.ts';

/** Of a verdict of OpenSSL, by Node's name for it. */
const FAILURES: Readonly<Record<string, TlsFailure>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'unknown_ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown_ca',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_ca',
  CERT_SIGNATURE_FAILURE: 'unknown_ca',
  CERT_UNTRUSTED: 'unknown_ca',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_yet_valid',
  HOSTNAME_MISMATCH: 'name_mismatch',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name_mismatch',
  INVALID_PURPOSE: 'bad_certificate',
  CERT_REJECTED: 'bad_certificate',
};

/** Of one that came alone. */
const ALONE: Readonly<Record<string, TlsFailure>> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'incomplete_chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'incomplete_chain',
};

/**
 * The relay says by an alert (RFC 8446 section 6.2) that it does not accept the board's certificate; which of
 * its faults it is helps the relay's log only.
 */
const NOT_ACCEPTED = /_ALERT_(UNKNOWN_CA|(BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|ACCESS_DENIED|DECRYPT_ERROR)$/;
/** TLS 1.3 has a word for it; TLS 1.2 uses one that it uses for other things as well. */
const REQUIRED = /_ALERT_CERTIFICATE_REQUIRED$/;
const HANDSHAKE_FAILURE = /_ALERT_HANDSHAKE_FAILURE$/;
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** @throws Error when a certificate or the key cannot be read, or does not belong to the other */
export function connectionOptions(settings: TlsSettings, host: string): ConnectionOptions {
  const { ca, cert, key, verify } = settings;
  if ((cert === '') !== (key === '')) throw new Error('a certificate and its key: expected both or neither');
  if (cert !== '' && !certificate(cert, 'the certificate').checkPrivateKey(privateKey(key))) {
    throw new Error('the key does not belong to the certificate');
  }
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
    // An intermediate authority may be what is trusted, as with mbedTLS.
    allowPartialTrustChain: true,
    // An empty list is not "none given": the system's authorities stay out.
    ca: verify ? [certificatePem(ca, "the authority's certificate")] : [],
    ...(cert === ''
      ? {}
      : { cert: certificatePem(cert, 'the certificate'), key: privateKey(key).export({ format: 'pem', type: 'pkcs8' }) }),
    // RFC 6066 section 3: names only.
    ...(isIP(host) === 0 ? { servername: host } : {}),
  };
}

/**
 * What is wrong with the server's certificate, or null. To be asked before anything is said to the server.
 * @param epochMs by the board's clock
 */
export function certificateFailure(tls: TLSSocket, { ca }: TlsSettings, epochMs: number): NetError | null {
  if (tls.authorized) {
    const failure = outsideDates(tls, epochMs);
    return failure === null ? null : { kind: 'tls', tls: failure, message: "by the board's clock" };
  }
  // A string, whatever the types say.
  const code = String(tls.authorizationError);
  const failure = isAlone(tls, ca) ? ALONE[code] : undefined;
  return { kind: 'tls', tls: failure ?? FAILURES[code] ?? 'bad_certificate', message: code };
}

/** The server sent its own certificate only, and whoever signed it has another name than the authority. */
function isAlone(tls: TLSSocket, ca: string): boolean {
  const leaf = tls.getPeerX509Certificate();
  return (
    leaf !== undefined && leaf.issuerCertificate === undefined && leaf.issuer !== certificate(ca, "the authority's certificate").subject
  );
}

/** Why the server's chain is not valid at `epochMs`, or null. */
function outsideDates(tls: TLSSocket, epochMs: number): TlsFailure | null {
  for (let certificate = tls.getPeerX509Certificate(); certificate !== undefined; certificate = certificate.issuerCertificate) {
    if (epochMs < Date.parse(certificate.validFrom)) return 'not_yet_valid';
    if (epochMs > Date.parse(certificate.validTo)) return 'expired';
  }
  return null;
}

/** Null when it is not TLS that failed. */
export function tlsErrorOf(error: Error, showsCertificate: boolean): NetError | null {
  const { code = '' } = error as NodeJS.ErrnoException;
  const failure = otherFailure(code, showsCertificate);
  return failure === null ? null : { kind: 'tls', tls: failure, message: code };
}

function otherFailure(code: string, showsCertificate: boolean): TlsFailure | null {
  if (NOT_ACCEPTED.test(code)) return 'bad_certificate';
  if (REQUIRED.test(code) || (HANDSHAKE_FAILURE.test(code) && !showsCertificate)) return 'certificate_required';
  return TLS_CODE.test(code) ? 'protocol' : null;
}

function isPem(bytes: string): boolean {
  return bytes.includes('-----BEGIN ');
}

function bytesOf(file: string): Buffer {
  return Buffer.from(file, 'latin1');
}

/** @param what it is, for the message */
function certificate(file: string, what: string): X509Certificate {
  try {
    return new X509Certificate(bytesOf(file));
  } catch {
    throw new Error(`${what} cannot be read: expected PEM or DER`);
  }
}

function certificatePem(file: string, what: string): string {
  const first = certificate(file, what);
  // A PEM file may hold a whole chain.
  return isPem(file) ? file : first.toString();
}

function privateKey(file: string): KeyObject {
  const key = bytesOf(file);
  const forms = isPem(file) ? [key] : (['pkcs8', 'pkcs1'] as const).map((type) => ({ key, format: 'der' as const, type }));
  for (const form of forms) {
    try {
      return createPrivateKey(form);
    } catch {
      // The other form, or neither. The library's own words are about its decoders.
    }
  }
  throw new Error('the key cannot be read: expected PEM or DER, without a passphrase');
}
