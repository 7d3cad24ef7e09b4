/**
 * Pins of a board that is made of no metal: what it drives, what others drive, pulls, and who watches. What
 * is outside outlives a reset of the board.
 */
import type { Edge, Gpio, Level, Pull } from '../gpio.ts';
import { checkDebounce, checkPwm } from '../limits.ts';
import type { BenchTime } from './time.ts';

export interface Pwm {
  duty: number;
  frequencyHz: number;
}

interface Watch {
  edge: Edge;
  debounceMs: number;
  handler: (level: Level) => void;
  /** What was told last, or was there at the beginning. */
  level: Level;
  timer: number;
}

export class BenchPins implements Gpio {
  private readonly time: BenchTime;
  /** What it drives... */
  private levels: (Level | undefined)[] = [];
  /** ...and what others do. */
  private readonly inputs: (Level | undefined)[] = [];
  private pulls: (Pull | undefined)[] = [];
  private readonly pulses = new Map<number, Pwm>();
  private readonly watches = new Map<number, Watch>();
  private awaited: { pin: number; level: Level; act: () => void } | null = null;

  constructor(time: BenchTime) {
    this.time = time;
  }

  write(pin: number, level: Level): void {
    this.levels[pin] = level;
    if (this.pulses.size > 0) this.pulses.delete(pin);
  }

  read(pin: number): Level {
    return this.levels[pin] ?? this.outside(pin);
  }

  pull(pin: number, to: Pull): void {
    this.makeInput(pin);
    this.pulls[pin] = to;
    this.heed(pin);
  }

  watch(pin: number, edge: Edge, debounceMs: number, handler: ((level: Level) => void) | null): void {
    checkDebounce(debounceMs);
    this.time.forget(this.watches.get(pin)?.timer ?? 0);
    this.watches.delete(pin);
    if (handler === null) return;
    this.makeInput(pin);
    this.watches.set(pin, { edge, debounceMs, handler, level: this.read(pin), timer: 0 });
  }

  pwm(pin: number, duty: number, frequencyHz: number): void {
    checkPwm(duty, frequencyHz);
    this.levels[pin] = duty === 1 ? 1 : 0;
    this.pulses.set(pin, { duty, frequencyHz });
  }

  /** The pulses that the board drives a pin with, or null. */
  pwmOf(pin: number): Pwm | null {
    return this.pulses.get(pin) ?? null;
  }

  /**
   * Somebody outside drives a pin; null: nobody does any more. What the board drives itself stays as it is.
   */
  drive(pin: number, level: Level | null): void {
    this.inputs[pin] = level ?? undefined;
    this.heed(pin);
  }

  /**
   * Acts once, as soon as a pin has this level from outside, or at once when it has it. A reset ends the
   * wait.
   */
  awaitLevel(pin: number, level: Level, act: () => void): void {
    this.awaited = { pin, level, act };
    this.heed(pin);
  }

  reset(): void {
    this.levels = [];
    this.pulls = [];
    this.pulses.clear();
    this.watches.clear();
    this.awaited = null;
  }

  private outside(pin: number): Level {
    return this.inputs[pin] ?? (this.pulls[pin] === 'up' ? 1 : 0);
  }

  private makeInput(pin: number): void {
    this.levels[pin] = undefined;
    this.pulses.delete(pin);
  }

  private heed(pin: number): void {
    const { awaited } = this;
    if (awaited !== null && awaited.pin === pin && this.outside(pin) === awaited.level) {
      this.awaited = null;
      awaited.act();
    }
    const watch = this.watches.get(pin);
    if (watch === undefined) return;
    this.time.forget(watch.timer);
    watch.timer = 0;
    if (this.read(pin) === watch.level) return;
    if (watch.debounceMs === 0) this.tell(pin, watch);
    else watch.timer = this.time.later(watch.debounceMs, () => this.tell(pin, watch, true));
  }

  /** @param onBoard it runs there already */
  private tell(pin: number, watch: Watch, onBoard = false): void {
    if (this.watches.get(pin) !== watch) return;
    watch.level = this.read(pin);
    const { edge, handler, level } = watch;
    if (edge !== 'both' && edge !== (level === 1 ? 'rising' : 'falling')) return;
    if (onBoard) handler(level);
    else this.time.run(() => this.watches.get(pin) === watch && handler(level));
  }
}
