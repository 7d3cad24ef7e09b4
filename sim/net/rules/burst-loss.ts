/**
 * Losses that come in bursts: Gilbert's model, a chain of two states that steps once per packet. In the bad
 * state every packet is lost, in the good one none; the transition rates give the wanted mean burst length
 * and overall loss. (Gilbert 1960; Elliott's extension, losses inside the good state, is not used.)
 */
import type { RandomStream } from '../../kernel/random.ts';
import { DROP, type Rule } from '../link/rule.ts';

export class BurstLoss implements Rule {
  private readonly enterRate: number;
  private readonly leaveRate: number;
  private readonly random: RandomStream;
  private bad: boolean;

  /**
   * @param rate overall loss, 0 to below 1
   * @param meanBurst mean length of a burst, packets, at least 1. Bursts are longer where one good packet
   *   between two of them is still too much for the rate.
   */
  constructor(rate: number, meanBurst: number, random: RandomStream) {
    const odds = rate / (1 - rate);
    this.leaveRate = 1 / Math.max(meanBurst, odds);
    this.enterRate = odds * this.leaveRate;
    this.random = random;
    this.bad = random.next() < rate;
  }

  judge(): number {
    this.bad = this.random.next() < (this.bad ? 1 - this.leaveRate : this.enterRate);
    return this.bad ? DROP : 0;
  }
}
