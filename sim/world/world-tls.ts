/**
 * The TLS of a world: what its relay, its boards and a captive portal show and check, from the fleet's
 * certificates.
 */
import { CA_FILE, CERTIFICATE_FILE, KEY_FILE } from '../board/runtime.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import { Certificates, type Identity } from '../net/tls/certificates.ts';
import type { RelayChain } from '../net/tls/chains.ts';
import { CERT_REQS } from '../net/tls/server.ts';
import type { TlsCounters } from '../net/tls/stream.ts';
import type { PortalTls } from '../net/wan/captive-portal.ts';
import type { RelayTlsSettings } from '../relay-host/relay-tls.ts';
import type { TlsMode } from '../scenario/scenario.ts';

export class WorldTls {
  readonly counters: TlsCounters = { bytes: 0 };
  readonly certificates = new Certificates();
  private readonly mode: TlsMode;
  private readonly fleet: FleetCertificates | null;

  /** @param fleet null: none are needed */
  constructor(mode: TlsMode, fleet: FleetCertificates | null) {
    this.mode = mode;
    this.fleet = fleet;
  }

  /** Of the relay inside the world. @param epochMs its calendar */
  relay(epochMs: () => number): RelayTlsSettings | null {
    const { fleet, certificates, mode, counters } = this;
    const identity = this.relayIdentity('first');
    if (fleet === null || identity === null) return null;
    const certReqs = mode === 'mutual' ? CERT_REQS.required : CERT_REQS.none;
    return { server: { identity, certificates, certReqs, ca: fleet.authority, epochMs }, counters };
  }

  /** null: no TLS. */
  relayIdentity(chain: RelayChain): Identity | null {
    const { fleet, certificates, mode } = this;
    if (mode === 'none') return null;
    if (fleet === null) throw new Error('a scenario with TLS needs certificates');
    const { cert, key } = fleet.relay(chain);
    const identity = certificates.identity(cert, key);
    if (identity === null) throw new Error("the relay's certificate and key do not belong together");
    return identity;
  }

  /** A portal's certificate is good, and for another name. */
  portal(epochMs: () => number): PortalTls | null {
    const { fleet, certificates, counters } = this;
    if (fleet === null) return null;
    const identity = certificates.identity(fleet.portal.cert, fleet.portal.key);
    if (identity === null) throw new Error("a portal's certificate and key do not belong together");
    return { identity, certificates, counters, epochMs };
  }

  /** A board's files beside its config. */
  filesOf(board: number): [name: string, bytes: string][] {
    const { fleet, mode } = this;
    if (fleet === null || mode === 'none' || mode === 'encrypt') return [];
    const ca: [string, string] = [CA_FILE, fleet.authorityDer];
    if (mode === 'server') return [ca];
    const { cert, key } = fleet.board(board);
    return [ca, [CERTIFICATE_FILE, cert], [KEY_FILE, key]];
  }
}
