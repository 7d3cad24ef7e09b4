/** The verdict on certificates: each reason once, which comes first, and chains that are not just two. */

import { X509Certificate } from 'node:crypto';
import type { TlsFailure } from 'hal';
import { DAY_MS } from 'host/units';
import { type Authority, type CertificateRequest, createAuthority, createKeyPair, issue, type KeyPair } from 'relay/certs/authority';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge, judgeChain } from './judge.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HOST = '192.168.1.10';

let ours: Authority;
let other: Authority;
let keys: KeyPair;

beforeAll(async () => {
  const options = { keyBits: 2048, days: 100, nowMs: NOW_MS };
  [ours, other, keys] = await Promise.all([
    createAuthority(options),
    createAuthority({ ...options, name: 'Other CA' }),
    createKeyPair(2048),
  ]);
});

function made(request: Partial<CertificateRequest> = {}, authority = ours): X509Certificate {
  const usual = { kind: 'server', commonName: 'relay', hosts: [HOST, 'relay.example'], days: 30, nowMs: NOW_MS } as const;
  return new X509Certificate(issue(authority, { ...usual, ...keys, ...request }).cert);
}

interface Asked {
  chain?: X509Certificate[];
  trusted?: X509Certificate[];
  role?: 'server' | 'client';
  host?: string | null;
  nowMs?: number;
}

function verdict({
  chain = [made()],
  trusted = [new X509Certificate(ours.cert)],
  role = 'server',
  host = HOST,
  nowMs = NOW_MS,
}: Asked): TlsFailure | null {
  return judge(judgeChain(chain, trusted, role, host), nowMs);
}

describe('a certificate is', () => {
  it.each<[verdict: TlsFailure | null, of: string, asked: () => Asked]>([
    [null, 'for the address that was asked for', () => ({})],
    [null, 'for the name that was asked for', () => ({ host: 'relay.example' })],
    [null, 'on its first day and on its last', () => ({ nowMs: NOW_MS + 30 * DAY_MS })],
    ['unknown_ca', 'of another authority', () => ({ chain: [made({}, other), new X509Certificate(other.cert)] })],
    ['incomplete_chain', 'of another authority, which does not come with it', () => ({ chain: [made({}, other)] })],
    ['incomplete_chain', 'of another authority, with one that has nothing to do with it', () => ({ chain: [made({}, other), made()] })],
    ['unknown_ca', "a board's, of another authority", () => ({ chain: [made({ kind: 'client' }, other)], role: 'client' })],
    ['unknown_ca', 'without anybody who is trusted', () => ({ trusted: [] })],
    ['bad_certificate', "a board's, shown by a relay", () => ({ chain: [made({ kind: 'client' })] })],
    ['bad_certificate', "a relay's, shown by a board", () => ({ role: 'client' })],
    ['not_yet_valid', 'of the next days', () => ({ chain: [made({ notBeforeMs: NOW_MS + DAY_MS })] })],
    ['expired', 'of the last days', () => ({ chain: [made({ notBeforeMs: NOW_MS - 9 * DAY_MS, notAfterMs: NOW_MS - DAY_MS })] })],
    ['name_mismatch', 'for another address', () => ({ host: '192.168.1.11' })],
    ['name_mismatch', 'for another name', () => ({ host: 'relay.example.com' })],
  ])('%s: one %s', (expected, _of, asked) => {
    expect(verdict(asked())).toBe(expected);
  });

  it('judged by its chain, then its use, then its dates, then its name', () => {
    const wrong = { notBeforeMs: NOW_MS + DAY_MS, hosts: ['192.168.1.11'] };
    expect(verdict({ chain: [made({ ...wrong, kind: 'client' }, other)] })).toBe('incomplete_chain');
    expect(verdict({ chain: [made({ ...wrong, kind: 'client' })] })).toBe('bad_certificate');
    expect(verdict({ chain: [made(wrong)] })).toBe('not_yet_valid');
  });
});

describe('a chain', () => {
  it('is judged by the calendar of the authority too', () => {
    const late = made({ notAfterMs: NOW_MS + 200 * DAY_MS });
    expect(verdict({ chain: [late], nowMs: NOW_MS + 101 * DAY_MS })).toBe('expired');
  });

  it('that brings its own authority convinces nobody', () => {
    expect(verdict({ chain: [made({}, other), new X509Certificate(other.cert)] })).toBe('unknown_ca');
  });

  it('of a certificate that is itself trusted needs no authority', () => {
    const relay = made({}, other);
    expect(verdict({ chain: [relay], trusted: [relay] })).toBeNull();
  });

  it('cannot rest on a certificate that is no authority', async () => {
    const leaf = issue(ours, { kind: 'server', commonName: 'relay', hosts: [HOST], days: 30, nowMs: NOW_MS, ...keys });
    const forged = made({}, leaf);
    expect(verdict({ chain: [forged, new X509Certificate(leaf.cert)] })).toBe('unknown_ca');
  });

  it('of an authority that only has the name of ours is not ours', async () => {
    const namesake = await createAuthority({ keyBits: 2048, days: 100, nowMs: NOW_MS });
    expect(verdict({ chain: [made({}, namesake)] })).toBe('unknown_ca');
  });
});
