/** The relay's certificate files: each way in which they can be wrong is said at the start. */

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workshop } from '../testing/tls-relay.ts';
import { type CredentialFiles, loadCredentials } from './credentials.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
let folder = '';
let workshop: Workshop;
let files: CredentialFiles;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-credentials-'));
  workshop = await Workshop.open(NOW_MS);
  const { cert, key } = workshop.server();
  files = { certfile: write('relay.crt', cert), keyfile: write('relay.key', key), caCerts: write('ca.crt', workshop.authority.cert) };
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function encryptedKey(): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  return write('encrypted.key', createPrivateKey(workshop.keys.key).export(options));
}

function problem(changes: Partial<CredentialFiles>, nowMs = NOW_MS): string {
  try {
    loadCredentials({ ...files, ...changes }, nowMs);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
}

describe('good files', () => {
  it('are loaded as they are, with a chain behind the certificate and several authorities', () => {
    const certfile = write('chain.crt', workshop.server().cert + workshop.authority.cert);
    const caCerts = write('cas.crt', workshop.authority.cert + workshop.other.cert);
    expect(problem({ certfile, caCerts })).toBe('none');
    expect(loadCredentials(files, NOW_MS).ca).toBe(workshop.authority.cert);
  });

  it('may have an encrypted key, if the passphrase is right', () => {
    const keyfile = encryptedKey();
    expect(problem({ keyfile, password: 'secret' })).toBe('none');
    expect(problem({ keyfile, password: 'wrong' })).toBe(`--ssl-keyfile ${keyfile}: --ssl-password does not open it`);
    expect(problem({ keyfile })).toBe(`--ssl-keyfile ${keyfile}: is encrypted; expected its passphrase as --ssl-password`);
  });
});

describe('a file that is no good is named with its flag', () => {
  const otherKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

  it.each<[string, () => Partial<CredentialFiles>, RegExp]>([
    ['missing', () => ({ certfile: join(folder, 'none') }), /^--ssl-certfile .*none: cannot be read \(ENOENT\)$/],
    ['a folder', () => ({ keyfile: folder }), /^--ssl-keyfile .*: cannot be read \(EISDIR\)$/],
    ['no certificate', () => ({ certfile: files.keyfile }), /^--ssl-certfile .*relay\.key: expected a certificate in PEM form/],
    ['no key', () => ({ keyfile: files.certfile }), /^--ssl-keyfile .*relay\.crt: expected a private key in PEM form/],
    [
      'another key',
      () => ({ keyfile: write('x.key', otherKey() as string) }),
      /x\.key: is not the key of the certificate in .*relay\.crt$/,
    ],
    [
      'a damaged key',
      () => ({ keyfile: write('bad.key', workshop.keys.key.replace(/\n.{30}/, '\n')) }),
      /^--ssl-keyfile .*bad\.key: the private key in it cannot be read$/,
    ],
    [
      'a damaged certificate',
      () => ({ certfile: write('bad.crt', workshop.server().cert.replace(/\n.{30}/, '\n')) }),
      /^--ssl-certfile .*bad\.crt: a certificate in it cannot be read$/,
    ],
    ['too large', () => ({ caCerts: write('large.crt', Buffer.alloc(1024 * 1024 + 1)) }), /^--ssl-ca-certs .*: expected at most 1MiB/],
    ['no authority', () => ({ caCerts: files.certfile }), /^--ssl-ca-certs .*: expected certificates of authorities/],
    [
      'not valid yet',
      () => ({ certfile: write('early.crt', workshop.server({ notBeforeMs: NOW_MS + DAY_MS }).cert) }),
      /: is valid from 2026-01-02T00:00:00\.000Z only; is this computer's clock right\?$/,
    ],
  ])('%s', (_what, changes, message) => {
    expect(problem(changes())).toMatch(message);
  });

  it('expired: the relay and the authority alike', () => {
    expect(problem({}, NOW_MS + 40 * DAY_MS)).toMatch(/^--ssl-certfile .*relay\.crt: expired on 2026-01-31T00:00:00\.000Z$/);
    const certfile = write('long.crt', workshop.server({ notAfterMs: NOW_MS + 90 * DAY_MS }).cert);
    expect(problem({ certfile }, NOW_MS + 40 * DAY_MS)).toMatch(/^--ssl-ca-certs .*ca\.crt: expired on/);
  });

  it('too short for OpenSSL', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 512,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const { cert, key } = workshop.server({ publicKey, key: privateKey });
    expect(problem({ certfile: write('short.crt', cert), keyfile: write('short.key', key) })).toMatch(
      /: cannot be used for TLS \(ERR_SSL_EE_KEY_TOO_SMALL\)$/,
    );
  });
});
