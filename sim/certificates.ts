/**
 * The throw-away certificates of a run with TLS: an authority, the relay's certificate, and one per board with its id as the name.
 *
 * Keys are what takes time, so there is one pair for the relay and one that all boards share, and they are kept from run to run in a folder that only its owner can read;
 * nothing but simulated boards ever trusts them. No size depends on chance: a certificate is as long whatever its key and its serial number are. Dates are
 * the world's, whose calendar begins at the same day in every run.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority, createKeyPair, type Issued, issue, type KeyPair } from 'relay/certs/authority';
import { WORLD_EPOCH_MS } from './kernel/calendar.ts';
import { boardId } from './kernel/trace.ts';

const KEY_BITS = 2048;
/** Ten years: longer than any run. */
const DAYS = 3_654;
const CACHE_FOLDER = join(__dirname, '..', 'node_modules', '.cache', 'squall');
/** Changes when what is in the file does. */
const CACHE_FILE = 'tls-1.json';
/** Boards' certificates that are kept in memory, for studies with many runs: the largest fleet's. */
const MAX_KEPT = 10_000;

export interface FleetCertificates {
  /** PEM, and the same as DER, as a binary string. */
  authority: string;
  authorityDer: string;
  relay: Issued;
  /** @param index 0-based */
  board(index: number): Issued;
}

export interface Keys {
  authority: Authority;
  relay: KeyPair;
  board: KeyPair;
}

let cachedKeys: Promise<Keys> | null = null;
/** By the keys that they were made with. */
const issuedFor = new WeakMap<Keys, Map<number, Issued>>();

/** @param host what the boards connect to: an address or a name @param keys left out: those that are kept from run to run */
export async function createFleetCertificates(host: string, keys?: Keys): Promise<FleetCertificates> {
  cachedKeys ??= keys ? null : loadKeys(CACHE_FOLDER);
  const used = keys ?? ((await cachedKeys) as Keys);
  const { authority, relay, board } = used;
  const kept = issuedFor.get(used) ?? new Map<number, Issued>();
  issuedFor.set(used, kept);
  const base = { days: DAYS, nowMs: WORLD_EPOCH_MS };
  const issueBoard = (index: number): Issued => issue(authority, { ...base, ...board, kind: 'client', commonName: boardId(index) });
  return {
    authority: authority.cert,
    authorityDer: new X509Certificate(authority.cert).raw.toString('latin1'),
    relay: issue(authority, { ...base, ...relay, kind: 'server', commonName: 'relay', hosts: [host] }),
    board: (index) => {
      const issued = kept.get(index) ?? issueBoard(index);
      if (kept.size < MAX_KEPT) kept.set(index, issued);
      return issued;
    },
  };
}

/** From the folder, or new ones, which are then left there. A folder that cannot be written costs time at the next run and nothing else. */
export async function loadKeys(folder: string): Promise<Keys> {
  const known = readKeys(join(folder, CACHE_FILE));
  if (known !== null) return known;
  const [authority, relay, board] = await Promise.all([
    createAuthority({ keyBits: KEY_BITS, days: DAYS, nowMs: WORLD_EPOCH_MS }),
    createKeyPair(KEY_BITS),
    createKeyPair(KEY_BITS),
  ]);
  const made = { authority, relay, board };
  writeKeys(folder, made);
  return made;
}

function readKeys(file: string): Keys | null {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Keys;
    const certificate = new X509Certificate(read.authority.cert);
    const usable = certificate.checkPrivateKey(createPrivateKey(read.authority.key)) && isPair(read.relay) && isPair(read.board);
    return usable ? read : null;
  } catch {
    return null;
  }
}

function isPair({ publicKey, key }: KeyPair): boolean {
  return typeof publicKey === 'string' && createPrivateKey(key).asymmetricKeyDetails?.modulusLength === KEY_BITS;
}

/** Another run may do the same at this moment: whoever comes last wins, and nobody reads half a file. */
function writeKeys(folder: string, made: Keys): void {
  const file = join(folder, CACHE_FILE);
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, JSON.stringify(made), { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // Read-only, full, somebody else's.
  }
}
