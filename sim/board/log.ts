/**
 * What a board says: events of the world under its own index, with the connection they belong to. What its
 * firmware logs is a part of that.
 */
import type { Log } from 'hal';
import { type Emit, EVENT_CODES, type EventName } from '../kernel/events.ts';

/**
 * Of an error's message, which may quote what a stranger sent: the rest is cut, and nothing in it moves a
 * terminal's cursor.
 */
const ERROR_CHARACTERS_MAX = 200;

export class BoardLog implements Log {
  private readonly board: number;
  private readonly net: { readonly connection: number };
  private readonly memory: { onMessage(event: string, bytes: number): void };
  private readonly emit: Emit;

  /** @param net whose newest connection events belong to @param memory that messages take */
  constructor(board: number, net: { readonly connection: number }, memory: { onMessage(event: string, bytes: number): void }, emit: Emit) {
    this.board = board;
    this.net = net;
    this.memory = memory;
    this.emit = emit;
  }

  line(text: string): void {
    this.say('board.log', '', text, 0);
  }

  event(name: string, subject: string, detail: string, value: number): void {
    this.memory.onMessage(name, value);
    if (EVENT_CODES.has(name as EventName)) this.say(name as EventName, subject, detail, value);
    else this.line(`${name} ${subject} ${detail} ${value}`);
  }

  say(event: EventName, subject: string, detail: string, value: number): void {
    this.emit(event, this.board, this.net.connection, subject, detail, value);
  }
}

/** What is thrown need not be an error: Espruino's engine itself throws strings and plain objects. */
export function messageOf(error: unknown): string {
  try {
    const isObject = typeof error === 'object' && error !== null;
    const message = isObject && 'message' in error ? error.message : isObject ? JSON.stringify(error) : error;
    return String(message)
      .replace(/\p{Cc}/gu, ' ')
      .slice(0, ERROR_CHARACTERS_MAX);
  } catch {
    return 'something that has no text';
  }
}
