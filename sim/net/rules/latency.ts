/** A fixed one-way delay, and a uniform variation around it. The direction that asks keeps packets in order whatever the variation says. */
import type { RandomStream } from '../../kernel/random.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import type { Rule } from '../link/rule.ts';

export class Latency implements Rule {
  private readonly lowUs: number;
  private readonly spanUs: number;
  private readonly random: RandomStream;

  /** @param latencyMs one way, at least 0 @param jitterMs half the width of the variation; delays never fall below 0 */
  constructor(latencyMs: number, jitterMs: number, random: RandomStream) {
    this.lowUs = Math.max(0, latencyMs - jitterMs) * US_PER_MS;
    this.spanUs = (latencyMs + jitterMs) * US_PER_MS - this.lowUs;
    this.random = random;
  }

  judge(): number {
    return this.spanUs === 0 ? this.lowUs : this.lowUs + this.spanUs * this.random.next();
  }
}
