/**
 * What the events tell about one board: its channel, its link, and its connections that are not over yet.
 *
 * The one owner of these states for the metrics and for the checks; it counts and judges nothing. It relies
 * on every connection beginning with `tcp.connect`, and on every session that the relay opened being closed
 * by a `ws.close`, also when the relay stops.
 */
import type { EventName, WorldEvent } from '../../kernel/events.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { TimelineState } from '../result.ts';
import { Connection } from './connection.ts';
import { type Awaited, TimeFifo } from './time-fifo.ts';

type Changed = (view: BoardView, event: WorldEvent) => Connection | null;

export class BoardView {
  /** Each event that changes a board, and how. */
  static readonly CHANGES: Readonly<Partial<Record<EventName, Changed>>> = {
    'board.boot': (view, { atUs }) => view.lose(atUs, 'wifi'),
    'board.off': (view, { atUs }) => view.lose(atUs, 'off'),
    'board.ended': (view, { atUs }) => view.lose(atUs, 'off'),
    'channel.state': (view, event) => view.changeChannel(event),
    'tcp.connect': (view, event) => view.connect(event),
    'tcp.closed': (view, event) => view.change(event, (connection) => connection.closeBoardEnd()),
    'ws.open': (view, event) => view.openSession(event),
    'ws.close': (view, event) => view.change(event, (connection) => connection.closeSession()),
    'ws.refused': (view, event) => view.refuse(event),
    'connection.forgotten': (view, event) => view.forget(event),
    'wifi.lost': (view, event) => view.setStation(false, event),
    'wifi.joined': (view, event) => view.setStation(true, event),
    'link.down': (view, event) => view.linkDown(event),
    'link.up': (view, event) => view.linkUpAgain(event),
  };

  /** Accepted messages not yet written to a socket. */
  readonly outbox: TimeFifo;
  /** The channel as the board sees it. */
  channel: Exclude<TimelineState, 'dead'> = 'off';
  /** The connection under the open channel; null while it is not open. */
  open: Connection | null = null;
  /** Its channel was open at any time. */
  everOpen = false;
  /** The newest connection, over or not. */
  current: Connection | null = null;
  /** Connections of which at least one end is not over. Few: one id has one session. */
  live: Connection[] = [];
  /** Since when the link has been up (from the start) or down. */
  linkSinceUs = 0;
  private readonly awaited: Awaited;
  /** Why the link is down; it is up when there is no reason left. */
  private readonly downReasons = new Set<string>();
  private stationLost = false;

  constructor(awaited: Awaited = { count: 0 }) {
    this.awaited = awaited;
    this.outbox = new TimeFifo(awaited);
  }

  get linkUp(): boolean {
    return this.downReasons.size === 0;
  }

  /** The channel really carries data, as far as the board, its link and the session are concerned. */
  get carries(): boolean {
    const { open } = this;
    return open !== null && open.session === 'open' && open.boardEnd === 'open' && !open.forgotten && this.linkUp && !this.stationLost;
  }

  /** The live connection of that number; 0 stands for the one under the open channel. */
  find(number: number): Connection | null {
    const { current } = this;
    if (number === 0) return this.open;
    if (current !== null && current.number === number) return current;
    for (const connection of this.live) if (connection.number === number) return connection;
    return null;
  }

  /**
   * Takes an event of this board (others leave it as it is) and returns the connection it was about; of a
   * channel that leaves open, the one it leaves.
   */
  apply(event: WorldEvent): Connection | null {
    return BoardView.CHANGES[event.event]?.(this, event) ?? null;
  }

  /**
   * A reboot, or the loss of power or of the program, forgets the outbox and every socket without a word to
   * the relay.
   */
  private lose(atUs: number, channel: 'wifi' | 'off'): Connection | null {
    const left = this.open;
    this.channel = channel;
    this.open = null;
    this.outbox.clear();
    for (const connection of this.live) {
      connection.beginSilence(atUs);
      connection.closeBoardEnd();
    }
    this.forgetOver();
    return left;
  }

  private changeChannel(event: WorldEvent): Connection | null {
    const left = this.open;
    this.channel = event.subject as BoardView['channel'];
    this.open = null;
    this.everOpen ||= this.channel === 'open';
    if (this.channel !== 'open') return left ?? (event.connection > 0 ? this.find(event.connection) : this.current);
    this.open = event.connection > 0 ? this.find(event.connection) : this.current;
    if (this.open) this.open.wasOpen = true;
    return this.open;
  }

  private connect(event: WorldEvent): Connection {
    this.current = new Connection(event.connection, event.atUs, this.awaited);
    this.live.push(this.current);
    return this.current;
  }

  /**
   * The upgrade may reach the relay after the board has given the attempt up, and its connection was taken to
   * be over.
   */
  private openSession(event: WorldEvent): Connection {
    let connection = this.find(event.connection);
    if (!connection) {
      connection = new Connection(event.connection, event.atUs, this.awaited);
      connection.boardEnd = 'closed';
    }
    if (!this.live.includes(connection)) this.live.push(connection);
    connection.session = 'open';
    return connection;
  }

  private refuse(event: WorldEvent): Connection | null {
    const connection = this.find(event.connection);
    if (connection) connection.refusedStatus = event.value;
    return connection;
  }

  /** It has been silent for a while when the first packet in vain shows it. */
  private forget(event: WorldEvent): Connection | null {
    const connection = this.find(event.connection);
    connection?.forget(event.atUs - usFromMs(event.value));
    return connection;
  }

  private change(event: WorldEvent, how: (connection: Connection) => void): Connection | null {
    const connection = this.find(event.connection);
    if (!connection) return null;
    how(connection);
    this.forgetOver();
    return connection;
  }

  private forgetOver(): void {
    this.live = this.live.filter((connection) => !connection.isOver);
  }

  private setStation(joined: boolean, { atUs }: WorldEvent): null {
    this.stationLost = !joined;
    if (!joined) for (const connection of this.live) connection.beginSilence(atUs);
    return null;
  }

  private linkDown({ atUs, detail: reason }: WorldEvent): null {
    if (this.linkUp) {
      this.linkSinceUs = atUs;
      for (const connection of this.live) connection.beginSilence(atUs);
    }
    this.downReasons.add(reason);
    return null;
  }

  private linkUpAgain({ atUs, detail: reason }: WorldEvent): null {
    if (!this.downReasons.delete(reason) || !this.linkUp) return null;
    this.linkSinceUs = atUs;
    for (const connection of this.live) connection.endSilence();
    return null;
  }
}

/** Events that change the state of a board, and no others do. */
export const BOARD_EVENTS = Object.keys(BoardView.CHANGES) as EventName[];
