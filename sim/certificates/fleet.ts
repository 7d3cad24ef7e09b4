/**
 * The throw-away certificates of a run with TLS: an authority, the relay's certificate, and one per board
 * with its id as the name.
 *
 * Nothing but simulated boards ever trusts them. No size depends on chance: a certificate is as long whatever
 * its key and its serial number are, so a trace is the same whether they are new or kept from an earlier run.
 */
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { parseServerUrl } from 'firmware/server-url';
import { IS_COMPILED, KIT_FOLDER } from 'host/kit';
import { type Issued, issue } from 'relay/certs/authority';
import type { Scenario } from '../scenario/scenario.ts';
import { CertificateStore, VALIDITY } from './store.ts';

/** Beside the packages: the kit's own, or those that it is one of. */
const CACHE_FOLDER = join(KIT_FOLDER, IS_COMPILED ? '..' : 'node_modules', '.cache', 'squall');

export interface FleetCertificates {
  /** PEM, and the same as DER, as a binary string. */
  authority: string;
  authorityDer: string;
  relay: Issued;
  /** @param index 0-based */
  board(index: number): Issued;
}

let usual: Promise<CertificateStore> | null = null;

/**
 * @param host what the boards connect to: an address, of IPv6 in brackets or not, or a name @param store left
 *   out: the one that all runs share
 */
export async function createFleetCertificates(host: string, store?: CertificateStore): Promise<FleetCertificates> {
  usual ??= store ? null : CertificateStore.open(CACHE_FOLDER);
  const used = store ?? ((await usual) as CertificateStore);
  const { authority, relay, board } = used.keys;
  return {
    authority: authority.cert,
    authorityDer: new X509Certificate(authority.cert).raw.toString('latin1'),
    relay: issue(authority, { ...VALIDITY, ...relay, kind: 'server', commonName: 'relay', hosts: [host.replace(/^\[(.*)\]$/, '$1')] }),
    board: (index) => ({ cert: used.boardCertificate(index), key: board.key }),
  };
}

/** For what the boards of a scenario connect to; undefined without TLS. */
export async function certificatesFor({ tls, boards }: Scenario): Promise<FleetCertificates | undefined> {
  return tls === 'none' ? undefined : await createFleetCertificates(parseServerUrl(boards.config.server)?.host ?? '');
}
