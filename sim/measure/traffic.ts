/**
 * The apps' messages and the relay's broadcasts: which were sent, which arrived, how long they took.
 *
 * Messages carry no number, so what arrives is matched with what was sent by order: app → outbox → connection → relay on the way up, and relay → connection → app
 * on the way down, where replies take their place in the order without being counted. What a connection holds when its receiving end is over is lost.
 */
import type { BoardView } from './board-view.ts';
import type { Connection } from './connection.ts';
import type { NameOf } from './registry.ts';
import type { Tally } from './tally.ts';
import { type Awaited, UNCOUNTED } from './time-fifo.ts';

export class Traffic {
  private readonly tally: Tally;
  /** Counted messages and broadcasts that may still arrive. */
  readonly awaited: Awaited = { count: 0 };
  /** After `run.drain` what is sent no longer counts, but keeps its place in the order. */
  private draining = false;

  constructor(tally: Tally) {
    this.tally = tally;
  }

  drain(): void {
    this.draining = true;
  }

  messageSent(index: number, board: BoardView, atUs: number): void {
    board.outbox.push(this.draining ? UNCOUNTED : atUs);
    if (!this.draining) this.countSent(index);
  }

  /** The channel refused it. @param why a MessageRefusal of firmware/events.ts; any other is only in the sum */
  messageDropped(index: number, why: string): void {
    if (this.draining) return;
    const { counters } = this.tally;
    const byReason = `messages_refused.${why}` as NameOf<'counter'>;
    this.countSent(index);
    counters.messages_refused++;
    if (Object.hasOwn(counters, byReason)) counters[byReason]++;
  }

  messageWritten(board: BoardView, connection: Connection | null): void {
    const sentAtUs = board.outbox.shift();
    if (connection && connection.session !== 'closed') connection.up.push(sentAtUs);
  }

  relayReceived(index: number, connection: Connection, atUs: number): void {
    const sentAtUs = connection.up.shift();
    if (sentAtUs === UNCOUNTED) return;
    this.tally.counters.messages_delivered++;
    this.tally.boards[index].messagesDelivered++;
    this.tally.distributions.message_latency_ms.record(atUs - sentAtUs);
  }

  relaySent(connection: Connection | null, kind: string, atUs: number): void {
    const counted = kind === 'broadcast' && !this.draining;
    if (counted) this.tally.counters.broadcasts_sent++;
    if (connection && connection.boardEnd === 'open') connection.down.push(counted ? atUs : UNCOUNTED);
  }

  messageReceived(connection: Connection, atUs: number): void {
    const sentAtUs = connection.down.shift();
    if (sentAtUs === UNCOUNTED) return;
    this.tally.counters.broadcasts_delivered++;
    this.tally.distributions.broadcast_latency_ms.record(atUs - sentAtUs);
  }

  private countSent(index: number): void {
    this.tally.counters.messages_sent++;
    this.tally.boards[index].messagesSent++;
  }
}
