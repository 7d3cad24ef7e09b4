/**
 * What is kept from run to run of throw-away certificates (certificates.ts), as it takes time to make: keys,
 * one pair for the relay and one that all boards share, and the boards' certificates. In a folder that only
 * its owner can read.
 *
 * A file that cannot be read, or is not what was written, is made anew; a folder that cannot be written costs
 * time at the next run and nothing else. Dates are the world's, whose calendar begins at the same day in
 * every run.
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority, createKeyPair, issue, type KeyPair } from 'relay/certs/authority';
import { boardId } from '../kernel/board-id.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';

const KEY_BITS = 2048;
/** Ten years: longer than any run. */
export const VALIDITY = { days: 3_654, nowMs: WORLD_EPOCH_MS };
/** Their numbers change when what is in the files does. */
const KEYS_FILE = 'tls-2.json';
const BOARDS_FILE = 'tls-boards-2.json';
/** Boards' certificates that are kept: the largest fleet's, 12 MB. */
const MAX_KEPT = 10_000;

export interface Keys {
  authority: Authority;
  relay: KeyPair;
  board: KeyPair;
}

/** Of the boards from the first on, PEM. */
interface BoardsFile {
  seal: string;
  certificates: string[];
}

export class CertificateStore {
  readonly keys: Keys;
  private readonly folder: string;
  private readonly kept: string[];
  private isSaving = false;

  /** Reads what is in the folder, or makes new keys and leaves them there. */
  static async open(folder: string): Promise<CertificateStore> {
    const known = readKeys(folder);
    const keys = known ?? (await createKeys());
    if (known === null) writeFile(folder, KEYS_FILE, keys);
    return new CertificateStore(folder, keys);
  }

  private constructor(folder: string, keys: Keys) {
    this.folder = folder;
    this.keys = keys;
    this.kept = readBoards(folder, keys);
  }

  /**
   * PEM. A world asks for its boards' from the first on, without a pause; when it has them all, the new ones
   * are saved.
   */
  boardCertificate(index: number): string {
    const { kept, keys } = this;
    if (index < kept.length) return kept[index];
    const { cert } = issue(keys.authority, { ...VALIDITY, ...keys.board, kind: 'client', commonName: boardId(index) });
    if (index === kept.length && index < MAX_KEPT) {
      kept.push(cert);
      this.saveSoon();
    }
    return cert;
  }

  private saveSoon(): void {
    if (this.isSaving) return;
    this.isSaving = true;
    queueMicrotask(() => {
      this.isSaving = false;
      const file: BoardsFile = { seal: sealOf(this.keys, this.kept), certificates: this.kept };
      writeFile(this.folder, BOARDS_FILE, file);
    });
  }
}

async function createKeys(): Promise<Keys> {
  const [authority, relay, board] = await Promise.all([
    createAuthority({ keyBits: KEY_BITS, ...VALIDITY, pathLength: 1 }),
    createKeyPair(KEY_BITS),
    createKeyPair(KEY_BITS),
  ]);
  return { authority, relay, board };
}

function readKeys(folder: string): Keys | null {
  try {
    const read = JSON.parse(readFileSync(join(folder, KEYS_FILE), 'utf8')) as Keys;
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

function readBoards(folder: string, keys: Keys): string[] {
  try {
    const { seal, certificates } = JSON.parse(readFileSync(join(folder, BOARDS_FILE), 'utf8')) as BoardsFile;
    return seal === sealOf(keys, certificates) ? certificates : [];
  } catch {
    return [];
  }
}

/**
 * Says that certificates are of this authority, and whole. Not a secret: who can write the file can write the
 * keys too.
 */
function sealOf({ authority }: Keys, certificates: readonly string[]): string {
  return createHash('sha256')
    .update([authority.cert, ...certificates].join())
    .digest('hex');
}

/** Another run may do the same at this moment: whoever comes last wins, and nobody reads half a file. */
function writeFile(folder: string, name: string, content: Keys | BoardsFile): void {
  const file = join(folder, name);
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, JSON.stringify(content), { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // Read-only, full, somebody else's.
  }
}
