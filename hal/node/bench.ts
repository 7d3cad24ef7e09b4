/**
 * Pins, buses and ports of a computer that plays a board, in memory. What is connected to them stays when the
 * next board is put in the place of the last.
 */
import { performance } from 'node:perf_hooks';
import { Bench } from '../bench/bench.ts';
import { BenchPins } from '../bench/pins.ts';
import type { BenchTime } from '../bench/time.ts';
import type { Clock, Level } from '../index.ts';

export interface BenchListeners {
  /** Called after a pin was driven. */
  onPin?(pin: number, level: Level): void;
  /** Called with what the firmware sends to a serial port. */
  onUart?(port: number, bytes: string): void;
}

/** The board that lies there now. */
interface Seat extends BenchListeners {
  clock: Clock | null;
}

class NodePins extends BenchPins {
  private readonly seat: Seat;

  constructor(time: BenchTime, seat: Seat) {
    super(time);
    this.seat = seat;
  }

  override write(pin: number, level: Level): void {
    super.write(pin, level);
    this.seat.onPin?.(pin, level);
  }
}

export class NodeBench extends Bench {
  private readonly seat: Seat;

  constructor() {
    const seat: Seat = { clock: null };
    const time: BenchTime = {
      later: (delayMs, run) => seat.clock?.setTimeout(run, delayMs) ?? 0,
      forget: (timer) => seat.clock?.clearTimeout(timer),
      run: (handler) => void seat.clock?.setTimeout(handler, 0),
    };
    super({
      time,
      nowMs: () => performance.now(),
      pins: new NodePins(time, seat),
      onUart: (port, bytes) => seat.onUart?.(port, bytes),
    });
    this.seat = seat;
  }

  /** A board that has just booted is put there. */
  plug(clock: Clock, { onPin, onUart }: BenchListeners): void {
    this.reset();
    Object.assign(this.seat, { clock, onPin, onUart });
  }
}
