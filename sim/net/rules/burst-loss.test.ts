import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import { DROP } from '../link/rule.ts';
import { BurstLoss } from './burst-loss.ts';

const PACKETS = 400_000;

function dropsOf(rate: number, meanBurst: number, seed = 1): boolean[] {
  const rule = new BurstLoss(rate, meanBurst, new RandomStreams(seed).stream('loss'));
  return Array.from({ length: PACKETS }, () => rule.judge() === DROP);
}

/** Lengths of the runs of losses that lie wholly within. */
function burstsOf(drops: boolean[]): number[] {
  const text = drops.map((drop) => (drop ? 'x' : '.')).join('');
  return [...text.matchAll(/(?<=\.)x+(?=\.)/g)].map(([burst]) => burst.length);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('loss in bursts', () => {
  it.for([
    [0.01, 4],
    [0.1, 3],
    [0.1, 20],
    [0.3, 5],
  ])('at rate %d and mean burst %d has that overall rate and that mean length', ([rate, meanBurst]) => {
    const drops = dropsOf(rate, meanBurst);
    const bursts = burstsOf(drops);
    const fourSigma = 4 / Math.sqrt(bursts.length); // of a geometric length, relative to its mean
    expect(Math.abs(mean(bursts) / meanBurst - 1)).toBeLessThan(fourSigma);
    expect(Math.abs(drops.filter(Boolean).length / PACKETS / rate - 1)).toBeLessThan(1.5 * fourSigma);
  });

  it('has geometric burst lengths: short ones are the most common, and some are long', () => {
    const bursts = burstsOf(dropsOf(0.1, 5));
    const single = bursts.filter((length) => length === 1).length / bursts.length;
    const long = bursts.filter((length) => length > 15).length / bursts.length;
    expect(single).toBeCloseTo(0.2, 1);
    expect(long).toBeCloseTo(0.8 ** 15, 1);
    expect(long).toBeGreaterThan(0.01);
  });

  it('keeps the overall rate when bursts of that length cannot reach it: then they are longer', () => {
    const drops = dropsOf(0.9, 2);
    expect(drops.filter(Boolean).length / PACKETS).toBeCloseTo(0.9, 2);
    expect(mean(burstsOf(drops))).toBeCloseTo(9, 0);
  });

  it('begins as it goes on: the first packet is lost as often as any', () => {
    const streams = new RandomStreams(1);
    const first = Array.from({ length: 5000 }, (_, link) => new BurstLoss(0.2, 10, streams.stream(`link-${link}`)).judge() === DROP);
    expect(Math.abs(first.filter(Boolean).length / 5000 - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 5000));
  });
});
