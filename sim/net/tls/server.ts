/**
 * The relay's side of a TLS 1.2 handshake with RSA key exchange. Its CPU time is free.
 *
 * As Node does it: a missing certificate is refused with an alert in the middle of the handshake, one that is
 * not good at the end of it and without a word.
 */
import type { X509Certificate } from 'node:crypto';
import type { TlsFailure } from 'hal';
import { subjectOf } from './certificate-file.ts';
import type { Certificates, Identity } from './certificates.ts';
import type { Handshake, HandshakeOwner } from './handshake.ts';
import {
  CERTIFICATE,
  CERTIFICATE_VERIFY,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  certificate,
  certificateRequest,
  certificatesOf,
  FINISHED,
  type Message,
  serverHello,
  serverHelloDone,
  TLS_1_2,
  versionOf,
} from './messages.ts';

/**
 * What is asked of a client's certificate, by the numbers of Python's `ssl.CERT_NONE`, `CERT_OPTIONAL` and
 * `CERT_REQUIRED`.
 */
export const CERT_REQS = { none: 0, optional: 1, required: 2 } as const;

/** What the relay has, and asks of who connects. */
export interface ServerParts {
  /** What it shows to who says hello now. */
  identity: Identity;
  certificates: Certificates;
  /** `optional`: one that is shown must be good; `required`: one must be shown, and be good. */
  certReqs: (typeof CERT_REQS)[keyof typeof CERT_REQS];
  /** The file of the authorities that clients' certificates must come from; '' when none is asked for. */
  ca: string;
  /** By the relay's clock, ms since 1970. */
  epochMs: () => number;
}

export class ServerHandshake implements Handshake {
  readonly shown = '';
  private readonly owner: HandshakeOwner;
  private readonly parts: ServerParts;
  private state: 'hello' | 'certificate' | 'key' | 'verify' | 'finished' = 'hello';
  private verifies = false;
  private peer: X509Certificate | null = null;
  private failure: TlsFailure | null = null;

  constructor(owner: HandshakeOwner, parts: ServerParts) {
    this.owner = owner;
    this.parts = parts;
  }

  get peerIsDone(): boolean {
    return this.state === 'finished';
  }

  start(): void {}

  onMessage({ type, body }: Message): void {
    const { state } = this;
    if (state === 'hello' && type === CLIENT_HELLO) {
      this.onHello(versionOf(body));
    } else if (state === 'certificate' && type === CERTIFICATE) {
      this.state = 'key';
      this.onCertificate(certificatesOf(body));
    } else if (state === 'key' && type === CLIENT_KEY_EXCHANGE) {
      this.state = this.verifies ? 'verify' : 'finished';
    } else if (state === 'verify' && type === CERTIFICATE_VERIFY) {
      this.state = 'finished';
    } else if (state === 'finished' && type === FINISHED) {
      this.owner.sendAndFinish();
      if (this.failure === null) this.owner.onEstablished(this.peer);
      else this.owner.hangUp(this.failure);
    } else {
      this.owner.fail('protocol');
    }
  }

  private onHello(version: number): void {
    const { identity, certReqs, certificates, ca } = this.parts;
    if (!(version >= TLS_1_2)) {
      this.owner.fail('protocol');
      return;
    }
    const asks = certReqs !== CERT_REQS.none;
    this.state = asks ? 'certificate' : 'key';
    const request = asks ? [certificateRequest((certificates.authorities(ca) ?? []).map(subjectOf))] : [];
    this.owner.sendMessages(serverHello(), certificate(identity.chain), ...request, serverHelloDone());
  }

  private onCertificate(chain: string[] | null): void {
    const { certReqs, certificates, ca, epochMs } = this.parts;
    if (chain === null) {
      this.owner.fail('protocol');
    } else if (chain.length === 0) {
      if (certReqs === CERT_REQS.required) this.owner.fail('certificate_required');
    } else {
      this.verifies = true;
      this.peer = certificates.peer(chain[0]);
      this.failure = certificates.verdict(chain, ca, 'client', null, epochMs());
    }
  }
}
