/**
 * One TCP connection of a board as both its ends see it, pieced together from the world's events.
 *
 * The board's end lives from `tcp.connect` to `tcp.closed` (or the board's reboot), the relay's session from
 * `ws.open` to `ws.close`; either may outlive the other, which is what half-open means.
 */
import { type Awaited, TimeFifo } from './time-fifo.ts';

export class Connection {
  readonly number: number;
  readonly startedAtUs: number;
  /** Messages written by the board that the relay has not received. */
  readonly up: TimeFifo;
  /** Messages written by the relay that the board has not received. */
  readonly down: TimeFifo;
  boardEnd: 'open' | 'closed' = 'open';
  session: 'none' | 'open' | 'closed' = 'none';
  /** The board's channel was open on it. */
  wasOpen = false;
  /** HTTP status by which the server refused the upgrade; 0 = it did not. */
  refusedStatus = 0;
  /** Counted among the failed attempts: its board's end was over before the channel was open. */
  failureCounted = false;
  /** Counted among the disconnects, which belong to it once, whichever side speaks first. */
  disconnectCounted = false;
  /** Since when nothing passes and neither end was told; -1 = not silent. */
  silentSinceUs = -1;
  /** Somebody on the path forgot it: no healing of the link brings it back. */
  forgotten = false;

  constructor(number: number, startedAtUs: number, awaited: Awaited) {
    this.number = number;
    this.startedAtUs = startedAtUs;
    this.up = new TimeFifo(awaited);
    this.down = new TimeFifo(awaited);
  }

  get isOver(): boolean {
    return this.boardEnd === 'closed' && this.session !== 'open';
  }

  /**
   * What the relay sent and is not here yet never will be; nor will the board's own data, unless a session
   * still reads it.
   */
  closeBoardEnd(): void {
    this.boardEnd = 'closed';
    this.down.clear();
    if (this.session !== 'open') this.up.clear();
  }

  /** A closed session reads no more. What the relay sent before may still reach the board. */
  closeSession(): void {
    this.session = 'closed';
    this.up.clear();
    if (this.boardEnd === 'closed') this.down.clear();
  }

  beginSilence(atUs: number): void {
    if (this.silentSinceUs < 0) this.silentSinceUs = atUs;
  }

  forget(sinceUs: number): void {
    this.forgotten = true;
    this.beginSilence(sinceUs);
  }

  /** A connection of which one end is already over stays silent for the other. */
  endSilence(): void {
    if (this.boardEnd === 'open' && this.session !== 'closed' && !this.forgotten) this.silentSinceUs = -1;
  }
}
