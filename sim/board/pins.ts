/** The pins of one board: levels, the trace of their edges, and who watches them. */
import type { Gpio, Level } from 'hal';
import type { Timeline } from '../kernel/timeline.ts';
import type { Trace } from '../kernel/trace.ts';

export type PinListener = (pin: number, level: Level) => void;

export class Pins implements Gpio {
  private readonly kernel: Timeline;
  private readonly trace: Trace;
  private readonly board: number;
  private levels: Level[] = [];
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
    return this.levels[pin] ?? 0;
  }

  watch(listener: PinListener | null): void {
    this.listener = listener;
  }

  reset(): void {
    this.levels = [];
  }
}
