/**
 * Reads a relay's recording line by line into what it tells of each board and of the relay itself. Knows
 * nothing of files, and nothing of links.
 *
 * A recording may hold several lives of a relay, each with a header. Where one ends without a word, the relay
 * was killed at the last thing it wrote. A first or last line that is not whole is where the recording was
 * cut; any other is the user's to look at. Without the header at its beginning whoever is heard of is taken
 * to have been connected.
 */

import { shown } from 'host/shown';
import { SECOND_MS } from 'host/units';
import { UsageError } from 'host/user-error';
import { MAX_BOARDS } from '../scenario/settings.ts';
import { BoardTrail } from './board-trail.ts';
import { type FieldEvent, type FieldHeader, readFieldLine } from './field-line.ts';
import type { End } from './packets/client.ts';
import type { Side } from './packets/side.ts';

/**
 * From power to the first session, ms: a virtual board starts, joins Wi-Fi and connects in 2.3 to 3.8 s. Time
 * is counted from so long before the first client, since what a relay does alone is nothing to play.
 */
export const POWER_UP_MS = 3_000;
/** Each ping's round trip is kept: some 100 MB of them. A relay's largest file has as many lines. */
const MAX_EVENTS = 15_000_000;

export interface RelayDowntime {
  fromMs: number;
  toMs: number;
}

/** What one end says, of messages in the middle: half of them are longer, or farther apart. */
export interface TrafficFigures {
  messages: number;
  /** null: there was none, or TLS hides them. */
  bytes: number | null;
  periodMs: number | null;
  pingPeriodMs: number | null;
}

/** Of a board, in the order of `boards`. */
export interface ClientFigures {
  address: string;
  isTls: boolean;
  sessions: number;
  /** How its last session ended; null: it did not. */
  end: End | null;
  sends: TrafficFigures;
  gets: TrafficFigures;
}

/** What a capture of packets tells besides. */
export interface CaptureFacts {
  /** The end at which it was made, */
  near: Side;
  /** or nearer to which. */
  isBetween: boolean;
  servers: string[];
  packets: number;
  clients: ClientFigures[];
  /** What it does not show, in sentences. */
  blindSpots: string[];
}

export interface FieldRecording {
  file: string;
  /** As a scenario file writes it; not checked yet. Undefined: the only header is cut off. */
  relay: unknown;
  /** Of a scenario's `boards`, what the recording shows. */
  boardSettings: Record<string, string>;
  /**
   * What the wall clock showed at its time 0, just before the first client came; ms since 1970. null: the
   * header at its beginning is cut off.
   */
  epochMs: number | null;
  /** To its end, or to when the last board had left; whole seconds. */
  durationMs: number;
  /** How long the relay was recorded alone, after all boards had left. */
  aloneMs: number;
  /** In the order in which they were first seen; `board-1` will play the first. */
  boards: BoardTrail[];
  downtimes: RelayDowntime[];
  events: number;
  /** Of these, messages of boards to the relay. */
  messages: number;
  /** It ends without the relay's own end: cut off, killed, or still being written. */
  isCut: boolean;
  /** null: a relay's own recording. */
  capture: CaptureFacts | null;
}

interface Line {
  number: number;
  text: string;
}

export function readFieldRecording(file: string, lines: Iterable<Line>): FieldRecording {
  const reader = new FieldReader(file);
  let damaged: string | null = null;
  for (const { number, text } of lines) {
    if (damaged !== null) throw new UsageError(damaged);
    const line = readFieldLine(text);
    if (line === null && number === 1) reader.beginIsCut();
    else if (line === null)
      damaged = `${file}:${number}: expected an event such as {"t":1234.567,"board":"board-1","event":"ws.open"}, got ${shown(text)}`;
    else reader.take(line, number);
  }
  return reader.finish(damaged !== null);
}

class FieldReader {
  private readonly file: string;
  private readonly trails = new Map<string, BoardTrail>();
  private readonly downtimes: RelayDowntime[] = [];
  /** The first header; null before it comes, and it may not come. */
  private first: FieldHeader | null = null;
  private hasBegin = true;
  private events = 0;
  private messages = 0;
  /** Of the header above, and of the last line, in the recording's time. */
  private headerMs = 0;
  private atMs = 0;
  /** What the wall clock showed at its time 0. */
  private epochMs = 0;
  private isRelayUp = false;

  constructor(file: string) {
    this.file = file;
  }

  /** The first line was not whole. */
  beginIsCut(): void {
    this.hasBegin = false;
  }

  take(line: FieldHeader | FieldEvent, number: number): void {
    if (line.kind === 'header') this.takeHeader(line);
    else this.takeEvent(line, number);
  }

  /** @param isDamaged the last line was not whole */
  finish(isDamaged: boolean): FieldRecording {
    const boards = [...this.trails.values()];
    if (boards.length === 0) throw new UsageError(`${this.file}: no client had connected yet; there is nothing to play`);
    for (const trail of boards) trail.finish(this.atMs);
    const endMs = lastLeftMs(boards) ?? this.atMs;
    return {
      file: this.file,
      relay: this.first?.relay,
      boardSettings: {},
      epochMs: this.hasBegin ? this.epochMs : null,
      durationMs: Math.max(1, Math.ceil(endMs / SECOND_MS)) * SECOND_MS,
      aloneMs: this.atMs - endMs,
      boards,
      downtimes: this.downtimes.filter(({ fromMs }) => fromMs < endMs),
      events: this.events,
      messages: this.messages,
      isCut: isDamaged || this.isRelayUp,
      capture: null,
    };
  }

  private takeHeader(header: FieldHeader): void {
    const isFirst = this.first === null && this.events === 0;
    // What was cut off has no header: how long the relay then was away is not known.
    if (this.first === null) this.epochMs = header.epochMs - this.atMs;
    this.first ??= header;
    // A wall clock that was set back between two lives of the relay must not turn the recording's time round.
    const startMs = Math.max(this.atMs, header.epochMs - this.epochMs);
    if (!isFirst && !header.continues) {
      for (const trail of this.trails.values()) trail.relayEnded(this.atMs);
      this.downtimes.push({ fromMs: this.atMs, toMs: startMs });
    }
    this.headerMs = startMs;
    this.atMs = startMs;
    this.isRelayUp = true;
  }

  private takeEvent(event: FieldEvent, number: number): void {
    if (this.first === null && this.events === 0) {
      this.hasBegin = false;
      this.isRelayUp = true;
    }
    if (this.trails.size === 0 && event.board !== '') this.beginBefore(event.t);
    const atMs = this.headerMs + event.t;
    if (atMs < this.atMs) throw new UsageError(`${this.file}:${number}: t: expected no less than in the line before, got ${event.t}`);
    if (++this.events > MAX_EVENTS) throw new UsageError(`${this.file}:${number}: expected at most ${MAX_EVENTS} events in one recording`);
    this.atMs = atMs;
    if (event.event === 'received') this.messages++;
    if (event.event === 'relay-down') this.isRelayUp = false;
    else if (event.event !== 'other') tell(this.trailOf(event, number), event, atMs);
  }

  /** The first client comes, t after the header above: that is POWER_UP_MS of the recording's time. */
  private beginBefore(t: number): void {
    const shiftMs = POWER_UP_MS - t - this.headerMs;
    this.headerMs += shiftMs;
    this.atMs = 0;
    this.epochMs -= shiftMs;
    this.downtimes.length = 0;
  }

  private trailOf({ board: id, event }: FieldEvent, number: number): BoardTrail {
    let trail = this.trails.get(id);
    if (trail === undefined) {
      if (this.trails.size === MAX_BOARDS)
        throw new UsageError(`${this.file}:${number}: expected at most ${MAX_BOARDS} different ids in one recording`);
      trail = new BoardTrail(id);
      this.trails.set(id, trail);
      // It came before the recording's beginning was cut off.
      if (this.first === null && event !== 'opened' && event !== 'refused') trail.opened(this.atMs, true);
    }
    return trail;
  }
}

/** null: some board was there to the end, or an outage has outlasted those that left. */
export function lastLeftMs(boards: readonly BoardTrail[]): number | null {
  if (boards.some(({ isOpen }) => isOpen)) return null;
  const lastMs = Math.max(...boards.map(({ leftMs }) => leftMs ?? Number.NEGATIVE_INFINITY));
  const isOutlasted = boards.some(({ absences }) => absences.some(({ fromMs, toMs }) => toMs === null && fromMs > lastMs));
  return lastMs === Number.NEGATIVE_INFINITY || isOutlasted ? null : lastMs;
}

function tell(trail: BoardTrail, event: FieldEvent, atMs: number): void {
  switch (event.event) {
    case 'opened':
      trail.opened(atMs, event.continued);
      break;
    case 'refused':
      trail.refused(atMs);
      break;
    case 'closed':
      trail.closed(atMs, event.cause, event.code);
      break;
    case 'pinged':
      trail.pinged(atMs);
      break;
    case 'received':
    case 'heard':
      trail.heard(atMs);
      break;
    case 'ponged':
      trail.ponged(atMs, event.rttMs);
      break;
  }
}
