/**
 * The vocabulary of a world: every event that `world.events$` emits, the trace writes and the hash covers.
 *
 * One flat shape for all events, so that a million of them stay cheap; the table says what the generic fields
 * mean in each and how much detail (`--trace`) a reader must ask for to see it.
 */

/** How much of a run a trace file holds; each level contains those before it. */
export type TraceLevel = 'none' | 'state' | 'message' | 'packet';

export interface WorldEvent {
  /** Virtual time, integer microseconds since the world began. */
  atUs: number;
  event: EventName;
  /** The event's name as a number (EVENT_CODES), for tables by event. */
  code: number;
  /** Index of the board, 0-based (`board-1` is 0); -1 when it is nobody's. */
  board: number;
  /** The board's TCP connections are counted from 1; 0 when the event belongs to none. */
  connection: number;
  subject: string;
  detail: string;
  value: number;
}

export interface EventSpec {
  level: Exclude<TraceLevel, 'none'>;
  /**
   * Field names in the trace file for `subject`, `detail` and `value`; a field that is not named is unused.
   */
  subject?: string;
  detail?: string;
  value?: string;
}

/**
 * What `link.down` and `link.up` are for: the access point has no power; it is on another channel than the
 * station; a captive portal stands in the way; somebody cut the link, or one way of it.
 */
export type CutReason = 'ap' | 'channel' | 'portal' | 'blackhole' | 'blackhole_up' | 'blackhole_down';

/**
 * What `relay.down` is for: the process has ended, or stands still, for a garbage collection (`pause`) or
 * without a reason.
 */
export type RelayDownReason = 'stop' | 'hang' | 'pause';

/**
 * Every event. The order is part of the trace hash (an event is hashed by its code, which is its place here):
 * append, never reorder.
 */
export const EVENTS = {
  /** The board starts to run its firmware, for the `count`-th time. */
  'board.boot': { level: 'state', value: 'count' },
  /**
   * The firmware threw and nobody caught it: what, and where in its source if that is known. What becomes of
   * the board, its profile says.
   */
  'board.error': { level: 'state', subject: 'at', detail: 'message' },
  'board.log': { level: 'message', detail: 'line' },
  /** The station starts to join, has joined (has an IP address), could not join, was disconnected. */
  'wifi.join': { level: 'state' },
  'wifi.joined': { level: 'state', value: 'took_ms' },
  'wifi.failed': { level: 'state', detail: 'reason' },
  'wifi.lost': { level: 'state', detail: 'reason' },
  /**
   * From here on packets between this board and the relay vanish silently, both ways or one, as the reason
   * says; from here on they pass again.
   */
  'link.down': { level: 'state', detail: 'reason' },
  'link.up': { level: 'state', detail: 'reason' },
  /** The relay's process stops or stops answering, and serves again. Not one board's: board is -1. */
  'relay.down': { level: 'state', detail: 'reason' },
  'relay.up': { level: 'state' },
  /** firmware/events.ts: the channel as the board sees it. */
  'channel.state': { level: 'state', subject: 'state', detail: 'cause', value: 'wait_ms' },
  /** The session as the relay sees it. */
  'ws.open': { level: 'state' },
  'ws.close': { level: 'state', detail: 'cause', value: 'code' },
  'ws.refused': { level: 'state', detail: 'reason', value: 'status' },
  /**
   * The board's TCP connection: handshake ended; ended for the board's side, with the kind of error or ''.
   */
  'tcp.connect': { level: 'state' },
  'tcp.connected': { level: 'state', value: 'took_ms' },
  'tcp.closed': { level: 'state', detail: 'error' },
  /** A step of the scenario was applied (`detail` describes it), or undone. */
  step: { level: 'state', subject: 'action', detail: 'what' },
  /** The measured time is over: firmware was asked to stop sending, queued messages may still arrive. */
  'run.drain': { level: 'state' },
  /** An app timer ran late because the CPU was held (`cause`). */
  'loop.stall': { level: 'message', detail: 'cause', value: 'late_ms' },
  /** firmware/events.ts: messages as the board sees them. */
  'message.sent': { level: 'message', subject: 'kind', value: 'bytes' },
  'message.dropped': { level: 'message', detail: 'why', value: 'bytes' },
  'message.written': { level: 'message', value: 'bytes' },
  'message.received': { level: 'message', subject: 'kind', value: 'bytes' },
  'ping.sent': { level: 'message', value: 'bytes' },
  'pong.received': { level: 'message', value: 'rtt_ms' },
  /** The same as the relay sees them. `relay.sent` is one message to one board: `broadcast` or `reply`. */
  'relay.received': { level: 'message', subject: 'kind', value: 'bytes' },
  'relay.sent': { level: 'message', subject: 'kind', value: 'bytes' },
  /** Not sent because the board reads too slowly. */
  'relay.dropped': { level: 'message', value: 'bytes' },
  'relay.ping': { level: 'message', value: 'bytes' },
  'relay.pong': { level: 'message', detail: 'rtt_ms', value: 'bytes' },
  /** The relay answered a board's ping. */
  'relay.ping_answered': { level: 'message', value: 'bytes' },
  /**
   * Somebody on the path has forgotten this connection, `for_ms` ago: its packets vanish silently, both ways
   * and for good.
   */
  'connection.forgotten': { level: 'state', detail: 'reason', value: 'for_ms' },
  /** The board has lost its power, or sleeps deeply; `board.boot` follows when it is back. */
  'board.off': { level: 'state' },
  /**
   * The board's calendar was set, by its `firmware` (the `Date` header of the relay's answer), by `sntp`, or
   * by a `step` of the scenario.
   */
  'clock.set': { level: 'state', subject: 'by', detail: 'to', value: 'epoch_ms' },
  /** firmware/events.ts: why the board has no TLS, in the words of hal/tls.ts. */
  'tls.failed': { level: 'state', subject: 'reason' },
  /**
   * The board runs its firmware no further, because of the error before (nobody caught it, or it is a handler
   * that does not come back), and does nothing until it is reset;
   * radio and TCP stay as they are.
   */
  'board.ended': { level: 'state' },
  /**
   * The relay's machine has no room for a connection: it loses a `syn` or the last `ack` of a handshake, for
   * the peer to try again, or answers by a `cookie`.
   */
  'relay.overflow': { level: 'state', subject: 'what' },
  /**
   * The supply sagged at a transmit peak and its detector reset the board: what the boot log calls it;
   * `board.boot` follows.
   */
  'board.brownout': { level: 'state', detail: 'reset' },
  /**
   * The firmware sleeps for so long (0: until a pin wakes it): `light`, or `deep`, after which `board.off`
   * and, when it wakes, `board.boot` follow.
   */
  'board.sleep': { level: 'state', subject: 'kind', value: 'ms' },
  /** The firmware has reset its board, and says why; `board.boot` follows. */
  'board.restart': { level: 'state', detail: 'why' },
  /** The firmware has not fed its watchdog, or hangs and the platform's bites; `board.boot` follows. */
  'board.watchdog': { level: 'state' },
  /**
   * The firmware has written a file of so many bytes: `failed`, `no room`, `erased`, or nothing went wrong.
   */
  'flash.write': { level: 'message', subject: 'file', detail: 'outcome', value: 'bytes' },
  /** One sector of the board's flash has been erased more often than any before. */
  'flash.wear': { level: 'message', value: 'erases' },
  /** The firmware has sent so many bytes by a serial port; the first of them. */
  'uart.sent': { level: 'message', subject: 'port', detail: 'bytes', value: 'count' },
  /**
   * The board had no room for a `socket`, a `tls` session, a `message` that came, one in the `outbox`, a
   * `leak` or its `program`, by so many bytes; `board.boot` follows.
   */
  'board.out_of_memory': { level: 'state', subject: 'what', value: 'missing_bytes' },
  /**
   * The board starts the firmware of another group of its fleet, to which it belongs from now on;
   * `rolled_back`: what it ran before, since the image on trial did not reach its channel in time, or before
   * the board was reset.
   */
  'board.update': { level: 'state', subject: 'group', detail: 'why' },
  /** The firmware has told its radio how to save power, and for which beacons to wake (0: the platform's). */
  'wifi.power_save': { level: 'state', subject: 'mode', value: 'listen_interval' },
  /**
   * The board takes other firmware: a group's, by `cable`, or an image, by the beginning of its checksum, over
   * the `air`, of which so many bytes are there already.
   */
  'update.begun': { level: 'state', subject: 'what', detail: 'by', value: 'bytes' },
  /** firmware/ota: a part of it has arrived. */
  'update.chunk': { level: 'message', value: 'bytes' },
  /** The boot code finds nothing that boots. */
  'board.unbootable': { level: 'state', detail: 'why' },
} as const satisfies Record<string, EventSpec>;

export type EventName = keyof typeof EVENTS;

const NAMES = Object.keys(EVENTS) as EventName[];

/** Small integers from 1 in the order of EVENTS: how events are hashed, and their places in tables. */
export const EVENT_CODES: ReadonlyMap<EventName, number> = new Map(NAMES.map((name, index) => [name, index + 1]));

/** An event with the code of its name. */
export function worldEvent(
  atUs: number,
  event: EventName,
  board: number,
  connection: number,
  subject: string,
  detail: string,
  value: number,
): WorldEvent {
  return { atUs, event, code: EVENT_CODES.get(event) as number, board, connection, subject, detail, value };
}

/** A table by code. @param cell what stands for an event @param none at 0, which is no event's code */
export function byCode<T>(cell: (name: EventName) => T, none: T): readonly T[] {
  return [none, ...NAMES.map(cell)];
}

/** Says that something has happened, now; the arguments are the fields of WorldEvent. */
export type Emit = (event: EventName, board: number, connection: number, subject: string, detail: string, value: number) => void;
