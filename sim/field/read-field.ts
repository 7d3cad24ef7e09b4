/**
 * Reads a relay's recording line by line into what it tells of each board and of the relay itself. Knows nothing of files, and nothing of links.
 *
 * A recording may hold several lives of a relay, each with a header. Where one ends without a word, the relay was killed at the last thing it wrote. A last line
 * that is not whole is where the recording was cut; any other is the user's to look at.
 */
import { UsageError } from 'relay/usage';
import { MAX_BOARDS } from '../scenario/settings.ts';
import { BoardTrail } from './board-trail.ts';
import { type FieldEvent, type FieldHeader, readFieldLine } from './field-line.ts';

/** Each ping's round trip is kept: some 100 MB of them. A relay's largest file has as many lines. */
const MAX_EVENTS = 15_000_000;

export interface RelayDowntime {
  fromMs: number;
  toMs: number;
}

export interface FieldRecording {
  file: string;
  /** As a scenario file writes it; not checked yet. */
  relay: unknown;
  /** What the wall clock showed when it began, ms since 1970. */
  epochMs: number;
  durationMs: number;
  /** In the order in which they were first seen; `board-1` will play the first. */
  boards: BoardTrail[];
  downtimes: RelayDowntime[];
  events: number;
  /** Of these, messages of boards to the relay. */
  messages: number;
  /** It ends without the relay's own end: cut off, killed, or still being written. */
  isCut: boolean;
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
    if (line === null)
      damaged = `${file}:${number}: expected an event such as {"t":1234.567,"board":"board-1","event":"ws.open"}, got ${shown(text)}`;
    else reader.take(line, number);
  }
  return reader.finish(damaged !== null);
}

class FieldReader {
  readonly #file: string;
  readonly #trails = new Map<string, BoardTrail>();
  readonly #downtimes: RelayDowntime[] = [];
  #first: FieldHeader | null = null;
  #events = 0;
  #messages = 0;
  /** Of the header above, and of the last line, since the recording began. */
  #headerMs = 0;
  #atMs = 0;
  #isRelayUp = false;

  constructor(file: string) {
    this.#file = file;
  }

  take(line: FieldHeader | FieldEvent, number: number): void {
    if (line.kind === 'header') this.#takeHeader(line);
    else this.#takeEvent(line, number);
  }

  /** @param isDamaged the last line was not whole */
  finish(isDamaged: boolean): FieldRecording {
    const boards = [...this.#trails.values()];
    if (this.#first === null || boards.length === 0)
      throw new UsageError(`${this.#file}: no client had connected yet; there is nothing to play`);
    for (const trail of boards) trail.finish(this.#atMs);
    return {
      file: this.#file,
      relay: this.#first.relay,
      epochMs: this.#first.epochMs,
      durationMs: Math.max(1, Math.ceil(this.#atMs)),
      boards,
      downtimes: this.#downtimes,
      events: this.#events,
      messages: this.#messages,
      isCut: isDamaged || this.#isRelayUp,
    };
  }

  #takeHeader(header: FieldHeader): void {
    this.#first ??= header;
    // A wall clock that was set back between two lives of the relay must not turn the recording's time round.
    const startMs = Math.max(this.#atMs, header.epochMs - this.#first.epochMs);
    if (header !== this.#first && !header.continues) {
      for (const trail of this.#trails.values()) trail.relayEnded(this.#atMs);
      this.#downtimes.push({ fromMs: this.#atMs, toMs: startMs });
    }
    this.#headerMs = startMs;
    this.#atMs = startMs;
    this.#isRelayUp = true;
  }

  #takeEvent(event: FieldEvent, number: number): void {
    const atMs = this.#headerMs + event.t;
    if (atMs < this.#atMs) throw new UsageError(`${this.#file}:${number}: t: expected no less than in the line before, got ${event.t}`);
    if (++this.#events > MAX_EVENTS)
      throw new UsageError(`${this.#file}:${number}: expected at most ${MAX_EVENTS} events in one recording`);
    this.#atMs = atMs;
    if (event.event === 'received') this.#messages++;
    if (event.event === 'relay-down') this.#isRelayUp = false;
    else if (event.event !== 'other') tell(this.#trailOf(event.board, number), event, atMs);
  }

  #trailOf(id: string, number: number): BoardTrail {
    let trail = this.#trails.get(id);
    if (trail === undefined) {
      if (this.#trails.size === MAX_BOARDS)
        throw new UsageError(`${this.#file}:${number}: expected at most ${MAX_BOARDS} different ids in one recording`);
      trail = new BoardTrail(id, this.#atMs);
      this.#trails.set(id, trail);
    }
    return trail;
  }
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

const MAX_SHOWN_CHARACTERS = 60;

function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text);
}
