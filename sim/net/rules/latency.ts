/**
 * A fixed one-way delay, and a uniform variation around it. The direction that asks keeps packets in order
 * whatever the variation says.
 */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import type { LinkRule } from '../link/link-rule.ts';
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

export const latency = {
  place: 'delay',
  settings: {
    latencyMs: {
      key: 'latency',
      flag: 'latency',
      about: 'One-way delay',
      field: duration(0, MAX_DELAY_MS),
      default: 10,
      /** From the same room to a geostationary satellite. */
      draw: (draw) => draw.duration(1, 300),
    },
    jitterMs: {
      key: 'jitter',
      flag: 'jitter',
      about: 'Variation of the delay, up and down',
      field: duration(0, MAX_DELAY_MS),
      default: 2,
      draw: (draw) => (draw.chance(0.5) ? draw.duration(1, 200) : '0ms'),
    },
  },
  describe: ({ latencyMs, jitterMs }) => {
    const value = `${formatDuration(latencyMs)}${jitterMs > 0 ? ` ± ${formatDuration(jitterMs)}` : ''}`;
    return { label: 'Delay', value, clause: `delays each packet by ${value}` };
  },
  create: ({ latencyMs, jitterMs }, { stream }) => ({
    up: new Latency(latencyMs, jitterMs, stream('jitter-up')),
    down: new Latency(latencyMs, jitterMs, stream('jitter-down')),
  }),
} as const satisfies LinkRule<{ latencyMs: number; jitterMs: number }>;
