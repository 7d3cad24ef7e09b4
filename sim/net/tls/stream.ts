/**
 * TLS between a TCP endpoint and whoever uses it, at either end: the handshake, then records around what is
 * written and read.
 *
 * A model: bytes on the wire are as many as real ones and are not encrypted; the verdict on certificates is
 * real. Not modelled: TLS 1.3, resumption, renegotiation (refused), Diffie-Hellman. Memory is not limited: a
 * real session takes 22 to 42 kB of an ESP32's heap (facts of mbedtls.rst), 16 KiB each way of it for
 * records.
 */
import type { X509Certificate } from 'node:crypto';
import type { TlsFailure } from 'hal';
import type { TcpEnd, TcpHandlers } from '../tcp/endpoint.ts';
import type { ByteStream } from '../wire/byte-stream.ts';
import { alertFor, CLOSE_NOTIFY, failureOf } from './alerts.ts';
import type { Handshake, HandshakeOwner } from './handshake.ts';
import { finished, MessageReader } from './messages.ts';
import type { TlsProcessor } from './processor.ts';
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, RecordReader, type TlsRecord, writeRecords } from './records.ts';

/**
 * Read from TCP at once, and held unread at most, bytes: about a record. What is beyond waits in TCP, whose
 * window closes.
 */
const READ_BYTES = 16_384;

/** `onConnect`: the handshake is over. */
export interface TlsHandlers extends TcpHandlers {
  /** TLS has failed; last, in place of `onClose`. */
  onTlsFailure(failure: TlsFailure): void;
}

export interface TlsCounters {
  /** What TLS added to what its users wrote: handshakes, alerts, and all that is around the data. */
  bytes: number;
}

const NO_HANDLERS: TlsHandlers = { onConnect() {}, onReadable() {}, onDrain() {}, onClose() {}, onTlsFailure() {} };

export class TlsStream implements ByteStream, TcpHandlers, HandshakeOwner {
  private readonly counters: TlsCounters;
  private readonly processor: TlsProcessor;
  private readonly handshake: Handshake;
  private handlers: TlsHandlers = NO_HANDLERS;
  private tcp: ByteStream | null = null;
  private state: 'handshake' | 'open' | 'closed' = 'handshake';
  private readonly records = new RecordReader();
  private readonly messages = new MessageReader();
  private sealing = false;
  /** Deciphered and not yet read, and what that has cost. */
  private plain = '';
  private owedUs = 0;
  private peerEnded = false;
  private heard = false;
  /** The certificate that the peer has shown. */
  peer: X509Certificate | null = null;

  constructor(counters: TlsCounters, processor: TlsProcessor, createHandshake: (owner: HandshakeOwner) => Handshake) {
    this.counters = counters;
    this.processor = processor;
    this.handshake = createHandshake(this);
  }

  /** The connection underneath, whose handlers this is. */
  attach(tcp: ByteStream): void {
    this.tcp = tcp;
  }

  setHandlers(handlers: TlsHandlers): void {
    this.handlers = handlers;
  }

  get handshaking(): boolean {
    return this.state === 'handshake';
  }

  get readableBytes(): number {
    return this.plain.length;
  }

  get atEnd(): boolean {
    return this.peerEnded && this.plain === '';
  }

  write(data: string): boolean {
    if (this.state !== 'open' || data === '') return true;
    const bytes = writeRecords(APPLICATION_DATA, data, true);
    this.processor.spend(this.costUs(data.length));
    this.counters.bytes += bytes.length - data.length;
    return this.send(bytes);
  }

  read(bytes: number): string {
    const data = this.plain.substring(0, bytes);
    this.plain = this.plain.substring(bytes);
    this.processor.spend(this.owedUs);
    this.owedUs = 0;
    this.pull();
    return data;
  }

  end(): void {
    if (this.state === 'open') this.sendAlert(null);
    this.tcp?.end();
  }

  release(): void {
    this.state = 'closed';
    this.tcp?.release();
  }

  onConnect(): void {
    this.handshake.start();
  }

  onReadable(): void {
    this.pull();
    if (this.state === 'open' && (this.plain !== '' || this.peerEnded)) this.handlers.onReadable();
  }

  onDrain(): void {
    if (this.state === 'open') this.handlers.onDrain();
  }

  onClose(end: TcpEnd): void {
    if (end === '') this.pull();
    if (this.state === 'closed') return;
    if (end === 'reset' && this.seemsRefused) {
      this.hangUp('bad_certificate');
      return;
    }
    this.state = 'closed';
    this.handlers.onClose(end);
  }

  sendMessages(...messages: string[]): void {
    const bytes = messages.map((message) => writeRecords(HANDSHAKE, message, false)).join('');
    this.counters.bytes += bytes.length;
    this.send(bytes);
  }

  sendAndFinish(...messages: string[]): void {
    if (this.state !== 'handshake') return; // it ended while this was computed
    const flight = messages.map((message) => writeRecords(HANDSHAKE, message, false)).join('');
    const bytes = flight + writeRecords(CHANGE_CIPHER_SPEC, '\u0001', false) + writeRecords(HANDSHAKE, finished(), true);
    this.sealing = true;
    this.counters.bytes += bytes.length;
    this.send(bytes);
  }

  onEstablished(peer: X509Certificate | null): void {
    this.peer = peer;
    this.state = 'open';
    this.handlers.onConnect();
  }

  fail(failure: TlsFailure): void {
    if (this.state === 'closed') return;
    this.sendAlert(failure);
    this.hangUp(failure);
  }

  /** Without an alert: the peer has sent one, or would not understand it. */
  hangUp(failure: TlsFailure): void {
    this.state = 'closed';
    this.tcp?.end();
    this.tcp?.release();
    this.handlers.onTlsFailure(failure);
  }

  private sendAlert(failure: TlsFailure | null): void {
    const bytes = writeRecords(ALERT, alertFor(failure), this.sealing);
    this.counters.bytes += bytes.length;
    this.send(bytes);
  }

  private send(bytes: string): boolean {
    return this.tcp?.write(bytes) ?? true;
  }

  /** Takes from TCP what there is room for. */
  private pull(): void {
    const { tcp } = this;
    while (tcp !== null && tcp.readableBytes > 0 && this.plain.length < READ_BYTES && this.state !== 'closed') {
      this.records.push(tcp.read(READ_BYTES));
      this.takeRecords();
    }
    if (!tcp?.atEnd) return;
    this.peerEnded = true; // also without close_notify, as Node takes it
    if (this.state === 'handshake') this.hangUp('protocol');
    else if (this.seemsRefused) this.hangUp('bad_certificate');
  }

  /**
   * A server that was shown a certificate and ends the connection before its first byte has refused it, as a
   * rule: Node's send no alert.
   */
  private get seemsRefused(): boolean {
    return this.state === 'open' && !this.heard && this.handshake.shown === 'certificate';
  }

  private takeRecords(): void {
    while (this.state !== 'closed') {
      const record = this.records.next();
      if (record === null) return;
      if (record === 'not TLS') this.hangUp('protocol');
      else this.takeRecord(record);
    }
  }

  private takeRecord({ type, payload }: TlsRecord): void {
    if (type === ALERT) this.takeAlert(payload.charCodeAt(1));
    else if (type === APPLICATION_DATA && this.state === 'open') this.takeData(payload);
    else if (type === HANDSHAKE && this.state === 'handshake') this.takeMessages(payload);
    else if (type === CHANGE_CIPHER_SPEC && this.handshake.peerIsDone) this.records.sealed = true;
    else this.fail('protocol');
  }

  private takeData(payload: string): void {
    this.heard = true;
    this.plain += payload;
    this.owedUs += this.costUs(payload.length);
  }

  private takeMessages(payload: string): void {
    this.messages.push(payload);
    while (this.state === 'handshake') {
      const message = this.messages.next();
      if (message === null) return;
      const early = message !== 'too long' && this.handshake.peerIsDone && !this.records.sealed;
      if (message === 'too long' || early) this.fail('protocol');
      else this.handshake.onMessage(message);
    }
  }

  private takeAlert(alert: number): void {
    if (alert === CLOSE_NOTIFY && this.state === 'open') this.peerEnded = true;
    else this.hangUp(failureOf(alert, this.handshake.shown === 'nothing'));
  }

  private costUs(bytes: number): number {
    const { recordUs, byteUs } = this.processor.costs;
    return recordUs + Math.ceil(bytes * byteUs);
  }
}
