/**
 * A board that resets itself, watches itself or sleeps: what firmware asks of `hal.system` and `hal.power`.
 *
 * A deep sleep is a loss of power that a timer or a pin ends, with the calendar kept: RTC and flash go on. A
 * light sleep holds the CPU with its radio off. Not modelled: RTC memory, the time to fall asleep, and sleep
 * that the platform enters by itself between two beacons.
 */
import type { Level, Power, ResetReason, System } from 'hal';
import { checkDeepSleep, checkLightSleep, checkWatchdog } from 'hal/limits';
import { BoardStopped } from 'hal/stopped';
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { msFromUs, usFromMs } from '../../kernel/units.ts';
import type { SleepState } from '../activity.ts';
import type { Cpu } from '../cpu.ts';
import type { BoardLog } from '../log.ts';
import type { Pins } from '../peripherals/pins.ts';

/** Why the CPU is held, and the network lost. */
export const LIGHT_SLEEP = 'light_sleep';

export interface BoardPowerParts {
  timeline: Timeline;
  cpu: Cpu;
  gpio: Pins;
  say: BoardLog['say'];
  freeBytes: () => number;
  boot: (reason: ResetReason) => void;
  /** Everything but flash and calendar is lost. */
  lose: () => void;
  /** The radio is off, and all sockets with it. */
  leaveWifi: () => void;
  /** Does something later, unless a reset or the loss of power comes before. */
  inThisLife: (atUs: number, act: () => void) => void;
  onSleep: (state: SleepState) => void;
  /** Seconds of the slow clock for each of the world. */
  sleepRate: number;
  /** It has slept deeply for so long of the world's time. */
  onSlept: (ms: number) => void;
}

type Resets = Pick<System, 'restart' | 'resetReason' | 'watchdog' | 'feed' | 'freeMemory'>;

export class BoardPower implements Power, Resets {
  private readonly parts: BoardPowerParts;
  private reason: ResetReason = 'power_on';
  private watchdogUs = 0;
  /** Made when the first is set. */
  private dog: LazyTimer | null = null;

  constructor(parts: BoardPowerParts) {
    this.parts = parts;
  }

  /** @param reason of the boot that begins */
  reset(reason: ResetReason): void {
    this.reason = reason;
    this.watchdogUs = 0;
    this.dog?.disarm();
  }

  resetReason(): ResetReason {
    return this.reason;
  }

  restart(reason: string): void {
    this.stop(() => {
      this.parts.say('board.restart', '', reason, 0);
      this.parts.boot('restart');
    });
  }

  watchdog(ms: number): void {
    checkWatchdog(ms);
    this.watchdogUs = usFromMs(ms);
    this.dog ??= new LazyTimer(this.parts.timeline, () => this.bite());
    this.feed();
  }

  feed(): void {
    if (this.watchdogUs > 0) this.dog?.arm(this.parts.timeline.nowUs + this.watchdogUs);
  }

  /** The program does not go on. @param ms after which the platform's own watchdog resets the board */
  hang(ms: number): void {
    const { timeline } = this.parts;
    this.dog ??= new LazyTimer(timeline, () => this.bite());
    this.dog.arm(Math.min(this.dog.deadlineUs, timeline.nowUs + usFromMs(ms)));
  }

  freeMemory(): number {
    return this.parts.freeBytes();
  }

  deepSleep(ms: number, wakePin?: number, wakeLevel: Level = 0): void {
    checkDeepSleep(ms, wakePin);
    this.stop(() => {
      const { parts } = this;
      parts.say('board.sleep', 'deep', '', ms);
      parts.lose();
      this.dog?.disarm();
      parts.say('board.off', '', '', 0);
      parts.onSleep('deep');
      const fromUs = parts.timeline.nowUs;
      const wake = (): void => {
        parts.onSlept(msFromUs(parts.timeline.nowUs - fromUs));
        parts.boot('deep_sleep');
      };
      if (ms > 0) parts.inThisLife(fromUs + Math.ceil(usFromMs(ms) / parts.sleepRate), wake);
      // Not from within whoever drives the pin.
      if (wakePin !== undefined) parts.gpio.awaitLevel(wakePin, wakeLevel, () => parts.inThisLife(parts.timeline.nowUs, wake));
    });
  }

  lightSleep(ms: number, done: () => void): void {
    checkLightSleep(ms);
    const { cpu, timeline, inThisLife, leaveWifi, onSleep, say } = this.parts;
    const fromUs = cpu.freeAtUs;
    cpu.block(LIGHT_SLEEP);
    inThisLife(fromUs, () => {
      say('board.sleep', 'light', '', ms);
      leaveWifi();
      onSleep('light');
      inThisLife(timeline.nowUs + usFromMs(ms), () => {
        onSleep('awake');
        cpu.run({ execute: done });
        cpu.unblock();
      });
    });
  }

  /** Runs nothing more of the firmware, and acts when the running handler would have been over. */
  private stop(act: () => void): never {
    const { cpu, inThisLife } = this.parts;
    inThisLife(cpu.freeAtUs, act);
    cpu.halt();
    throw new BoardStopped();
  }

  private bite(): void {
    this.parts.say('board.watchdog', '', '', 0);
    this.parts.boot('watchdog');
  }
}
