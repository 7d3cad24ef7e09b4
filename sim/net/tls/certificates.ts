/**
 * What a world has read of certificates: each file is parsed and each chain is judged once, however many
 * boards and connections use it. Of a fleet whose boards connect a thousand times each, only the first time
 * costs anything.
 */
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { TlsFailure } from 'hal';
import { derOf, modulusBytes, readCertificate, readCertificates, readKey } from './certificate-file.ts';
import { type ChainVerdict, judge, judgeChain, type PeerRole } from './judge.ts';

/** Entries of each cache, several for each of the largest fleet's boards; a cache that is full is emptied. */
const MAX_ENTRIES = 50_000;

/** A certificate to show, its key at hand. */
export interface Identity {
  /** DER, its own certificate first. */
  chain: readonly string[];
  /** Of its RSA modulus. */
  keyBytes: number;
}

class Cache<T> {
  private readonly entries = new Map<string, T>();

  get(key: string, make: () => T): T {
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.entries.size >= MAX_ENTRIES) this.entries.clear();
    this.entries.set(key, made);
    return made;
  }
}

export class Certificates {
  private readonly files = new Cache<readonly X509Certificate[] | null>();
  private readonly keys = new Cache<KeyObject | null>();
  private readonly peers = new Cache<X509Certificate | null>();
  private readonly identities = new Cache<Identity | null>();
  private readonly verdicts = new Cache<ChainVerdict>();

  /** What a file trusts: PEM or DER; null when it cannot be read. */
  authorities(bytes: string): readonly X509Certificate[] | null {
    return this.files.get(bytes, () => readCertificates(bytes));
  }

  /** null: certificate or key cannot be read, they do not belong together, or the key is not RSA. */
  identity(certificate: string, key: string): Identity | null {
    return this.identities.get(`${certificate}\n${key}`, () => {
      const chain = readCertificates(certificate);
      const privateKey = this.keys.get(key, () => readKey(key));
      if (chain === null || privateKey === null || !chain[0].checkPrivateKey(privateKey)) return null;
      const keyBytes = modulusBytes(chain[0]);
      return keyBytes === 0 ? null : { chain: chain.map(derOf), keyBytes };
    });
  }

  /** One certificate of a peer, DER. */
  peer(der: string): X509Certificate | null {
    return this.peers.get(der, () => readCertificate(der));
  }

  /**
   * @param chain DER, as the peer sent it, its own certificate first
   * @param trusted the file of the authorities that the verifier trusts
   * @param host null: whoever the peer is
   * @param nowMs by the verifier's clock
   */
  verdict(chain: readonly string[], trusted: string, role: PeerRole, host: string | null, nowMs: number): TlsFailure | null {
    const key = `${role} ${host} ${trusted.length} ${trusted} ${chain.join('')}`;
    const certificates = chain.map((der) => this.peer(der));
    if (certificates.length === 0 || certificates.includes(null)) return 'bad_certificate';
    const known = this.verdicts.get(key, () => judgeChain(certificates as X509Certificate[], this.authorities(trusted) ?? [], role, host));
    return judge(known, nowMs);
  }
}
