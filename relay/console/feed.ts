/**
 * Tells the open pages what the watch sees: everything once, then at most four times a second what has
 * changed.
 *
 * A page that does not read is let go and comes back for a new start. Work for one tick is bounded: figures
 * of a fleet that is larger are told in turns.
 */
import type { Clock } from 'hal';
import type { WebSocket } from 'ws';
import { TokenBucket } from '../session/token-bucket.ts';
import { type MayName, OPERATIONS, type OperationName, type Operations } from './operations.ts';
import { readRequest } from './page-request.ts';
import type { ConsoleConfig, ConsoleEvent, Figures, FromPage, Row, Tick, ToPage } from './protocol.ts';
import { figuresOf, type KnownId, type OpenSession, type Watch, WINDOW_MS } from './watch.ts';
import type { BoardWeather, Weather, WeatherChange } from './weather.ts';

const TICK_MS = 250;
/** Of the snapshot, a message: 200 kB. */
const MAX_ROWS = 1_000;
/**
 * Sessions whose figures are compared in one tick, which takes a millisecond; the next ones follow in the
 * next tick.
 */
const MAX_COMPARED = 2_000;
/** Senders that are named in a tick; the others are summed up. */
const MAX_NAMED_SENDERS = 5;
/** What a page may leave unread, bytes: a few seconds of a storm. */
const MAX_UNREAD_BYTES = 8 * 1024 ** 2;
/** Requests of one page, per second. */
const MAX_REQUESTS_PER_S = 20;
/** Messages of a tick that say what was sent have no number, as they are not kept. */
const NOT_KEPT = 0;
const NEEDS_TOKEN = 'only at a console with a token: --console-token';
const NO_SIMULATION_HERE = 'there is no simulation here';
const NO_SIMULATION: ToPage = { type: 'failed', of: 'weather', message: 'there is no simulation here' };
/** RFC 6455 section 7.4.1. */
const POLICY_VIOLATION = 1008;

export interface FeedParts {
  clock: Clock;
  config: ConsoleConfig;
  watch: Watch;
  weather: Weather | null;
  /** Of pages that were let in by the token; null: there is none. */
  operations: Operations | null;
}

interface Page {
  readonly socket: WebSocket;
  readonly bucket: TokenBucket;
  /** Ids that it has not been told of yet; null when it knows all. */
  rest: Iterator<KnownId> | null;
}

export class Feed {
  private readonly parts: FeedParts;
  private readonly openPages = new Set<Page>();
  private timer = 0;
  private lastEvent = 0;
  private lastSampleMs = 0;
  private lastWeather = '';
  private turn: Iterator<OpenSession>;

  constructor(parts: FeedParts) {
    this.parts = parts;
    this.turn = parts.watch.open.values();
  }

  get pages(): number {
    return this.openPages.size;
  }

  /** A page that may see and do everything. */
  attach(socket: WebSocket): void {
    const { clock, watch } = this.parts;
    if (this.openPages.size === 0) this.begin();
    const page: Page = { socket, bucket: new TokenBucket(MAX_REQUESTS_PER_S, clock.now()), rest: watch.known() };
    this.openPages.add(page);
    socket.on('error', () => {});
    socket.on('close', () => this.detach(page));
    socket.on('message', (data) => this.pageOnMessage(page, String(data)));
    this.tell(page, this.hello());
    this.tellRest(page);
  }

  close(): void {
    for (const { socket } of this.openPages) socket.terminate();
  }

  private begin(): void {
    const { clock, watch } = this.parts;
    watch.setWatched(true);
    this.lastEvent = watch.lastEvent;
    this.lastSampleMs = watch.nowMs;
    this.lastWeather = '';
    this.timer = clock.setTimeout(this.tick, TICK_MS);
  }

  private detach(page: Page): void {
    if (!this.openPages.delete(page) || this.openPages.size > 0) return;
    this.parts.watch.setWatched(false);
    this.parts.clock.clearTimeout(this.timer);
  }

  private hello(): ToPage {
    const { watch, config, weather, operations } = this.parts;
    const { mode, pingIntervalMs, pingTimeoutMs } = config;
    return {
      type: 'hello',
      nowMs: watch.nowMs,
      startedMs: watch.startedMs,
      relay: { mode, pingIntervalMs, pingTimeoutMs },
      windowMs: WINDOW_MS,
      events: watch.eventsAfter(0),
      samples: watch.samples.all(),
      weather: weather?.boards() ?? null,
      operations: Object.keys(operations ?? {}) as MayName[],
    };
  }

  private readonly tick = (): void => {
    this.timer = this.parts.clock.setTimeout(this.tick, TICK_MS);
    const text = JSON.stringify(this.changes());
    for (const page of this.openPages) {
      this.send(page, text);
      this.tellRest(page);
    }
  };

  /** Only what there is of each. */
  private changes(): Tick {
    const { watch } = this.parts;
    const { rows, gone } = watch.takeChanges();
    const { figures, events } = this.newFigures();
    events.unshift(...watch.eventsAfter(this.lastEvent));
    this.lastEvent = watch.lastEvent;
    const samples = watch.samples.all().filter(([atMs]) => atMs > this.lastSampleMs);
    this.lastSampleMs = samples.at(-1)?.[0] ?? this.lastSampleMs;
    // The weather of a scenario changes by itself: it is looked at whenever a second is over.
    const weather = samples.length > 0 ? this.newWeather() : null;
    return {
      type: 'tick',
      nowMs: watch.nowMs,
      ...(rows.length > 0 && { rows }),
      ...(gone.length > 0 && { gone }),
      ...(figures.length > 0 && { figures }),
      ...(events.length > 0 && { events }),
      ...(samples.length > 0 && { samples }),
      ...(weather !== null && { weather }),
    };
  }

  private newFigures(): { figures: Figures[]; events: ConsoleEvent[] } {
    const { open } = this.parts.watch;
    const figures: Figures[] = [];
    const senders = new Map<string, number>();
    for (let left = Math.min(open.size, MAX_COMPARED); left > 0; left--) {
      const session = this.nextSession();
      if (session === null) break;
      const now = figuresOf(session);
      const { told } = session;
      if (now.every((figure, index) => figure === told[index])) continue;
      if (now[1] > told[1]) senders.set(session.info.id, now[1] - told[1]);
      session.told = now;
      figures.push(now);
    }
    return { figures, events: this.messageEvents(senders) };
  }

  /** One after the other, and from the first again. */
  private nextSession(): OpenSession | null {
    const { value, done } = this.turn.next();
    if (!done) return value;
    this.turn = this.parts.watch.open.values();
    return this.turn.next().value ?? null;
  }

  private messageEvents(senders: ReadonlyMap<string, number>): ConsoleEvent[] {
    const all = [...senders];
    const event = (id: string, text: string): ConsoleEvent => {
      return { number: NOT_KEPT, atMs: this.parts.watch.nowMs, kind: 'messages', id, text };
    };
    const named = all.slice(0, MAX_NAMED_SENDERS).map(([id, count]) => event(id, `sent ${messages(count)}`));
    const others = all.slice(MAX_NAMED_SENDERS);
    if (others.length === 0) return named;
    const sum = others.reduce((total, [, count]) => total + count, 0);
    return [...named, event('', `${others.length} more sent ${messages(sum)}`)];
  }

  /** null: as it was, or there is none. */
  private newWeather(): BoardWeather[] | null {
    const boards = this.parts.weather?.boards() ?? null;
    const text = JSON.stringify(boards);
    if (boards === null || text === this.lastWeather) return null;
    this.lastWeather = text;
    return boards;
  }

  private tellRest(page: Page): void {
    if (page.rest === null) return;
    const rows: Row[] = [];
    while (rows.length < MAX_ROWS) {
      const { value, done } = page.rest.next();
      if (done) {
        page.rest = null;
        break;
      }
      rows.push(this.parts.watch.rowOf(value));
    }
    if (rows.length > 0) this.tell(page, { type: 'rows', rows });
  }

  private pageOnMessage(page: Page, text: string): void {
    if (!page.bucket.take(this.parts.clock.now())) page.socket.close(POLICY_VIOLATION, 'too many requests');
    else this.tell(page, this.answer(readRequest(text)));
  }

  private answer(request: FromPage | string): ToPage {
    if (typeof request === 'string') return { type: 'failed', of: '', message: request };
    switch (request.type) {
      case 'history':
        return this.parts.watch.history(request.id) ?? { type: 'failed', of: 'history', message: `nothing is known of ${request.id}` };
      case 'netstat':
        return this.netstat(request.id);
      case 'weather':
        return this.changeWeather(request);
      case 'undo':
        return this.undoWeather();
      default:
        return this.operate(request.type, request.id);
    }
  }

  private netstat(id: string): ToPage {
    const failed = (message: string): ToPage => ({ type: 'failed', of: 'netstat', message });
    const { operations } = this.parts;
    if (operations === null) return failed(NEEDS_TOKEN);
    if (operations.netstat === undefined) return failed(NO_SIMULATION_HERE);
    const text = operations.netstat(id);
    return text === null ? failed(`${id} is no virtual board`) : { type: 'netstat', id, text };
  }

  private operate(of: OperationName, id: string): ToPage {
    const { operations, watch } = this.parts;
    if (operations === null) return { type: 'failed', of, message: NEEDS_TOKEN };
    const operate = operations[of];
    if (operate === undefined) return { type: 'failed', of, message: NO_SIMULATION_HERE };
    const { done, failed } = OPERATIONS[of];
    if (!operate(id)) return { type: 'failed', of, message: id === '' ? failed : `${id} ${failed}` };
    watch.note('operator', id, done);
    return { type: 'done', of, message: done };
  }

  private changeWeather({ ids, change }: Extract<FromPage, { type: 'weather' }>): ToPage {
    const { weather, watch } = this.parts;
    if (weather === null) return NO_SIMULATION;
    if (!weather.change(ids, change)) return { type: 'failed', of: 'weather', message: 'expected ids of virtual boards' };
    const whose = ids === null ? 'all boards: ' : ids.length > 1 ? `${ids.length} boards: ` : '';
    watch.note('weather', ids?.length === 1 ? ids[0] : '', `${whose}${weatherWords(change)}`);
    return { type: 'tick', nowMs: watch.nowMs, weather: weather.boards() };
  }

  /** How the links are now comes with the next tick. */
  private undoWeather(): ToPage {
    const { weather, watch } = this.parts;
    if (weather === null) return NO_SIMULATION;
    const boards = weather.undo();
    const message = boards === 0 ? 'nothing to undo' : `undone on ${boards === 1 ? '1 board' : `${boards} boards`}`;
    if (boards > 0) watch.note('weather', '', message);
    return { type: 'done', of: 'undo', message };
  }

  private tell(page: Page, message: ToPage): void {
    this.send(page, JSON.stringify(message));
  }

  private send({ socket }: Page, text: string): void {
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
    else socket.send(text);
  }
}

function weatherWords({ lossRate, latencyMs, blackhole }: WeatherChange): string {
  const words: string[] = [];
  if (lossRate !== undefined) words.push(`${Math.round(lossRate * 1_000) / 10} % loss`);
  if (latencyMs !== undefined) words.push(`latency ${latencyMs} ms`);
  if (blackhole !== undefined) words.push(blackhole ? 'black hole' : 'no black hole');
  return words.join(', ');
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
