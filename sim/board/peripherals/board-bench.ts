/**
 * The bench that a virtual board lies on: transfers hold its CPU for as long as their bits take, and what it
 * sends is told.
 */
import { Bench } from 'hal/bench/bench';
import type { BenchTime } from 'hal/bench/time';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Trace } from '../../kernel/trace.ts';
import { msFromUs } from '../../kernel/units.ts';
import type { BoardClock } from '../clock.ts';
import type { Cpu } from '../cpu.ts';
import type { BoardLog } from '../log.ts';
import { Pins } from './pins.ts';

const US_PER_S = 1_000_000;
/** Of what a serial port carries, in the trace. */
const SHOWN_CHARACTERS_MAX = 200;

export interface BoardBenchParts {
  index: number;
  timeline: Timeline;
  trace: Trace;
  clock: BoardClock;
  cpu: Cpu;
  say: BoardLog['say'];
}

export class BoardBench extends Bench {
  declare readonly pins: Pins;

  constructor({ index, timeline, trace, clock, cpu, say }: BoardBenchParts) {
    const time: BenchTime = {
      later: (delayMs, run) => clock.setTimeout(run, delayMs),
      forget: (timer) => clock.clearTimeout(timer),
      run: (handler) => void cpu.run({ execute: handler }),
    };
    super({
      time,
      nowMs: () => msFromUs(timeline.nowUs),
      pins: new Pins(time, timeline, trace, index),
      onUart: (port, bytes) => say('uart.sent', String(port), shown(bytes), bytes.length),
      onBits: (bits, bitrateHz) => cpu.charge(Math.ceil((bits * US_PER_S) / bitrateHz), 'bus'),
    });
  }
}

function shown(bytes: string): string {
  return bytes.replace(/\p{Cc}/gu, ' ').slice(0, SHOWN_CHARACTERS_MAX);
}
