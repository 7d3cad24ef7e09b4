/** Resets and sleep of the backend in memory. A boot takes no time. */
import type { Level, ResetReason } from '../index.ts';
import { checkDeepSleep, checkLightSleep, checkWatchdog } from '../limits.ts';
import { BoardStopped } from '../stopped.ts';

interface MemoryResetParts {
  later(delayMs: number, run: () => void): number;
  forget(timer: number): void;
  /** All that a reset takes. */
  lose(): void;
  /** No timer before so long. */
  hold(ms: number): void;
  awaitLevel(pin: number, level: Level, act: () => void): void;
}

export class MemoryResets {
  reason: ResetReason = 'power_on';
  boots = 1;
  private readonly parts: MemoryResetParts;
  private watchdogMs = 0;
  private dog = 0;

  constructor(parts: MemoryResetParts) {
    this.parts = parts;
  }

  restart(): void {
    this.boot('restart');
    throw new BoardStopped();
  }

  watchdog(ms: number): void {
    checkWatchdog(ms);
    this.watchdogMs = ms;
    this.feed();
  }

  feed(): void {
    if (this.watchdogMs === 0) return;
    this.parts.forget(this.dog);
    this.dog = this.parts.later(this.watchdogMs, () => this.boot('watchdog'));
  }

  deepSleep(ms: number, wakePin?: number, wakeLevel: Level = 0): void {
    checkDeepSleep(ms, wakePin);
    this.parts.lose();
    this.watchdogMs = 0;
    if (ms > 0) this.parts.later(ms, () => this.boot('deep_sleep'));
    if (wakePin !== undefined) this.parts.awaitLevel(wakePin, wakeLevel, () => this.boot('deep_sleep'));
    throw new BoardStopped();
  }

  lightSleep(ms: number, done: () => void): void {
    checkLightSleep(ms);
    this.parts.hold(ms);
    this.parts.later(ms, done);
  }

  private boot(reason: ResetReason): void {
    this.parts.lose();
    this.watchdogMs = 0;
    this.reason = reason;
    this.boots++;
  }
}
