/**
 * Fills a folder with an authority and what it signs: `ca/ca.{crt,der,key}`, `<host>/<host>.{crt,key,pem}`,
 * `clients/<name>/<name>.{crt,key}`.
 *
 * The authority is made once and used again; it is never replaced, as everything that trusts it would have to
 * be changed. All that can be refused is refused before the first key is made.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from 'host/user-error';
import { type Authority, type CertificateRequest, createAuthority, createKeyPair, type Issued, issue } from './authority.ts';
import { type NewFile, readText, refuseExisting, writeFiles } from './files.ts';
import { folderNameOf } from './names.ts';
import { isExpired, validityOf } from './validity.ts';

export interface Order {
  folder: string;
  /** Of one server's certificate; none when empty. */
  hosts: readonly string[];
  /** A certificate each. */
  clients: readonly string[];
  keyBits: number;
  days: number;
  /** Certificates and keys that are there already are replaced, but for the authority's. */
  force: boolean;
  /** Where copies of what a board needs go. */
  install?: string;
}

export interface Made {
  /** Every file written, in order. */
  files: string[];
  /** Those of them that a board needs. */
  installed: string[];
}

/**
 * RFC 5280's bound on a common name, characters; a longer host is in the certificate's alternative names
 * only.
 */
const MAX_COMMON_NAME = 64;

/**
 * @param nowMs milliseconds since 1970
 * @param progress is told in a line what is being made
 * @throws UsageError when something is in the way
 */
export async function makeCertificates(order: Order, nowMs: number, progress: (line: string) => void): Promise<Made> {
  const { folder, hosts, clients, keyBits, days, force, install } = order;
  const caFolder = join(folder, 'ca');
  const jobs = [...(hosts.length > 0 ? [serverJob(folder, hosts)] : []), ...clients.map((name) => clientJob(folder, name))];
  const installFolderOf = (name: string) => (install === undefined ? '' : clients.length > 1 ? join(install, name) : install);
  const copies =
    install === undefined ? [] : [join(install, 'ca.der'), ...clients.flatMap((name) => pairPaths(installFolderOf(name), name))];
  if (!force) refuseExisting([...jobs.flatMap(({ paths }) => paths), ...copies]);

  const made: Made = { files: [], installed: [] };
  const write = (files: NewFile[], list = made.files) => {
    writeFiles(files);
    list.push(...files.map(({ path }) => path));
  };
  const isNew = !existsSync(join(caFolder, 'ca.crt')) && !existsSync(join(caFolder, 'ca.key'));
  if (isNew) progress(`making the authority (RSA, ${keyBits} bits)`);
  const authority = isNew ? await createAuthority({ keyBits, days, nowMs }) : loadAuthority(caFolder, nowMs);
  if (isNew) write(authorityFiles(caFolder, authority));
  if (install !== undefined) write([derFile(install, authority)], made.installed);

  for (const [index, { request, filesOf }] of jobs.entries()) {
    progress(`making ${index + 1} of ${jobs.length}: ${request.commonName} (RSA, ${keyBits} bits)`);
    const issued = issue(authority, { ...request, days, nowMs, ...(await createKeyPair(keyBits)) });
    write(filesOf(issued));
    if (install !== undefined && request.kind === 'client') {
      write(pairFiles(installFolderOf(request.commonName), request.commonName, issued), made.installed);
    }
  }
  return made;
}

interface Job {
  request: Pick<CertificateRequest, 'kind' | 'commonName' | 'hosts'>;
  paths: string[];
  filesOf(issued: Issued): NewFile[];
}

function serverJob(folder: string, hosts: readonly string[]): Job {
  const name = folderNameOf(hosts[0]);
  const own = join(folder, name);
  const pem = join(own, `${name}.pem`);
  return {
    request: { kind: 'server', commonName: hosts[0].slice(0, MAX_COMMON_NAME), hosts },
    paths: [...pairPaths(own, name), pem],
    filesOf: (issued) => [...pairFiles(own, name, issued), { path: pem, content: issued.cert + issued.key, secret: true }],
  };
}

function clientJob(folder: string, name: string): Job {
  const own = join(folder, 'clients', name);
  return {
    request: { kind: 'client', commonName: name },
    paths: pairPaths(own, name),
    filesOf: (issued) => pairFiles(own, name, issued),
  };
}

function pairPaths(folder: string, name: string): string[] {
  return [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
}

function pairFiles(folder: string, name: string, { cert, key }: Issued): NewFile[] {
  const [keyPath, certPath] = pairPaths(folder, name);
  return [
    { path: keyPath, content: key, secret: true },
    { path: certPath, content: cert, secret: false },
  ];
}

function authorityFiles(folder: string, authority: Authority): NewFile[] {
  return [...pairFiles(folder, 'ca', authority), derFile(folder, authority)];
}

function derFile(folder: string, { cert }: Authority): NewFile {
  return { path: join(folder, 'ca.der'), content: new X509Certificate(cert).raw, secret: false };
}

function loadAuthority(folder: string, nowMs: number): Authority {
  const [keyPath, certPath] = pairPaths(folder, 'ca');
  const authority = { cert: readText(certPath), key: readText(keyPath) };
  const problem = problemWith(authority, nowMs);
  if (problem === null) return authority;
  throw new UsageError(
    `the authority in ${folder} ${problem}; mend it, or move the folder away to get a new authority, which nobody trusts yet`,
  );
}

function problemWith({ cert, key }: Authority, nowMs: number): string | null {
  try {
    const certificate = new X509Certificate(cert);
    const validity = validityOf(certificate);
    if (!certificate.ca || certificate.publicKey.asymmetricKeyType !== 'rsa')
      return 'is not one: expected an RSA certificate that may sign others';
    if (isExpired(validity, nowMs)) return `expired on ${validity.notAfter}`;
    return certificate.checkPrivateKey(createPrivateKey(key)) ? null : 'has a key (ca.key) that does not match its certificate (ca.crt)';
  } catch {
    return 'cannot be read: expected ca.crt and ca.key in PEM form, the key not encrypted';
  }
}
