/**
 * The authorities of the TLS cases (tls-cases.ts): two roots and one more of the first one's name, and a root
 * with an intermediate one, which the kit itself makes none of.
 */
import { DAY_MS } from 'host/units';
import forge from 'node-forge';
import { type Authority as CertificateAuthority, createAuthority, createKeyPair } from 'relay/certs/authority';
import type { Authority } from './tls-cases.ts';

const KEY_BITS = 2048;
const DAYS = 100;

export async function createTestAuthorities(nowMs: number): Promise<Record<Authority, CertificateAuthority>> {
  const options = { keyBits: KEY_BITS, days: DAYS, nowMs };
  const [ours, namesake, other, rootKeys, intermediateKeys] = await Promise.all([
    createAuthority(options),
    createAuthority(options),
    createAuthority({ ...options, name: 'Another CA' }),
    createKeyPair(KEY_BITS),
    createKeyPair(KEY_BITS),
  ]);
  const root = { cert: certify('Root CA', rootKeys.publicKey, 'Root CA', rootKeys.key, nowMs), key: rootKeys.key };
  const intermediate = {
    cert: certify('Intermediate CA', intermediateKeys.publicKey, 'Root CA', rootKeys.key, nowMs),
    key: intermediateKeys.key,
  };
  return { ours, namesake, other, root, intermediate };
}

function certify(name: string, publicKey: string, issuer: string, issuerKey: string, nowMs: number): string {
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey);
  cert.serialNumber = name === issuer ? '01' : '02';
  cert.validity.notBefore.setTime(nowMs - DAY_MS);
  cert.validity.notAfter.setTime(nowMs + DAYS * DAY_MS);
  cert.setSubject([nameOf(name)]);
  cert.setIssuer([nameOf(issuer)]);
  cert.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  cert.sign(forge.pki.privateKeyFromPem(issuerKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(cert).replaceAll('\r\n', '\n');
}

function nameOf(commonName: string): forge.pki.CertificateField {
  return { name: 'commonName', value: commonName, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class };
}
