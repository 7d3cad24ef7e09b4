/**
 * From when to when a certificate is valid (RFC 5280 section 4.1.2.5), read from its bytes: Node gives the
 * dates as English text only, and forge's own reader of certificates knows no keys but RSA's.
 */
import type { X509Certificate } from 'node:crypto';
import forge from 'node-forge';

export interface Validity {
  notBeforeMs: number;
  notAfterMs: number;
  /** For people: `2026-11-23T00:00:00.000Z`. */
  notBefore: string;
  notAfter: string;
}

export function validityOf(certificate: X509Certificate): Validity {
  const [tbsCertificate] = childrenOf(forge.asn1.fromDer(certificate.raw.toString('latin1')));
  // The version comes first, tagged [0], unless it is the first version; then serial number, algorithm,
  // issuer, validity.
  const fields = childrenOf(tbsCertificate);
  const hasVersion = fields[0].tagClass === forge.asn1.Class.CONTEXT_SPECIFIC;
  const [notBefore, notAfter] = childrenOf(fields[hasVersion ? 4 : 3]).map(dateOf);
  return {
    notBeforeMs: notBefore.getTime(),
    notAfterMs: notAfter.getTime(),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
  };
}

export function isExpired({ notAfterMs }: Validity, nowMs: number): boolean {
  return nowMs > notAfterMs;
}

export function isNotYetValid({ notBeforeMs }: Validity, nowMs: number): boolean {
  return nowMs < notBeforeMs;
}

function childrenOf(node: forge.asn1.Asn1): forge.asn1.Asn1[] {
  return node.value as forge.asn1.Asn1[];
}

/** The return type is the calendar's own, which this file has no other use for. */
function dateOf(node: forge.asn1.Asn1) {
  const text = node.value as string;
  return node.type === forge.asn1.Type.UTCTIME ? forge.asn1.utcTimeToDate(text) : forge.asn1.generalizedTimeToDate(text);
}
