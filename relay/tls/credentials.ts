/**
 * The relay's certificate, key and authorities as files, checked before anything depends on them: a mistake
 * is found at the start, or at a reload, and named.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { UsageError } from 'host/user-error';
import { isExpired, isNotYetValid, validityOf } from '../certs/validity.ts';
import type { Credentials } from './listen.ts';

export interface CredentialFiles {
  certfile: string;
  keyfile: string;
  password?: string;
  caCerts?: string;
}

/** A chain, or a bundle of authorities, has a handful of certificates; the web's whole list has 250 kB. */
const MAX_FILE_BYTES = 1024 * 1024;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @throws UsageError that names the flag, the file and what was expected */
export function loadCredentials({ certfile, keyfile, password, caCerts }: CredentialFiles, nowMs: number): Credentials {
  const cert = readText('--ssl-certfile', certfile);
  const [first] = readCertificates('--ssl-certfile', certfile, cert, nowMs);
  const key = readText('--ssl-keyfile', keyfile);
  if (!first.checkPrivateKey(readKey(keyfile, key, password))) {
    throw new UsageError(`--ssl-keyfile ${keyfile}: is not the key of the certificate in ${certfile}`);
  }
  if (caCerts === undefined) return usable({ cert, key, passphrase: password }, certfile);
  const ca = readText('--ssl-ca-certs', caCerts);
  const authorities = readCertificates('--ssl-ca-certs', caCerts, ca, nowMs);
  if (!authorities.every((authority) => authority.ca)) {
    throw new UsageError(`--ssl-ca-certs ${caCerts}: expected certificates of authorities, found one that may not sign others`);
  }
  return usable({ cert, key, passphrase: password, ca }, certfile);
}

/** OpenSSL has a last word, on keys that are too short for example. */
function usable(credentials: Credentials, certfile: string): Credentials {
  try {
    createSecureContext(credentials);
    return credentials;
  } catch (error) {
    throw new UsageError(`--ssl-certfile ${certfile}: cannot be used for TLS (${(error as NodeJS.ErrnoException).code})`);
  }
}

function readText(flag: string, file: string): string {
  try {
    const stats = statSync(file);
    // It may never end.
    if (stats.isCharacterDevice() || stats.isBlockDevice()) throw new UsageError(`${flag} ${file}: expected a file, found a device`);
    if (stats.size > MAX_FILE_BYTES) throw new UsageError(`${flag} ${file}: expected at most 1MiB, got ${stats.size} bytes`);
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${flag} ${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** At least one, each readable and valid now. */
function readCertificates(flag: string, file: string, text: string, nowMs: number): X509Certificate[] {
  const blocks = text.match(PEM_CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new UsageError(`${flag} ${file}: expected a certificate in PEM form (-----BEGIN CERTIFICATE-----)`);
  return blocks.map((block) => {
    const certificate = parseCertificate(block);
    if (certificate === null) throw new UsageError(`${flag} ${file}: a certificate in it cannot be read`);
    const validity = validityOf(certificate);
    if (isExpired(validity, nowMs)) throw new UsageError(`${flag} ${file}: expired on ${validity.notAfter}`);
    if (isNotYetValid(validity, nowMs))
      throw new UsageError(`${flag} ${file}: is valid from ${validity.notBefore} only; is this computer's clock right?`);
    return certificate;
  });
}

function parseCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function readKey(file: string, key: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key, passphrase });
  } catch (error) {
    throw new UsageError(`--ssl-keyfile ${file}: ${keyProblem(key, passphrase, (error as NodeJS.ErrnoException).code)}`);
  }
}

function keyProblem(key: string, passphrase: string | undefined, code: string | undefined): string {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) return 'expected a private key in PEM form (-----BEGIN … PRIVATE KEY-----)';
  if (code === 'ERR_MISSING_PASSPHRASE' || (passphrase === undefined && key.includes('ENCRYPTED'))) {
    return 'is encrypted; expected its passphrase as --ssl-password';
  }
  return key.includes('ENCRYPTED') ? '--ssl-password does not open it' : 'the private key in it cannot be read';
}
