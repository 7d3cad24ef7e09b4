/** The pins of one board: levels from inside and outside, the trace of what it drives, and who watches. */
import type { Gpio, Level } from 'hal';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Trace } from '../../kernel/trace.ts';

export type PinListener = (pin: number, level: Level) => void;

export class Pins implements Gpio {
  private readonly kernel: Timeline;
  private readonly trace: Trace;
  private readonly board: number;
  /** What it drives... */
  private levels: Level[] = [];
  /** ...and what others do, whatever becomes of the board. */
  private readonly inputs: Level[] = [];
  private awaited: { pin: number; level: Level; act: () => void } | null = null;
  private listener: PinListener | null = null;

  constructor(kernel: Timeline, trace: Trace, board: number) {
    this.kernel = kernel;
    this.trace = trace;
    this.board = board;
  }

  write(pin: number, level: Level): void {
    this.levels[pin] = level;
    this.trace.recordPin(this.kernel.nowUs, this.board, pin, level);
    if (this.listener !== null) this.listener(pin, level);
  }

  read(pin: number): Level {
    return this.levels[pin] ?? this.inputs[pin] ?? 0;
  }

  watch(listener: PinListener | null): void {
    this.listener = listener;
  }

  /** Somebody outside drives it; what the board drives itself stays as it is. */
  drive(pin: number, level: Level): void {
    this.inputs[pin] = level;
    this.heed();
  }

  /** Acts once, as soon as others give a pin this level, or at once when it has it. A reset ends the wait. */
  awaitLevel(pin: number, level: Level, act: () => void): void {
    this.awaited = { pin, level, act };
    this.heed();
  }

  reset(): void {
    this.levels = [];
    this.awaited = null;
  }

  private heed(): void {
    const { awaited } = this;
    if (awaited === null || (this.inputs[awaited.pin] ?? 0) !== awaited.level) return;
    this.awaited = null;
    awaited.act();
  }
}
