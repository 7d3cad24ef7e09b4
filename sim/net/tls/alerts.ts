/**
 * Alerts (RFC 5246 section 7.2): what an end says before it gives a handshake up, and what the other end
 * makes of it. OpenSSL's choice of alert per failure (ssl/statem/statem_lib.c). `close_notify` ends a
 * connection in order.
 */
import type { TlsFailure } from 'hal';

export const CLOSE_NOTIFY = 0;
const HANDSHAKE_FAILURE = 40;
const BAD_CERTIFICATE = 42;
const CERTIFICATE_EXPIRED = 45;
const UNKNOWN_CA = 48;
const PROTOCOL_VERSION = 70;

const WARNING = 1;
const FATAL = 2;

const ALERTS: Record<TlsFailure, number> = {
  unknown_ca: UNKNOWN_CA,
  incomplete_chain: UNKNOWN_CA,
  expired: CERTIFICATE_EXPIRED,
  not_yet_valid: BAD_CERTIFICATE,
  name_mismatch: BAD_CERTIFICATE,
  certificate_required: HANDSHAKE_FAILURE,
  bad_certificate: BAD_CERTIFICATE,
  protocol: PROTOCOL_VERSION,
};

/** The two bytes of the alert that says this failure; null: `close_notify`. */
export function alertFor(failure: TlsFailure | null): string {
  return failure === null ? String.fromCharCode(WARNING, CLOSE_NOTIFY) : String.fromCharCode(FATAL, ALERTS[failure]);
}

/**
 * The peer does not accept the certificate that it was shown; which of its faults it is helps the peer's log
 * only.
 */
const NOT_ACCEPTED: readonly number[] = [BAD_CERTIFICATE, CERTIFICATE_EXPIRED, UNKNOWN_CA];

/** @param showedNothing this end was asked for a certificate and had none */
export function failureOf(alert: number, showedNothing: boolean): TlsFailure {
  if (NOT_ACCEPTED.includes(alert)) return 'bad_certificate';
  return alert === HANDSHAKE_FAILURE && showedNothing ? 'certificate_required' : 'protocol';
}
