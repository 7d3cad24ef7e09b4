/**
 * X.509 certificates (RFC 5280) for relays and boards: a private authority, and what it signs. RSA with
 * SHA-256, which the boards' mbedTLS 2.1 knows.
 *
 * Pure but for keys and serial numbers, which are random; no files and no calendar. Node makes keys and
 * signatures, node-forge, which is slow at both, only writes the structure. Not done: revocation, name
 * constraints.
 */

import { createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { DAY_MS } from 'host/units';
import forge from 'node-forge';

/** All are PEM. */
export interface KeyPair {
  publicKey: string;
  key: string;
}

export interface Authority {
  readonly cert: string;
  readonly key: string;
}

export interface AuthorityOptions {
  /** Length of the RSA key, bits. */
  keyBits: number;
  /** Valid for so long from `nowMs`. */
  days: number;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Common name; at most 64 characters. */
  name?: string;
  /** Authorities that may follow below it; left out: none. */
  pathLength?: number;
}

export interface CertificateRequest {
  /**
   * What it is good for: a relay's proof of its hosts, a board's of its id, or an authority below this one.
   */
  kind: 'server' | 'client' | 'authority';
  /** 1 to 64 characters. */
  commonName: string;
  /** The IP addresses and DNS names that a server's certificate is valid for; a client needs none. */
  hosts?: readonly string[];
  /** Of the key pair that it certifies, PEM. */
  publicKey: string;
  /** The other half, which is handed back beside the certificate. */
  key: string;
  /** Valid for so long from `nowMs`, but not longer than the authority. */
  days: number;
  /** Milliseconds since 1970. */
  nowMs: number;
  /**
   * Instead of what follows from `days` and `nowMs`, milliseconds since 1970: for certificates that are
   * expired, or not valid yet.
   */
  notBeforeMs?: number;
  notAfterMs?: number;
}

export interface Issued {
  cert: string;
  key: string;
}

export const DEFAULT_AUTHORITY_NAME = 'Squall CA';
/**
 * A board's clock is set by hand or by a server that is a little off: valid from a day before it was made.
 */
const BACKDATE_MS = DAY_MS;
/** RFC 5280 section 4.1.2.2 allows 20 bytes; 16 random ones are never drawn twice. */
const SERIAL_BYTES = 16;
/** GeneralName's choices, section 4.2.1.6. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Runs in a thread of Node's pool: about 0.1 s for 2,048 bits, seconds for 4,096. */
export function createKeyPair(keyBits: number): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    const options = {
      modulusLength: keyBits,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      // PKCS#1: mbedTLS of the boards reads it without the PKCS#8 parser, which some builds leave out.
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    } as const;
    generateKeyPair('rsa', options, (error, publicKey, key) => {
      if (error) reject(error);
      else resolve({ publicKey, key });
    });
  });
}

export async function createAuthority({ keyBits, ...options }: AuthorityOptions): Promise<Authority> {
  return selfSign(await createKeyPair(keyBits), options);
}

/** An authority of keys that are there already. */
export function selfSign(
  { publicKey, key }: KeyPair,
  { days, nowMs, name = DEFAULT_AUTHORITY_NAME, pathLength = 0 }: Omit<AuthorityOptions, 'keyBits'>,
): Authority {
  const cert = startCertificate(name, publicKey, nowMs - BACKDATE_MS, nowMs + days * DAY_MS);
  cert.setIssuer(cert.subject.attributes);
  cert.setExtensions([...authorityExtensions(pathLength), { name: 'subjectKeyIdentifier' }]);
  return { cert: signed(cert, createPrivateKey(key)), key };
}

export function issue(authority: Authority, request: CertificateRequest): Issued {
  const issuer = issuerOf(authority);
  const { kind, commonName, hosts = [], publicKey, key, days, nowMs } = request;
  const { notBeforeMs = nowMs - BACKDATE_MS, notAfterMs = Math.min(nowMs + days * DAY_MS, issuer.notAfterMs) } = request;
  const cert = startCertificate(commonName, publicKey, notBeforeMs, notAfterMs);
  cert.setIssuer(issuer.name);
  cert.setExtensions([
    ...(kind === 'authority' ? authorityExtensions(0) : peerExtensions(kind)),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.keyIdentifier },
    ...(hosts.length > 0 ? [{ name: 'subjectAltName', altNames: hosts.map(altNameOf) }] : []),
  ]);
  return { cert: signed(cert, issuer.key), key };
}

function authorityExtensions(pathLenConstraint: number): object[] {
  return [
    { name: 'basicConstraints', cA: true, pathLenConstraint, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ];
}

function peerExtensions(kind: 'server' | 'client'): object[] {
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: kind === 'server', clientAuth: kind === 'client' },
  ];
}

/** What an authority puts into all that it signs. */
interface Issuer {
  name: forge.pki.CertificateField[];
  keyIdentifier: string;
  notAfterMs: number;
  key: KeyObject;
}

/**
 * To read certificate and key takes as long as to sign with them, and a fleet's certificates have one
 * authority.
 */
const issuers = new WeakMap<Authority, Issuer>();

function issuerOf(authority: Authority): Issuer {
  const known = issuers.get(authority);
  if (known !== undefined) return known;
  const cert = forge.pki.certificateFromPem(authority.cert);
  const issuer = {
    name: cert.subject.attributes,
    keyIdentifier: cert.generateSubjectKeyIdentifier().getBytes(),
    notAfterMs: cert.validity.notAfter.getTime(),
    key: createPrivateKey(authority.key),
  };
  issuers.set(authority, issuer);
  return issuer;
}

function startCertificate(commonName: string, publicKey: string, notBeforeMs: number, notAfterMs: number): forge.pki.Certificate {
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = randomSerial();
  cert.validity.notBefore.setTime(notBeforeMs);
  cert.validity.notAfter.setTime(notAfterMs);
  // The types call the tag a Class; it is a Type.
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  cert.setSubject([{ name: 'commonName', value: commonName, valueTagClass }]);
  return cert;
}

/** The first bits are 01: positive, and always of the same length. */
function randomSerial(): string {
  const bytes = Buffer.from(forge.random.getBytesSync(SERIAL_BYTES), 'latin1');
  bytes[0] = (bytes[0] & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function altNameOf(host: string): { type: number; ip?: string; value?: string } {
  return isIP(host) === 0 ? { type: DNS_NAME, value: host } : { type: IP_ADDRESS, ip: host };
}

/**
 * forge asks any object with `sign` for the signature, and has put what is to be signed into the certificate
 * by then.
 */
function signed(cert: forge.pki.Certificate, key: KeyObject): string {
  const signer = {
    sign: () => {
      const bytes = forge.asn1.toDer((cert as unknown as { tbsCertificate: forge.asn1.Asn1 }).tbsCertificate).getBytes();
      return sign('sha256', Buffer.from(bytes, 'latin1'), key).toString('latin1');
    },
  };
  cert.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(cert).replaceAll('\r\n', '\n');
}
