/**
 * Certificates and keys as a board or a relay has them in its files: PEM or DER, as binary strings. What
 * cannot be read is null.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** A chain has two or three; more is no chain. */
const MAX_CERTIFICATES = 16;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const KEY_TYPES = ['pkcs1', 'pkcs8'] as const;

/** At least one. */
export function readCertificates(bytes: string): X509Certificate[] | null {
  const blocks = bytes.includes('-----BEGIN') ? (bytes.match(PEM_BLOCK) ?? []) : [bytes];
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES) return null;
  const certificates = blocks.map(readCertificate);
  return certificates.includes(null) ? null : (certificates as X509Certificate[]);
}

/** @param bytes PEM of one certificate, or its DER */
export function readCertificate(bytes: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
}

export function readKey(bytes: string): KeyObject | null {
  const buffer = Buffer.from(bytes, 'latin1');
  if (bytes.includes('-----BEGIN')) return attempt(() => createPrivateKey(buffer));
  for (const type of KEY_TYPES) {
    const key = attempt(() => createPrivateKey({ key: buffer, format: 'der', type }));
    if (key !== null) return key;
  }
  return null;
}

/** Length of a certificate's RSA modulus, bytes. 0: not RSA. */
export function modulusBytes({ publicKey }: X509Certificate): number {
  return Math.ceil((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}

export function derOf(certificate: X509Certificate): string {
  return certificate.raw.toString('latin1');
}

/** The DER of a certificate's subject: what a server names as an issuer it would accept. */
export function subjectOf({ raw }: X509Certificate): string {
  const outer = elementAt(raw, 0);
  const { start } = elementAt(raw, outer.start);
  let element = elementAt(raw, start);
  if (raw[start] === 0xa0) element = elementAt(raw, element.end); // version
  for (let skipped = 0; skipped < 4; skipped++) element = elementAt(raw, element.end); // serial number, algorithm, issuer, validity
  return raw.toString('latin1', element.at, element.end);
}

/** Where a DER element begins, where its content does, and where it ends. */
function elementAt(bytes: Buffer, at: number): { at: number; start: number; end: number } {
  const short = bytes[at + 1];
  if (short < 0x80) return { at, start: at + 2, end: at + 2 + short };
  const size = short & 0x7f;
  const start = at + 2 + size;
  return { at, start, end: start + bytes.readUIntBE(at + 2, size) };
}

function attempt(read: () => KeyObject): KeyObject | null {
  try {
    return read();
  } catch {
    return null;
  }
}
