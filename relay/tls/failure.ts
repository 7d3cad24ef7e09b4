/**
 * What OpenSSL and Node call a failed handshake, in the kit's own words (hal/tls.ts). Only codes are read:
 * messages quote the peer.
 *
 * Node's codes are OpenSSL's `X509_V_ERR_…` without that prefix for a certificate that was not accepted, and
 * `ERR_SSL_…` with OpenSSL's reason for the rest. When it was the peer that refused, its alert (RFC 8446
 * section 6.2) says why.
 */
import type { TlsFailure } from 'hal';

const FAILURES: Readonly<Record<string, TlsFailure>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'unknown_ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown_ca',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_ca',
  CERT_UNTRUSTED: 'unknown_ca',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'unknown_ca',
  CERT_HAS_EXPIRED: 'expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_yet_valid',
  HOSTNAME_MISMATCH: 'name_mismatch',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name_mismatch',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'certificate_required',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'certificate_required',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'bad_certificate',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'bad_certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'bad_certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'bad_certificate',
};

/** Of a certificate that the relay did not accept. */
export function certificateFailure(verifyCode: string): TlsFailure {
  return FAILURES[verifyCode] ?? 'bad_certificate';
}

/** Of a handshake that broke off. */
export function handshakeFailure(errorCode: string): TlsFailure {
  return FAILURES[errorCode] ?? 'protocol';
}
