/**
 * Rules one behind the other: delays add up, the first drop wins. Its last act is to keep the order of
 * packets, whatever the delays say; what shall arrive out of order is reordered by a hop behind it.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Packet } from '../wire/packet.ts';
import type { LossReason } from '../wire/packet-tap.ts';
import type { Taker } from './hop.ts';
import { DROP, type Rule } from './rule.ts';

const NO_NAMES: ReadonlyMap<unknown, string> = new Map();

export class RuleChain implements Rule {
  private readonly timeline: Timeline;
  /** When the latest packet leaves, µs. */
  lastLeavesUs = 0;
  rules: readonly Rule[] = [];
  /** What a loss at each rule is called; '' of those that are not in it. */
  names: ReadonlyMap<unknown, string> = NO_NAMES;
  /** The rule that lost the last packet that was lost here. */
  private loser: Rule | null = null;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  /** Takes a packet that gets here at `atUs`, now or later. */
  sendAt(packet: Packet, atUs: number, next: Taker): void {
    const delayUs = this.judge(packet, atUs);
    if (delayUs !== DROP) this.release(packet, atUs + delayUs, next);
    else next.lose?.(packet, this.lossReason);
  }

  judge(packet: Packet, nowUs: number): number {
    let delayUs = 0;
    const { rules } = this;
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      const more = rule.judge(packet, nowUs + delayUs);
      if (more === DROP) {
        this.loser = rule;
        return DROP;
      }
      delayUs += more;
    }
    return Math.round(delayUs);
  }

  /** Of the last packet that was lost here. */
  get lossReason(): LossReason {
    return `rule.${this.names.get(this.loser) ?? ''}`;
  }

  /** The packet leaves at `atUs`, or with the one before it if that leaves later. */
  release(packet: Packet, atUs: number, next: Handler): void {
    this.lastLeavesUs = Math.max(this.lastLeavesUs, atUs);
    this.timeline.schedule(this.lastLeavesUs, next, packet);
  }
}
