/** Independent loss: every packet has the same chance, whatever happened to those before it. */
import type { RandomStream } from '../../kernel/random.ts';
import { DROP, type Rule } from '../link/rule.ts';

export class Loss implements Rule {
  private readonly rate: number;
  private readonly random: RandomStream;

  /** @param rate 0 to 1 */
  constructor(rate: number, random: RandomStream) {
    this.rate = rate;
    this.random = random;
  }

  judge(): number {
    return this.random.next() < this.rate ? DROP : 0;
  }
}
