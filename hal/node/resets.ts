/**
 * A computer that plays a board's resets: the board is switched off, and whoever made it is asked for the
 * next one, after a sleep not before its time.
 */
import { freemem } from 'node:os';
import type { Level, Log, Power, ResetReason, System, TimerId } from '../index.ts';
import { checkDeepSleep, checkLightSleep, checkWatchdog } from '../limits.ts';
import { BoardStopped } from '../stopped.ts';
import type { NodeClock } from './clock.ts';

type Resets = Pick<System, 'restart' | 'resetReason' | 'watchdog' | 'feed' | 'freeMemory'>;

export interface ResetParts {
  clock: NodeClock;
  log: Log;
  /** Why the board has booted. */
  reason: ResetReason;
  /** Switches the board off. */
  switchOff: () => void;
  /** Acts when a pin has this level. */
  awaitLevel: (pin: number, level: Level, act: () => void) => void;
  /** The board is to boot now. */
  onReset: (reason: ResetReason) => void;
}

export class NodeResets implements Resets, Power {
  private readonly parts: ResetParts;
  private watchdogMs = 0;
  private watchdogTimer: TimerId = 0;
  /** When a board that is off boots. */
  private alarm: NodeJS.Timeout | undefined;

  constructor(parts: ResetParts) {
    this.parts = parts;
  }

  restart(reason: string): void {
    this.parts.log.line(`restart: ${reason}`);
    this.parts.switchOff();
    this.alarm = setTimeout(() => this.boot('restart'), 0);
    throw new BoardStopped();
  }

  resetReason(): ResetReason {
    return this.parts.reason;
  }

  watchdog(ms: number): void {
    checkWatchdog(ms);
    this.watchdogMs = ms;
    this.feed();
  }

  feed(): void {
    const { clock } = this.parts;
    if (this.watchdogMs === 0) return;
    clock.clearTimeout(this.watchdogTimer);
    this.watchdogTimer = clock.setTimeout(() => {
      this.parts.log.line('reset by the watchdog');
      this.parts.switchOff();
      this.boot('watchdog');
    }, this.watchdogMs);
  }

  freeMemory(): number {
    return freemem();
  }

  deepSleep(ms: number, wakePin?: number, wakeLevel: Level = 0): void {
    checkDeepSleep(ms, wakePin);
    this.parts.switchOff();
    if (ms > 0) this.alarm = setTimeout(() => this.boot('deep_sleep'), Math.ceil(ms) + 1);
    if (wakePin !== undefined) this.parts.awaitLevel(wakePin, wakeLevel, () => this.boot('deep_sleep'));
    throw new BoardStopped();
  }

  lightSleep(ms: number, done: () => void): void {
    checkLightSleep(ms);
    this.parts.clock.hold(ms, done);
  }

  /** No boot comes any more. */
  cancel(): void {
    clearTimeout(this.alarm);
  }

  private boot(reason: ResetReason): void {
    this.cancel();
    this.parts.onReset(reason);
  }
}
