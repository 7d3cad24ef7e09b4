/**
 * The TCP connections of a capture, by addresses and ports: those that may carry WebSocket with all that is
 * known of them, all others by a mark. When there are too many, those go that have ended, then those that
 * were silent longest.
 */
import { reverseKey, type Segment } from '../../capture/dissect/segment.ts';
import type { Connection } from './connection.ts';
import { otherSide, type Side } from './side.ts';

/** Some 5 kB each, at most 20 kB, besides what waits for its turn. */
const MAX_CONNECTIONS = 5_000;
/** Connections that are of no interest: an entry each way. */
const MAX_MARKS = 100_000;
/** Of a table that is full, the share that goes. */
const SHARE_LET_GO = 0.25;

export interface Entry {
  connection: Connection;
  from: Side;
}

export class ConnectionTable {
  private readonly entries = new Map<string, Entry>();
  private readonly marks = new Set<string>();
  private readonly keys = new Map<Connection, [string, string]>();
  /** Connections that were let go before they ended. */
  forgotten = 0;
  /** Of no interest. */
  others = 0;

  /** null: of no interest. undefined: not known. */
  find({ key }: Segment): Entry | null | undefined {
    return this.entries.get(key) ?? (this.marks.has(key) ? null : undefined);
  }

  add(segment: Segment, connection: Connection, from: Side): Entry {
    if (this.keys.size >= MAX_CONNECTIONS) this.letGo();
    const reverse = reverseKey(segment);
    this.marks.delete(segment.key);
    this.marks.delete(reverse);
    this.keys.set(connection, [segment.key, reverse]);
    const entry = { connection, from };
    this.entries.set(segment.key, entry);
    this.entries.set(reverse, { connection, from: otherSide(from) });
    return entry;
  }

  /** It is of no interest. */
  mark(segment: Segment): void {
    this.others++;
    this.markKeys([segment.key, reverseKey(segment)]);
  }

  /** It turned out to be of none. */
  dismiss(connection: Connection): void {
    const keys = this.remove(connection);
    if (keys === null) return;
    if (connection.client === null) this.others++;
    this.markKeys(keys);
  }

  /** Its ports are used again, or it is over. */
  remove(connection: Connection): [string, string] | null {
    const keys = this.keys.get(connection);
    if (keys === undefined) return null;
    for (const key of keys) this.entries.delete(key);
    this.keys.delete(connection);
    connection.release();
    return keys;
  }

  all(): Iterable<Connection> {
    return this.keys.keys();
  }

  private markKeys(keys: readonly string[]): void {
    if (this.marks.size >= MAX_MARKS) this.marks.clear();
    for (const key of keys) this.marks.add(key);
  }

  private letGo(): void {
    const order = [...this.keys.keys()].sort((a, b) => Number(b.hasEnded) - Number(a.hasEnded) || a.lastMs - b.lastMs);
    for (const connection of order.slice(0, MAX_CONNECTIONS * SHARE_LET_GO)) {
      if (!connection.hasEnded) this.forgotten++;
      this.remove(connection);
    }
  }
}
