/** Certificates as other programs see them: OpenSSL's command is the judge, and Node's own reader. */

import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from 'host/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, type CertificateRequest, createAuthority, createKeyPair, type Issued, issue, type KeyPair } from './authority.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
let folder = '';
let authority: Authority;
let keys: KeyPair;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-authority-'));
  authority = await createAuthority({ keyBits: 2048, days: 100, nowMs: NOW_MS });
  keys = await createKeyPair(2048);
});

afterAll(() => rmSync(folder, { recursive: true }));

function issued(request: Partial<CertificateRequest> = {}): Issued {
  return issue(authority, { kind: 'client', commonName: 'board-1', days: 30, nowMs: NOW_MS, ...keys, ...request });
}

/** What `openssl verify` says of a certificate at a time, for a purpose. */
function verify(cert: string, purpose: 'sslserver' | 'sslclient', ca = authority.cert, atMs = NOW_MS): string {
  const [certFile, caFile] = [join(folder, 'leaf.crt'), join(folder, 'ca.crt')];
  writeFileSync(certFile, cert);
  writeFileSync(caFile, ca);
  const words = ['verify', '-x509_strict', '-CAfile', caFile, '-purpose', purpose, '-attime', String(atMs / 1_000), certFile];
  try {
    return execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

describe('a certificate', () => {
  it.each(['server', 'client'] as const)('for a %s is accepted by OpenSSL for that and nothing else', (kind) => {
    const { cert } = issued({ kind, hosts: ['192.168.1.10'] });
    expect(verify(cert, `ssl${kind}`)).toMatch(/: OK\n$/);
    expect(verify(cert, kind === 'server' ? 'sslclient' : 'sslserver')).toContain('unsuitable certificate purpose');
  });

  it('names every host, as an address or as a name', () => {
    const reader = new X509Certificate(issued({ kind: 'server', hosts: ['192.168.1.10', 'relay.example', '::1'] }).cert);
    expect(reader.subjectAltName).toBe('IP Address:192.168.1.10, DNS:relay.example, IP Address:0:0:0:0:0:0:0:1');
    expect(reader.checkHost('relay.example')).toBe('relay.example');
    expect(reader.checkIP('192.168.1.10')).toBe('192.168.1.10');
    expect(reader.checkIP('192.168.1.11')).toBeUndefined();
  });

  it('belongs to its key and its authority', async () => {
    const { cert, key } = issued({ commonName: 'ESP Client 1' });
    const reader = new X509Certificate(cert);
    expect(reader.subject).toBe('CN=ESP Client 1');
    expect(reader.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(reader.checkIssued(new X509Certificate(authority.cert))).toBe(true);
    const other = await createAuthority({ keyBits: 2048, days: 100, nowMs: NOW_MS });
    expect(verify(cert, 'sslclient', other.cert)).toContain('unable to get local issuer certificate');
  });

  it('has a serial number of its own, positive and of 16 bytes', () => {
    const serials = Array.from({ length: 20 }, () => new X509Certificate(issued().cert).serialNumber);
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('writes a name in UTF-8', () => {
    expect(new X509Certificate(issued({ commonName: 'Küche' }).cert).subject).toBe('CN=Küche');
  });
});

describe('the dates', () => {
  it('run from a day before now for as many days as asked', () => {
    const { validFrom, validTo } = new X509Certificate(issued().cert);
    expect([Date.parse(validFrom), Date.parse(validTo)]).toEqual([NOW_MS - DAY_MS, NOW_MS + 30 * DAY_MS]);
  });

  it('end with the authority at the latest', () => {
    expect(Date.parse(new X509Certificate(issued({ days: 1_000 }).cert).validTo)).toBe(NOW_MS + 100 * DAY_MS);
  });

  it('may lie in the past or the future, and after 2049', () => {
    const expired = issued({ notBeforeMs: NOW_MS - 9 * DAY_MS, notAfterMs: NOW_MS - DAY_MS });
    expect(verify(expired.cert, 'sslclient')).toContain('certificate has expired');
    const early = issued({ notBeforeMs: NOW_MS + DAY_MS, notAfterMs: NOW_MS + 9 * DAY_MS });
    expect(verify(early.cert, 'sslclient')).toContain('not yet valid');
    const late = new X509Certificate(issued({ notAfterMs: Date.UTC(2060, 5, 1) }).cert);
    expect(Date.parse(late.validTo)).toBe(Date.UTC(2060, 5, 1));
  });
});

it('a thousand certificates for one key take seconds', () => {
  const startMs = performance.now();
  for (let i = 0; i < 100; i++) issued({ commonName: `board-${i}` });
  expect(performance.now() - startMs).toBeLessThan(3_000);
});
