import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import { DROP } from '../link/rule.ts';
import { Loss } from './loss.ts';

const PACKETS = 100_000;

function dropsOf(rate: number): boolean[] {
  const rule = new Loss(rate, new RandomStreams(1).stream('loss'));
  return Array.from({ length: PACKETS }, () => rule.judge() === DROP);
}

function share(flags: boolean[]): number {
  return flags.filter(Boolean).length / flags.length;
}

describe('independent loss', () => {
  it.for([0.01, 0.1, 0.5])('drops its rate of the packets: %d', (rate) => {
    const fourSigma = 4 * Math.sqrt((rate * (1 - rate)) / PACKETS);
    expect(Math.abs(share(dropsOf(rate)) - rate)).toBeLessThan(fourSigma);
  });

  it('drops nothing at 0 and everything at 1', () => {
    expect(share(dropsOf(0))).toBe(0);
    expect(share(dropsOf(1))).toBe(1);
  });

  it('has no memory: after a loss the next packet has the same chance', () => {
    const drops = dropsOf(0.2);
    const afterLoss = drops.filter((_, index) => index > 0 && drops[index - 1]);
    expect(Math.abs(share(afterLoss) - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / afterLoss.length));
  });

  it('delays nothing', () => {
    expect(new Loss(0, new RandomStreams(1).stream('loss')).judge()).toBe(0);
  });
});
