/** The pins of one board, with the trace of what it drives, and who listens. */
import type { Level } from 'hal';
import { BenchPins } from 'hal/bench/pins';
import type { BenchTime } from 'hal/bench/time';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Trace } from '../../kernel/trace.ts';

export type PinListener = (pin: number, level: Level) => void;

export class Pins extends BenchPins {
  private readonly kernel: Timeline;
  private readonly trace: Trace;
  private readonly board: number;
  private listener: PinListener | null = null;

  constructor(time: BenchTime, kernel: Timeline, trace: Trace, board: number) {
    super(time);
    this.kernel = kernel;
    this.trace = trace;
    this.board = board;
  }

  override write(pin: number, level: Level): void {
    super.write(pin, level);
    this.trace.recordPin(this.kernel.nowUs, this.board, pin, level);
    if (this.listener !== null) this.listener(pin, level);
  }

  override pwm(pin: number, duty: number, frequencyHz: number): void {
    super.pwm(pin, duty, frequencyHz);
    if (this.listener !== null) this.listener(pin, this.read(pin));
  }

  /** Who hears of what the board drives; null: nobody any more. */
  listen(listener: PinListener | null): void {
    this.listener = listener;
  }
}
