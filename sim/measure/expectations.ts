/**
 * What a scenario expects of its boards at a time: a state of the channel, a message, the level of a pin,
 * something that leaves by a serial port or gets into flash.
 *
 * An expectation begins at its step and must come true for every board it names before its time is over;
 * those of one kind end as one check, with the first board that failed in words. It judges what the board
 * knows: `channel.open` is true while the board believes so.
 */
import type { WorldEvent } from '../kernel/events.ts';
import { usFromMs } from '../kernel/units.ts';
import { seconds, Violations } from './checks/violations.ts';
import type { CheckResult } from './result.ts';

export const CHANNEL_EXPECTATIONS = ['channel.wifi', 'channel.tcp', 'channel.handshake', 'channel.open', 'channel.waiting'] as const;
export const MESSAGE_EXPECTATIONS = ['message.sent', 'message.received'] as const;
/** By what they are told in the world: bytes left by a serial port, a file got into flash. */
export const DEVICE_EXPECTATIONS = ['uart.sent', 'flash.write'] as const;
export const PIN_EXPECTATIONS = ['pin.high', 'pin.low', 'pin.pwm'] as const;

export type ExpectedThing = (
  | typeof CHANNEL_EXPECTATIONS
  | typeof MESSAGE_EXPECTATIONS
  | typeof DEVICE_EXPECTATIONS
  | typeof PIN_EXPECTATIONS
)[number];

export interface Expectation {
  what: ExpectedThing;
  /** For `pin.high`, `pin.low` and `pin.pwm`. */
  pin: number;
  /** For `pin.pwm`: the share of the time that it is high, 0 to 1, and the frequency, Hz; left out: any. */
  duty?: number;
  frequencyHz?: number;
  /** For `uart.sent`: what must be among the bytes; for `flash.write`: the file. '': any. */
  match: string;
  /** 0: now. */
  withinMs: number;
  /** As the check is called: the step in words. */
  name: string;
}

export interface ExpectationParts {
  boards: number;
  nowUs(): number;
  /** Calls back after so many ms of the world. */
  later(callback: () => void, ms: number): void;
  pinLevel(board: number, pin: number): 0 | 1;
  pwmOf(board: number, pin: number): { duty: number; frequencyHz: number } | null;
  watchPins(board: number, listener: ((pin: number, level: 0 | 1) => void) | null): void;
}

/** Of a timer of ten bits, at the coarsest. */
const DUTY_STEP = 1 / 1_024;

/** An expectation of one moment: the boards that it has not come true for. */
interface Pending extends Expectation {
  open: Set<number>;
}

export class Expectations {
  private readonly parts: ExpectationParts;
  private readonly channels: string[];
  private readonly results = new Map<string, Violations>();
  private pending: Pending[] = [];

  constructor(parts: ExpectationParts) {
    this.parts = parts;
    this.channels = new Array(parts.boards).fill('off');
  }

  begin(boards: readonly number[], expectation: Expectation): void {
    if (!this.results.has(expectation.name)) this.results.set(expectation.name, new Violations(expectation.name));
    const pending: Pending = { ...expectation, open: new Set(boards.filter((board) => !this.isTrue(board, expectation))) };
    if (expectation.withinMs === 0) this.expire(pending);
    else if (pending.open.size > 0) {
      this.pending.push(pending);
      this.watch(pending.open);
      this.parts.later(() => this.expire(pending), expectation.withinMs);
    }
  }

  on(event: WorldEvent): void {
    switch (event.event) {
      case 'channel.state':
        this.channels[event.board] = event.subject;
        this.comeTrue(event.board, ({ what }) => what === `channel.${event.subject}`);
        break;
      case 'board.off':
      case 'board.ended':
      case 'board.boot':
        this.channels[event.board] = 'off';
        break;
      case 'uart.sent':
        this.comeTrue(event.board, ({ what, match }) => what === event.event && event.detail.includes(match));
        break;
      case 'flash.write':
        if (event.detail !== '') break;
        this.comeTrue(event.board, ({ what, match }) => what === event.event && (match === '' || match === event.subject));
        break;
      case 'message.sent':
      case 'message.received':
        this.comeTrue(event.board, ({ what }) => what === event.event);
    }
  }

  finish(): CheckResult[] {
    const unfinished = new Set(this.pending.filter(({ open }) => open.size > 0).map(({ name }) => name));
    return [...this.results].map(([name, violations]) => violations.result(unfinished.has(name) ? 'not judged: the run ended before' : ''));
  }

  private isTrue(board: number, { what, pin, duty, frequencyHz }: Expectation): boolean {
    if (what === 'pin.pwm') {
      const pwm = this.parts.pwmOf(board, pin);
      return (
        pwm !== null &&
        (duty === undefined || Math.abs(pwm.duty - duty) <= DUTY_STEP) &&
        (frequencyHz ?? pwm.frequencyHz) === pwm.frequencyHz
      );
    }
    if (what === 'pin.high') return this.parts.pinLevel(board, pin) === 1;
    if (what === 'pin.low') return this.parts.pinLevel(board, pin) === 0;
    return what === `channel.${this.channels[board]}`;
  }

  private comeTrue(board: number, matches: (pending: Pending) => boolean): void {
    for (const pending of this.pending) if (matches(pending)) pending.open.delete(board);
  }

  private expire(pending: Pending): void {
    const { name, withinMs } = pending;
    this.pending = this.pending.filter((one) => one !== pending);
    const within = withinMs === 0 ? '' : ` within ${seconds(usFromMs(withinMs))}`;
    for (const board of pending.open) {
      const words = this.words(board, pending, within);
      this.results.get(name)?.add(this.parts.nowUs(), board, words);
    }
    this.watch(pending.open);
  }

  private words(board: number, { what, pin, match }: Expectation, within: string): string {
    const quoted = match === '' ? '' : ` ${JSON.stringify(match)}`;
    if (what === 'uart.sent') return `sent nothing${quoted === '' ? '' : ` with${quoted}`} by a serial port${within}`;
    if (what === 'flash.write') return `wrote no file${quoted}${within}`;
    if (what === 'pin.pwm') return `had no such pulses on pin ${pin}${within}`;
    if (what.startsWith('pin')) return `did not drive pin ${pin} ${what === 'pin.high' ? 'high' : 'low'}${within}`;
    const channel = `its channel was ${this.channels[board]}`;
    return what.startsWith('message') ? `had no ${what}${within}; ${channel}` : `was not ${what}${within}; ${channel}`;
  }

  /** Pins are watched only where one is expected: they change far more often than anything else. */
  private watch(boards: Iterable<number>): void {
    for (const board of boards) {
      const wanted = this.pending.some(({ what, open }) => what.startsWith('pin') && open.has(board));
      this.parts.watchPins(board, wanted ? (pin) => this.onPin(board, pin) : null);
    }
  }

  private onPin(board: number, pin: number): void {
    this.comeTrue(board, (pending) => pending.what.startsWith('pin') && pending.pin === pin && this.isTrue(board, pending));
  }
}
