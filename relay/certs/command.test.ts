/** `npx tsx relay certs` without its process: what it writes, and what it refuses. */

import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from 'host/units';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createKeyPair, issue } from './authority.ts';
import { runCerts } from './command.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const folders: string[] = [];
/** With an authority, a relay's certificate and a board's: copied for each test, as keys take time. */
let template = '';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-certs-'));
  folders.push(folder);
  return folder;
}

function copyOfTemplate(): string {
  const folder = temporaryFolder();
  cpSync(template, folder, { recursive: true });
  return folder;
}

async function run(folder: string, words: string[], nowMs = NOW_MS) {
  const progress: string[] = [];
  const out = await runCerts(['--dir', folder, '--kl', '2048', ...words], nowMs, (line) => progress.push(line));
  return { out, progress };
}

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'squall-certs-'));
  await run(template, ['--srv', '127.0.0.1,relay.local', '--cn', 'ESP Client 1']);
  return () => rmSync(template, { recursive: true });
});

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function modeOf(...path: string[]): number {
  return statSync(join(...path)).mode & 0o777;
}

function certificateIn(...path: string[]): X509Certificate {
  return new X509Certificate(readFileSync(join(...path)));
}

describe('what is made', () => {
  it('lies where the README says, and only owners read keys', () => {
    expect(filesIn(template)).toEqual([
      ...['127.0.0.1/127.0.0.1.crt', '127.0.0.1/127.0.0.1.key', '127.0.0.1/127.0.0.1.pem', 'ca/ca.crt', 'ca/ca.der', 'ca/ca.key'],
      ...['clients/ESP Client 1/ESP Client 1.crt', 'clients/ESP Client 1/ESP Client 1.key'],
    ]);
    for (const file of filesIn(template)) expect(modeOf(template, file)).toBe(/\.(key|pem)$/.test(file) ? 0o600 : 0o644);
    for (const folder of ['ca', '127.0.0.1', 'clients/ESP Client 1']) expect(modeOf(template, folder)).toBe(0o700);
  });

  it('is accepted by openssl verify', () => {
    const leaves = ['127.0.0.1/127.0.0.1.crt', 'clients/ESP Client 1/ESP Client 1.crt'];
    const words = ['verify', '-x509_strict', '-attime', String(NOW_MS / 1_000), '-CAfile', 'ca/ca.crt', ...leaves];
    expect(execFileSync('openssl', words, { cwd: template, encoding: 'utf8' })).toBe(leaves.map((leaf) => `${leaf}: OK\n`).join(''));
  });

  it('fits together: hosts, names, keys, and the DER form of the authority', () => {
    const server = certificateIn(template, '127.0.0.1/127.0.0.1.crt');
    expect(server.subjectAltName).toBe('IP Address:127.0.0.1, DNS:relay.local');
    expect(server.checkPrivateKey(createPrivateKey(readFileSync(join(template, '127.0.0.1/127.0.0.1.pem'))))).toBe(true);
    expect(certificateIn(template, 'clients/ESP Client 1/ESP Client 1.crt').subject).toBe('CN=ESP Client 1');
    expect(readFileSync(join(template, 'ca/ca.der'))).toEqual(certificateIn(template, 'ca/ca.crt').raw);
  });
});

describe('a second run', () => {
  it('uses the same authority', async () => {
    const folder = copyOfTemplate();
    const { progress } = await run(folder, ['--count', '2', '--cn-prefix', 'node-', '--cn', 'node-1']);
    expect(progress).toEqual(['making 1 of 2: node-1 (RSA, 2048 bits)', 'making 2 of 2: node-2 (RSA, 2048 bits)']);
    const authority = certificateIn(folder, 'ca/ca.crt');
    expect(authority.raw).toEqual(certificateIn(template, 'ca/ca.crt').raw);
    expect(certificateIn(folder, 'clients/node-2/node-2.crt').verify(authority.publicKey)).toBe(true);
  });

  it('overwrites nothing, and names all that is in the way before it makes a key', async () => {
    const folder = copyOfTemplate();
    const words = ['--srv', '127.0.0.1', '--cn', 'new', '--cn', 'ESP Client 1'];
    const failure = run(folder, words);
    await expect(failure).rejects.toThrow(
      /127\.0\.0\.1\.key exists already; --force replaces it\n.*\n.*\n.*ESP Client 1\.key exists already/,
    );
    expect(filesIn(folder)).toEqual(filesIn(template));
  });

  it('replaces certificates with --force, but never the authority, and leaves no other file', async () => {
    const folder = copyOfTemplate();
    await run(folder, ['--srv', '127.0.0.1', '--force']);
    expect(certificateIn(folder, '127.0.0.1/127.0.0.1.crt').subjectAltName).toBe('IP Address:127.0.0.1');
    expect(certificateIn(folder, 'ca/ca.crt').raw).toEqual(certificateIn(template, 'ca/ca.crt').raw);
    expect(filesIn(folder)).toEqual(filesIn(template));
  });

  it('replaces a link instead of writing where it leads', async () => {
    const folder = copyOfTemplate();
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'precious');
    const key = join(folder, '127.0.0.1/127.0.0.1.key');
    rmSync(key);
    symlinkSync(victim, key);
    await run(folder, ['--srv', '127.0.0.1', '--force']);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(modeOf(key)).toBe(0o600);
  });
});

describe('--install', () => {
  it('gives one board what it needs in the folder itself', async () => {
    const [folder, install] = [copyOfTemplate(), join(temporaryFolder(), 'board')];
    const { out } = await run(folder, ['--cn', 'b', '--install', install]);
    expect(filesIn(install)).toEqual(['b.crt', 'b.key', 'ca.der']);
    expect(modeOf(install, 'b.key')).toBe(0o600);
    expect(out).toContain('"ssl": {"key":"b.key","cert":"b.crt","ca":"ca.der","cert_reqs":2}');
  });

  it('gives several boards a folder each', async () => {
    const [folder, install] = [copyOfTemplate(), join(temporaryFolder(), 'boards')];
    const { out } = await run(folder, ['--count', '2', '--install', install, '--json']);
    expect(filesIn(install)).toEqual([
      'board-1/board-1.crt',
      'board-1/board-1.key',
      'board-2/board-2.crt',
      'board-2/board-2.key',
      'ca.der',
    ]);
    expect(JSON.parse(out).installed).toHaveLength(5);
  });
});

describe('an authority that is no good is named, and nothing is made', () => {
  it.each<[string, (ca: string) => void | Promise<void>, RegExp]>([
    ['unreadable', (ca) => writeFileSync(join(ca, 'ca.crt'), 'x'), /cannot be read: expected ca\.crt and ca\.key in PEM form/],
    ['without its key', (ca) => rmSync(join(ca, 'ca.key')), /ca\.key: cannot be read \(ENOENT\)/],
    [
      'with another key',
      async (ca) => writeFileSync(join(ca, 'ca.key'), (await createKeyPair(2048)).key),
      /a key \(ca\.key\) that does not match/,
    ],
    [
      'that is none',
      async (ca) => {
        const pair = await createKeyPair(2048);
        const authority = await createAuthority({ keyBits: 2048, days: 9, nowMs: NOW_MS });
        const leaf = issue(authority, { kind: 'client', commonName: 'x', days: 9, nowMs: NOW_MS, ...pair });
        writeFileSync(join(ca, 'ca.crt'), leaf.cert);
        writeFileSync(join(ca, 'ca.key'), leaf.key);
      },
      /is not one: expected an RSA certificate that may sign others/,
    ],
  ])('%s', async (_what, damage, message) => {
    const folder = copyOfTemplate();
    await damage(join(folder, 'ca'));
    await expect(run(folder, ['--cn', 'new'])).rejects.toThrow(message);
    expect(existsSync(join(folder, 'clients/new'))).toBe(false);
  });

  it('expired', async () => {
    const failure = run(copyOfTemplate(), ['--cn', 'new'], NOW_MS + 3_655 * DAY_MS);
    await expect(failure).rejects.toThrow(/expired on 2036-01-03T00:00:00\.000Z; mend it, or move the folder away/);
  });
});

describe('what cannot be', () => {
  it.each([
    [[], /nothing to make; expected --srv/],
    [['--cn-prefix', 'x-', '--cn', 'a'], /--cn-prefix: needs --count/],
    [['--cn', '../x'], /--cn: expected a client id: .*, got "\.\.\/x"/],
    [['--srv', 'a/b'], /--srv: expected 1 to 100 IP addresses or host names/],
    [['--count', '0'], /--count: expected a whole number from 1 to 10000/],
    [['--count', '1', '--cn-prefix', '../'], /--cn-prefix: expected the start of a client id/],
    [['--cn', 'a', '--days', '99999'], /--days: expected a whole number of days from 1 to 36500/],
    [['--srv', 'a', '--server', 'b'], /unknown flag --server; the nearest legal flag is --srv/],
  ])('%j is refused with what was expected', async (words, message) => {
    const folder = temporaryFolder();
    await expect(run(folder, words)).rejects.toThrow(message);
    expect(filesIn(folder)).toEqual([]);
  });

  it('keys that are too short', async () => {
    await expect(runCerts(['--cn', 'a', '--kl', '1024'], NOW_MS, () => {})).rejects.toThrow(
      '--kl: expected a whole number from 2048 to 8192',
    );
  });

  it('a file where a folder should be', async () => {
    const folder = join(temporaryFolder(), 'file');
    writeFileSync(folder, '');
    await expect(run(folder, ['--cn', 'a'])).rejects.toThrow(/cannot be written \((ENOTDIR|EEXIST)\)/);
  });
});
