/**
 * What the two sides' handshakes (client.ts, server.ts) have in common: how the stream runs them, and what
 * they ask of it.
 */
import type { X509Certificate } from 'node:crypto';
import type { TlsFailure } from 'hal';
import type { Message } from './messages.ts';

export interface Handshake {
  /** TCP is there. */
  start(): void;
  /** A message of the peer, in order. One that is not expected now is a failure. */
  onMessage(message: Message): void;
  /** The peer's next message is its Finished, after which it protects everything. */
  readonly peerIsDone: boolean;
  /** What this side showed when it was asked for a certificate; '' when nobody asked. */
  readonly shown: '' | 'nothing' | 'certificate';
}

export interface HandshakeOwner {
  /** Sends messages in one flight, each in records of its own. */
  sendMessages(...messages: string[]): void;
  /** Sends the same, then ChangeCipherSpec, and Finished as the first that is protected. */
  sendAndFinish(...messages: string[]): void;
  /** Both sides have finished. @param peer the certificate that the peer has shown */
  onEstablished(peer: X509Certificate | null): void;
  /** Gives up: tells the peer, and whoever waits for the connection. */
  fail(failure: TlsFailure): void;
  /** The same without a word to the peer. */
  hangUp(failure: TlsFailure): void;
}
