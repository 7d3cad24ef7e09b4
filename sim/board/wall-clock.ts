/**
 * A board's calendar: begins where the platform's does at power-on, survives a reset as the RTC does, and is
 * set by the firmware, by an SNTP server or from outside. It goes by the board's crystal, and over a deep
 * sleep by its slow clock.
 */
import type { WallClock } from 'hal';
import { parseHttpDate, WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';
import { timeOf, timeRequest } from '../net/sntp.ts';
import type { Packet } from '../net/wire/packet.ts';
import type { ClockRates } from './clock-drift.ts';

/**
 * Longest wait for a time server's answer, ms: RFC 4330 section 10 leaves it to clients, and lwIP's waits 15
 * s only to ask again.
 */
const ANSWER_MS = 5_000;

export interface WallClockParts {
  kernel: Timeline;
  /** What it says at power-on; null: what the world's says. */
  beginsMs: number | null;
  rates: ClockRates;
  /** Of the datagrams that are its own. */
  flow: number;
  isJoined: () => boolean;
  resolve: (host: string, done: (found: boolean) => void) => void;
  transmit: (packet: Packet) => void;
  /** Calls back when the CPU is free. */
  later: (callback: () => void) => void;
  /** Was set, and by whom. */
  onSet: (by: 'firmware' | 'sntp' | 'step', epochMs: number) => void;
}

export class BoardWallClock implements WallClock {
  private readonly parts: WallClockParts;
  /** What it says beyond the milliseconds of its crystal since the world began. */
  private offsetMs = 0;
  /** The question that waits for its answer; null when none does. */
  private pending: ((failure: string | null) => void) | null = null;

  constructor(parts: WallClockParts) {
    this.parts = parts;
  }

  powerOn(): void {
    const { beginsMs } = this.parts;
    this.offsetMs = beginsMs === null ? WORLD_EPOCH_MS + (this.worldMs - this.crystalMs) : beginsMs - this.crystalMs;
  }

  /** A reset: the question is forgotten, the time is not. */
  reset(): void {
    this.pending = null;
  }

  now(): number {
    return this.offsetMs + this.crystalMs;
  }

  set(epochMs: number): void {
    this.adjust('firmware', epochMs);
  }

  /** @param epochMs null: as at power-on */
  setByStep(epochMs: number | null): void {
    this.adjust('step', epochMs ?? this.parts.beginsMs ?? WORLD_EPOCH_MS + this.worldMs);
  }

  parse(date: string): number {
    return parseHttpDate(date) ?? 0;
  }

  synchronize(server: string, done: (failure: string | null) => void): void {
    const { kernel, isJoined, resolve, transmit, flow } = this.parts;
    const asked = (failure: string | null): void => this.parts.later(() => done(failure));
    this.pending = asked;
    const finish = (failure: string | null): void => {
      if (this.pending !== asked) return;
      this.pending = null;
      asked(failure);
    };
    if (!isJoined()) {
      kernel.schedule(kernel.nowUs, { onEvent: () => finish('no network') }, null); // never from within this call
      return;
    }
    resolve(server, (found) => {
      if (this.pending !== asked) return;
      if (!found) {
        finish(`no address for ${server}`);
        return;
      }
      transmit(timeRequest(flow));
      kernel.schedule(kernel.nowUs + usFromMs(ANSWER_MS), { onEvent: () => finish(`no answer from ${server}`) }, null);
    });
  }

  receive(packet: Packet): void {
    const { pending } = this;
    if (pending === null) return;
    this.pending = null;
    this.adjust('sntp', timeOf(packet));
    pending(null);
  }

  /** The board has slept deeply for so long of the world's time, which its slow clock has measured. */
  slept(ms: number): void {
    const { crystal, sleep } = this.parts.rates;
    this.offsetMs += ms * (sleep - crystal);
  }

  private get crystalMs(): number {
    return this.worldMs * this.parts.rates.crystal;
  }

  private get worldMs(): number {
    return msFromUs(this.parts.kernel.nowUs);
  }

  private adjust(by: 'firmware' | 'sntp' | 'step', epochMs: number): void {
    this.offsetMs = epochMs - this.crystalMs;
    this.parts.onSet(by, epochMs);
  }
}
