/**
 * Who is turned away: each connection once, with an answer if it can still be given one, for the observer and
 * the log.
 */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import type { LogFields, RelayLog } from '../log.ts';
import type { RefusalReason, RelayObserver } from '../observer.ts';
import { send, writeAnswer } from '../server/http.ts';
import { addressOf } from './forwarded.ts';
import type { Refusal } from './handshake.ts';
import { RefusalLog } from './refusal-log.ts';

export interface RefusalsParts {
  clock: Clock;
  log: RelayLog;
  observer: RelayObserver;
  nameOf: (stream: Duplex) => string;
}

export class Refusals {
  private readonly observer: RelayObserver;
  private readonly nameOf: (stream: Duplex) => string;
  private readonly lines: RefusalLog;
  /**
   * Connections whose refusal or plain answer is on its way: they are not refused a second time when they
   * linger.
   */
  private readonly answered = new WeakSet<Duplex>();

  constructor({ clock, log, observer, nameOf }: RefusalsParts) {
    this.observer = observer;
    this.nameOf = nameOf;
    this.lines = new RefusalLog(clock, log);
  }

  /** Its request is being answered, whatever with. */
  beginAnswer(stream: Duplex): void {
    this.answered.add(stream);
  }

  /** The answer to a plain request. */
  answer(stream: Duplex, response: ServerResponse, refusal: Refusal): void {
    send(response, refusal);
    this.tell(stream, refusal);
  }

  /** Answers on the bare connection; a peer that is gone, or was answered already, is not refused. */
  refuse(stream: Duplex, refusal: Refusal): void {
    if (this.answered.has(stream) || !stream.writable) return;
    this.answered.add(stream);
    writeAnswer(stream, refusal);
    this.tell(stream, refusal);
  }

  /** Hangs up without a word. */
  drop(stream: Duplex, reason: RefusalReason): void {
    stream.destroy();
    this.note(stream, reason);
  }

  /** It was hung up for taking too long or too much room. */
  gaveUp(stream: Duplex, reason: RefusalReason): void {
    if (!this.answered.has(stream)) this.note(stream, reason);
  }

  /** @param details for the log */
  note(stream: Duplex, reason: RefusalReason, details: LogFields = {}): void {
    this.write(stream, '', reason, 0, details);
  }

  /** The log has all lines that were summed up. */
  tellLeftOut(): void {
    this.lines.tellLeftOut();
  }

  /** Who is at the other end, for the log. */
  peerOf(stream: Duplex): LogFields {
    const peer: LogFields = {};
    const name = this.nameOf(stream);
    if (name !== '') peer.name = name;
    const address = addressOf(stream);
    if (address !== null) peer.address = address;
    return peer;
  }

  private tell(stream: Duplex, { id, reason, status, details }: Refusal): void {
    this.write(stream, id, reason, status, details);
  }

  private write(stream: Duplex, id: string, reason: RefusalReason, status: number, details: LogFields = {}): void {
    this.observer.refused(stream, id, reason, status);
    this.lines.write({ id, reason, status, ...details, ...this.peerOf(stream) });
  }
}
