/** The board's side of a TLS 1.2 handshake with RSA key exchange, and what it costs the board's CPU. */
import type { TlsFailure, TlsSettings } from 'hal';
import { modulusBytes } from './certificate-file.ts';
import type { Certificates } from './certificates.ts';
import type { Handshake, HandshakeOwner } from './handshake.ts';
import {
  CERTIFICATE,
  CERTIFICATE_REQUEST,
  certificate,
  certificatesOf,
  certificateVerify,
  clientHello,
  clientKeyExchange,
  FINISHED,
  type Message,
  SERVER_HELLO,
  SERVER_HELLO_DONE,
  TLS_1_2,
  versionOf,
} from './messages.ts';
import { rsaUs, type TlsProcessor } from './processor.ts';

export interface ClientParts {
  settings: TlsSettings;
  /** The name or address that is connected to. */
  host: string;
  certificates: Certificates;
  processor: TlsProcessor;
  /** By the board's clock, ms since 1970. */
  epochMs: () => number;
  /** The version that it offers at most: TLS 1.2 unless a test is about something else. */
  version?: number;
}

/** A failure of the board's own files, which is found before anything is sent; null when they are good. */
export function ownFailure({ ca, cert, key, verify }: TlsSettings, certificates: Certificates): TlsFailure | null {
  if (verify && certificates.authorities(ca) === null) return 'bad_certificate';
  return cert !== '' && certificates.identity(cert, key) === null ? 'bad_certificate' : null;
}

export class ClientHandshake implements Handshake {
  private readonly owner: HandshakeOwner;
  private readonly parts: ClientParts;
  private state: 'hello' | 'certificate' | 'request' | 'done' | 'computing' | 'finished' = 'hello';
  private chain: readonly string[] = [];
  private asked = false;

  constructor(owner: HandshakeOwner, parts: ClientParts) {
    this.owner = owner;
    this.parts = parts;
  }

  get peerIsDone(): boolean {
    return this.state === 'finished';
  }

  get shown(): '' | 'nothing' | 'certificate' {
    if (!this.asked) return '';
    return this.parts.settings.cert === '' ? 'nothing' : 'certificate';
  }

  start(): void {
    this.owner.sendMessages(clientHello(this.parts.version ?? TLS_1_2, this.parts.host));
  }

  onMessage({ type, body }: Message): void {
    const { state } = this;
    if (state === 'hello' && type === SERVER_HELLO && versionOf(body) >= TLS_1_2) {
      this.state = 'certificate';
    } else if (state === 'certificate' && type === CERTIFICATE) {
      this.state = 'request';
      this.chain = certificatesOf(body) ?? [];
    } else if (state === 'request' && type === CERTIFICATE_REQUEST) {
      this.state = 'done';
      this.asked = true;
    } else if ((state === 'request' || state === 'done') && type === SERVER_HELLO_DONE) {
      this.state = 'computing';
      this.judge();
    } else if (state === 'finished' && type === FINISHED) {
      this.owner.onEstablished(this.parts.certificates.peer(this.chain[0]));
    } else {
      this.owner.fail('protocol');
    }
  }

  /**
   * One operation with the public key for each signature of the chain; who does not verify is told the key
   * and believes it.
   */
  private judge(): void {
    const { settings, host, certificates, processor, epochMs } = this.parts;
    const peer = this.chain.length === 0 ? null : certificates.peer(this.chain[0]);
    const keyBytes = peer === null ? 0 : modulusBytes(peer);
    if (keyBytes === 0) {
      this.owner.fail('bad_certificate');
      return;
    }
    const publicUs = rsaUs(processor.costs.rsaPublicUs, keyBytes);
    const failure = settings.verify ? certificates.verdict(this.chain, settings.ca, 'server', host, epochMs()) : null;
    const verifyUs = settings.verify ? this.chain.length * publicUs : 0;
    if (failure === null) this.answer(keyBytes, verifyUs + publicUs);
    else processor.compute(verifyUs, () => this.owner.fail(failure));
  }

  /**
   * The premaster secret with the server's public key and, for a certificate of its own, a signature with the
   * board's private key.
   */
  private answer(serverKeyBytes: number, beforeUs: number): void {
    const { settings, certificates, processor } = this.parts;
    const identity = this.asked && settings.cert !== '' ? certificates.identity(settings.cert, settings.key) : null;
    const signatureUs = identity === null ? 0 : rsaUs(processor.costs.rsaPrivateUs, identity.keyBytes);
    const messages = [
      ...(this.asked ? [certificate(identity?.chain ?? [])] : []),
      clientKeyExchange(serverKeyBytes),
      ...(identity === null ? [] : [certificateVerify(identity.keyBytes)]),
    ];
    processor.compute(beforeUs + signatureUs, () => {
      this.state = 'finished';
      this.owner.sendAndFinish(...messages);
    });
  }
}
