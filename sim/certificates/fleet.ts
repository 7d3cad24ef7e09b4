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
import { DAY_MS } from 'host/units';
import { type CertificateRequest, type Issued, issue, selfSign } from 'relay/certs/authority';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import type { RelayChain } from '../net/tls/chains.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { CertificateStore, type Keys, VALIDITY } from './store.ts';

/** Beside the packages: the kit's own, or those that it is one of. */
const CACHE_FOLDER = join(KIT_FOLDER, IS_COMPILED ? '..' : 'node_modules', '.cache', 'squall');

/** What a certificate is for that was made for somebody else. */
const OTHER_HOST = 'elsewhere.example';

export interface FleetCertificates {
  /** PEM, and the same as DER, as a binary string. */
  authority: string;
  authorityDer: string;
  /** What the relay shows, its own certificate first. */
  relay(chain: RelayChain): Issued;
  /** Of a captive portal: good, and for its own name. */
  readonly portal: Issued;
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
    relay: (chain) => issueChain(chain, used.keys, host.replace(/^\[(.*)\]$/, '$1')),
    get portal() {
      return issue(authority, { ...VALIDITY, ...relay, kind: 'server', commonName: 'portal', hosts: ['portal.example'] });
    },
    board: (index) => ({ cert: used.boardCertificate(index), key: board.key }),
  };
}

/** Those beside the fleet's own authority have the boards' keys: nothing but this run ever sees them. */
function issueChain(chain: RelayChain, { authority, relay, board }: Keys, host: string): Issued {
  const request: CertificateRequest = { ...VALIDITY, ...relay, kind: 'server', commonName: 'relay', hosts: [host] };
  switch (chain) {
    case 'first':
    case 'renewed':
      return issue(authority, request);
    case 'expired':
      return issue(authority, { ...request, notBeforeMs: WORLD_EPOCH_MS - 2 * DAY_MS, notAfterMs: WORLD_EPOCH_MS - DAY_MS });
    case 'other_host':
      return issue(authority, { ...request, hosts: [OTHER_HOST] });
    case 'other_ca': {
      const other = selfSign(board, { ...VALIDITY, name: 'Another CA' });
      const { cert, key } = issue(other, request);
      return { cert: cert + other.cert, key };
    }
    case 'intermediate':
    case 'no_intermediate': {
      const middle = issue(authority, { ...VALIDITY, ...board, kind: 'authority', commonName: 'Intermediate CA' });
      const { cert, key } = issue(middle, request);
      return { cert: chain === 'intermediate' ? cert + middle.cert : cert, key };
    }
  }
}

/** For what the boards of a scenario connect to; undefined without TLS. */
export async function certificatesFor({ tls, boards }: Scenario): Promise<FleetCertificates | undefined> {
  return tls === 'none' ? undefined : await createFleetCertificates(parseServerUrl(boards.config.server)?.host ?? '');
}
