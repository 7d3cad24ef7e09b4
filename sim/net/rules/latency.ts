/**
 * A fixed one-way delay, and a uniform variation around it. The direction that asks keeps packets in order
 * whatever the variation says.
 */
import { formatDuration } from 'host/units';
import type { Draw } from '../../kernel/draw.ts';
import { duration } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import { type LinkRule, onOneWay } from '../link/link-rule.ts';
import type { Rule } from '../link/rule.ts';

/** Longer delays than this are a dead link for every timer there is, ms. */
const MAX_DELAY_MS = 60_000;

export class Latency implements Rule {
  private readonly lowUs: number;
  private readonly spanUs: number;
  private readonly random: RandomStream;

  /**
   * @param latencyMs one way, at least 0 @param jitterMs half the width of the variation; delays never fall
   *   below 0
   */
  constructor(latencyMs: number, jitterMs: number, random: RandomStream) {
    this.lowUs = Math.max(0, latencyMs - jitterMs) * US_PER_MS;
    this.spanUs = (latencyMs + jitterMs) * US_PER_MS - this.lowUs;
    this.random = random;
  }

  judge(): number {
    return this.spanUs === 0 ? this.lowUs : this.lowUs + this.spanUs * this.random.next();
  }
}

const delayEachWay = {
  key: 'latency',
  flag: 'latency',
  about: 'One-way delay',
  field: duration(0, MAX_DELAY_MS),
  default: 10,
  /** From the same room to a geostationary satellite. */
  draw: (draw: Draw) => draw.duration(1, 300),
} as const;

const jitterEachWay = {
  key: 'jitter',
  flag: 'jitter',
  about: 'Variation of the delay, up and down',
  field: duration(0, MAX_DELAY_MS),
  default: 2,
  draw: (draw: Draw) => (draw.chance(0.5) ? draw.duration(1, 200) : '0ms'),
} as const;

export interface LatencySettings {
  latencyMs: number;
  jitterMs: number;
  latencyUpMs?: number;
  latencyDownMs?: number;
  jitterUpMs?: number;
  jitterDownMs?: number;
}

export const latency = {
  place: 'delay',
  settings: {
    latencyMs: delayEachWay,
    jitterMs: jitterEachWay,
    latencyUpMs: onOneWay('up', delayEachWay),
    latencyDownMs: onOneWay('down', delayEachWay),
    jitterUpMs: onOneWay('up', jitterEachWay),
    jitterDownMs: onOneWay('down', jitterEachWay),
  },
  describe: (settings) => {
    const { up, down } = waysOf(settings);
    if (up.words === down.words) return { label: 'Delay', value: up.words, clause: `delays each packet by ${up.words}` };
    return {
      label: 'Delay',
      value: `${up.words} up, ${down.words} down`,
      clause: `delays each packet by ${up.words} on the way up and ${down.words} on the way down`,
    };
  },
  create: (settings, { stream }) => {
    const { up, down } = waysOf(settings);
    return {
      up: new Latency(up.latencyMs, up.jitterMs, stream('jitter-up')),
      down: new Latency(down.latencyMs, down.jitterMs, stream('jitter-down')),
    };
  },
} as const satisfies LinkRule<LatencySettings>;

function waysOf({ latencyMs, jitterMs, latencyUpMs, latencyDownMs, jitterUpMs, jitterDownMs }: LatencySettings) {
  return {
    up: delayOf(latencyUpMs ?? latencyMs, jitterUpMs ?? jitterMs),
    down: delayOf(latencyDownMs ?? latencyMs, jitterDownMs ?? jitterMs),
  };
}

function delayOf(latencyMs: number, jitterMs: number) {
  return { latencyMs, jitterMs, words: `${formatDuration(latencyMs)}${jitterMs > 0 ? ` ± ${formatDuration(jitterMs)}` : ''}` };
}
