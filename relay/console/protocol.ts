/**
 * What the relay and an open console page say to each other, one JSON object a WebSocket message. Times are
 * ms since 1970, on a clock that never jumps.
 *
 * The relay begins with `hello`, then `rows` until the page knows every id, and at most four `tick`s a second
 * with what has changed since the last one. A row replaces what the page knew of that id; changes of an id
 * that it does not know yet are to be ignored. After a lost connection everything begins anew.
 */
import type { CloseCause } from '../observer.ts';
import type { MayName, OperationName } from './operations.ts';
import type { BoardWeather, WeatherChange } from './weather.ts';

/** from, to, cause and close code of a session that is over. */
export type Past = [fromMs: number, toMs: number, cause: CloseCause, code: number];

/**
 * A session's figures: number, messages in, out, dropped, bytes that wait to be sent, pings answered, last
 * round trip in ms (-1: none yet).
 */
export type Figures = [
  number: number,
  messagesIn: number,
  messagesOut: number,
  dropped: number,
  buffered: number,
  pongs: number,
  rttMs: number,
];

export interface Row {
  id: string;
  /** What its certificate calls it, '' without one. */
  name: string;
  /** '' when it has none, as a virtual board. */
  address: string;
  isVirtual: boolean;
  /** null: not connected. */
  session: { sinceMs: number; figures: Figures; rttsMs: number[] } | null;
  /** Oldest first, those of the timeline only. */
  past: Past[];
}

/** `messages` are put together from the counters, and only while a page is open. */
export type EventKind = 'opened' | 'closed' | 'refused' | 'dropped' | 'messages' | 'relay' | 'step' | 'weather' | 'operator';

export interface ConsoleEvent {
  /** Counts the events of this relay from 1. */
  number: number;
  atMs: number;
  kind: EventKind;
  /** '' when it is about no client in particular. */
  id: string;
  /** A few words, made of the relay's own and of validated ids. */
  text: string;
}

/** One second: when it ended, clients then, and connects, ends, messages in and out during it. */
export type Sample = [atMs: number, clients: number, opened: number, closed: number, messagesIn: number, messagesOut: number];

/** The relay's settings that matter to who looks. */
export interface ConsoleConfig {
  mode: string;
  pingIntervalMs: number;
  pingTimeoutMs: number;
}

export interface Hello {
  type: 'hello';
  nowMs: number;
  /** When this relay began: another one is another relay. */
  startedMs: number;
  relay: ConsoleConfig;
  /** Of the timeline and of the charts. */
  windowMs: number;
  events: ConsoleEvent[];
  samples: Sample[];
  /** null: no simulation. */
  weather: BoardWeather[] | null;
  /** What this page may do; nothing at a console without a token. */
  operations: MayName[];
}

export interface Rows {
  type: 'rows';
  rows: Row[];
}

export interface Tick {
  type: 'tick';
  nowMs: number;
  rows?: Row[];
  /** Ids that the relay has forgotten. */
  gone?: string[];
  figures?: Figures[];
  events?: ConsoleEvent[];
  samples?: Sample[];
  weather?: BoardWeather[];
}

/** The answer to `history`. */
export interface History {
  type: 'history';
  id: string;
  sessions: { fromMs: number; toMs: number; cause: CloseCause; code: number; messagesIn: number; messagesOut: number; dropped: number }[];
  refusals: { atMs: number; reason: string; status: number }[];
}

/** The answer to `netstat`. */
export interface Netstat {
  type: 'netstat';
  id: string;
  text: string;
}

/** An operation is done, or all weather is undone. */
export interface Done {
  type: 'done';
  of: OperationName | 'undo';
  message: string;
}

/** What was asked cannot be done, and why. */
export interface Failed {
  type: 'failed';
  /** '' when it was no request at all. */
  of: FromPage['type'] | '';
  message: string;
}

export type ToPage = Hello | Rows | Tick | History | Netstat | Done | Failed;

export type FromPage =
  | { type: 'history' | 'netstat'; id: string }
  | { type: 'weather'; ids: string[] | null; change: WeatherChange }
  | { type: 'undo' }
  | { type: OperationName; id: string };
