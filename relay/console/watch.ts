/**
 * What the console knows: who is connected, who was, how their sessions went, and what has happened lately.
 *
 * An observer that is told of sessions, refusals and round trips only. Messages are counted by the sessions
 * themselves and looked up once a second, so a console costs nothing for each of them. Everything is bounded:
 * open sessions by the relay, the rest here.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import { addressOf } from '../admission/forwarded.ts';
import { type CloseCause, NULL_OBSERVER, type RelayObserver, type SessionInfo } from '../observer.ts';
import type { ConsoleEvent, EventKind, Figures, History, Past, Row, Sample } from './protocol.ts';
import { Ring } from './ring.ts';
import { roughDuration } from './rough-duration.ts';

/** How far back timeline and charts go, ms. */
export const WINDOW_MS = 300_000;
/**
 * Ids that are not connected. With full histories they take 30 MB, a fleet of 10,000 that is connected twice
 * that.
 */
const MAX_GONE_IDS = 5_000;
const MAX_PAST_SESSIONS = 20;
const MAX_REFUSALS = 20;
const MAX_EVENTS = 500;
/** Ten minutes of pings every 20 s. */
const MAX_RTTS = 30;
const SAMPLE_MS = 1_000;
const MAX_SAMPLES = WINDOW_MS / SAMPLE_MS;

type PastSession = History['sessions'][number];

export interface KnownId {
  readonly id: string;
  name: string;
  address: string;
  isVirtual: boolean;
  session: OpenSession | null;
  readonly past: PastSession[];
  readonly refusals: History['refusals'];
}

export interface OpenSession {
  /** Of the watch, which may see several lives of a relay. */
  readonly number: number;
  readonly info: SessionInfo;
  readonly sinceMs: number;
  readonly rttsMs: number[];
  pongs: number;
  /** What pages were told last. */
  told: Figures;
  /** In the last second it lost messages. */
  isDropping: boolean;
  droppedBefore: number;
}

export interface WatchParts {
  clock: Clock;
  epochMs: () => number;
  isVirtual: (stream: Duplex) => boolean;
}

export class Watch {
  readonly observer: RelayObserver;
  readonly startedMs: number;
  /** Open sessions in the order they were opened. */
  readonly open = new Map<SessionInfo, OpenSession>();
  readonly samples = new Ring<Sample>(MAX_SAMPLES);
  private readonly parts: WatchParts;
  /** From the relay's clock to ms since 1970. */
  private readonly offsetMs: number;
  private readonly ids = new Map<string, KnownId>();
  /** Those of #ids without a session, longest gone first. */
  private readonly gone = new Map<string, KnownId>();
  private readonly events = new Ring<ConsoleEvent>(MAX_EVENTS);
  /** Ids whose row has changed, or that are forgotten; null while nobody looks. */
  private changed: Set<string> | null = null;
  private eventCount = 0;
  private opened = 0;
  private closed = 0;
  private endedIn = 0;
  private endedOut = 0;
  private before = { opened: 0, closed: 0, messagesIn: 0, messagesOut: 0 };
  private timer = 0;

  constructor(parts: WatchParts) {
    this.parts = parts;
    this.offsetMs = parts.epochMs() - parts.clock.now();
    this.startedMs = this.nowMs;
    this.observer = {
      ...NULL_OBSERVER,
      sessionOpened: (session) => this.sessionOpened(session),
      sessionClosed: (session, cause, code) => this.sessionClosed(session, cause, code),
      refused: (_stream, id, reason, status) => this.refused(id, reason, status),
      pongReceived: (session, rttMs) => this.pongReceived(session, rttMs),
    };
  }

  /** Milliseconds since 1970, and never back. */
  get nowMs(): number {
    return Math.round(this.parts.clock.now() + this.offsetMs);
  }

  /** Of the last event. */
  get lastEvent(): number {
    return this.eventCount;
  }

  /** May be walked while it changes. */
  known(): IterableIterator<KnownId> {
    return this.ids.values();
  }

  note(kind: EventKind, id: string, text: string): void {
    this.events.add({ number: ++this.eventCount, atMs: this.nowMs, kind, id, text });
  }

  /** Those that are still there; @param number only younger ones */
  eventsAfter(number: number): ConsoleEvent[] {
    return this.events.all().filter((event) => event.number > number);
  }

  /** Begins or ends collecting changes. */
  setWatched(isWatched: boolean): void {
    this.changed = isWatched ? new Set() : null;
    if (isWatched) for (const session of this.open.values()) session.told = figuresOf(session);
  }

  /** Since the last call. */
  takeChanges(): { rows: Row[]; gone: string[] } {
    const ids = [...(this.changed ?? [])];
    this.changed?.clear();
    const rows = ids.flatMap((id) => {
      const known = this.ids.get(id);
      return known === undefined ? [] : [this.rowOf(known)];
    });
    return { rows, gone: ids.filter((id) => !this.ids.has(id)) };
  }

  rowOf({ id, name, address, isVirtual, session, past }: KnownId): Row {
    const sinceMs = this.nowMs - WINDOW_MS;
    return {
      id,
      name,
      address,
      isVirtual,
      session: session && { sinceMs: session.sinceMs, figures: figuresOf(session), rttsMs: session.rttsMs },
      past: past.filter((one, index) => one.toMs > sinceMs || index === past.length - 1).map(shortened),
    };
  }

  /** null: nobody of that id has been here lately. */
  history(id: string): History | null {
    const known = this.ids.get(id);
    return known === undefined ? null : { type: 'history', id, sessions: known.past, refusals: known.refusals };
  }

  start(): void {
    this.timer = this.parts.clock.setTimeout(this.sample, SAMPLE_MS);
  }

  close(): void {
    this.parts.clock.clearTimeout(this.timer);
  }

  private sessionOpened(info: SessionInfo): void {
    const { id, name, stream } = info;
    const known = this.ids.get(id) ?? { id, name, address: '', isVirtual: false, session: null, past: [], refusals: [] };
    const session = newSession(++this.opened, info, this.nowMs);
    const isVirtual = this.parts.isVirtual(stream);
    Object.assign(known, { name, address: isVirtual ? '' : shortAddressOf(stream), isVirtual, session });
    this.ids.set(id, known);
    this.gone.delete(id);
    this.open.set(info, session);
    this.changed?.add(id);
    const from = isVirtual ? 'virtual board' : known.address && `from ${known.address}`;
    this.note('opened', id, `session ${session.number}${from && `, ${from}`}${name && `, certificate of ${name}`}`);
  }

  private sessionClosed(info: SessionInfo, cause: CloseCause, code: number): void {
    const { id, messagesIn, messagesOut, messagesDropped } = info;
    const known = this.ids.get(id);
    const session = this.open.get(info);
    if (known === undefined || session === undefined) return;
    const { sinceMs: fromMs } = session;
    const toMs = this.nowMs;
    known.past.push({ fromMs, toMs, cause, code, messagesIn, messagesOut, dropped: messagesDropped });
    if (known.past.length > MAX_PAST_SESSIONS) known.past.shift();
    this.open.delete(info);
    this.closed++;
    this.endedIn += messagesIn;
    this.endedOut += messagesOut;
    this.changed?.add(id);
    // After a restart the next relay's session may be there already.
    if (known.session === session) {
      known.session = null;
      this.gone.set(id, known);
      this.forget();
    }
    this.note('closed', id, `${cause.replaceAll('_', ' ')}, code ${code}, after ${roughDuration(toMs - fromMs)}`);
  }

  private refused(id: string, reason: string, status: number): void {
    const known = this.ids.get(id);
    known?.refusals.push({ atMs: this.nowMs, reason, status });
    if (known && known.refusals.length > MAX_REFUSALS) known.refusals.shift();
    this.note('refused', id, `${reason.replaceAll('_', ' ')}${status === 0 ? '' : `, HTTP ${status}`}`);
  }

  private pongReceived(info: SessionInfo, rttMs: number): void {
    const session = this.open.get(info);
    if (session === undefined) return;
    session.pongs++;
    session.rttsMs.push(Math.round(rttMs * 10) / 10);
    if (session.rttsMs.length > MAX_RTTS) session.rttsMs.shift();
  }

  private forget(): void {
    for (const id of this.gone.keys()) {
      if (this.gone.size <= MAX_GONE_IDS) return;
      this.gone.delete(id);
      this.ids.delete(id);
      this.changed?.add(id);
    }
  }

  private readonly sample = (): void => {
    this.timer = this.parts.clock.setTimeout(this.sample, SAMPLE_MS);
    const now = { opened: this.opened, closed: this.closed, messagesIn: this.endedIn, messagesOut: this.endedOut };
    for (const session of this.open.values()) {
      now.messagesIn += session.info.messagesIn;
      now.messagesOut += session.info.messagesOut;
      this.noteDrops(session);
    }
    const { opened, closed, messagesIn, messagesOut } = this.before;
    const changes = [now.opened - opened, now.closed - closed, now.messagesIn - messagesIn, now.messagesOut - messagesOut] as const;
    this.samples.add([this.nowMs, this.open.size, ...changes]);
    this.before = now;
  };

  /** Once for each time that it falls behind, not once a second. */
  private noteDrops(session: OpenSession): void {
    const { id, messagesDropped } = session.info;
    const drops = messagesDropped > session.droppedBefore;
    if (drops && !session.isDropping) this.note('dropped', id, 'reads too slowly and loses messages');
    session.isDropping = drops;
    session.droppedBefore = messagesDropped;
  }
}

function newSession(number: number, info: SessionInfo, sinceMs: number): OpenSession {
  const told: Figures = [number, 0, 0, 0, 0, 0, -1];
  return { number, info, sinceMs, rttsMs: [], pongs: 0, told, isDropping: false, droppedBefore: 0 };
}

export function figuresOf({ number, info, pongs, rttsMs }: OpenSession): Figures {
  const { messagesIn, messagesOut, messagesDropped, stream } = info;
  return [number, messagesIn, messagesOut, messagesDropped, stream.writableLength, pongs, rttsMs.at(-1) ?? -1];
}

function shortened({ fromMs, toMs, cause, code }: PastSession): Past {
  return [fromMs, toMs, cause, code];
}

function shortAddressOf(stream: Duplex): string {
  return (addressOf(stream) ?? '').replace(/^::ffff:/, '');
}
