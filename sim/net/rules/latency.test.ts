import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import { Latency } from './latency.ts';

function delaysOf(latencyMs: number, jitterMs: number): number[] {
  const rule = new Latency(latencyMs, jitterMs, new RandomStreams(1).stream('jitter'));
  return Array.from({ length: 20_000 }, () => rule.judge());
}

describe('latency', () => {
  it('without jitter is the same for every packet', () => {
    expect(new Set(delaysOf(10, 0))).toEqual(new Set([10_000]));
  });

  it('with jitter fills the range around it evenly', () => {
    const delays = delaysOf(20, 5);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(15_000);
    expect(Math.min(...delays)).toBeLessThan(15_010);
    expect(Math.max(...delays)).toBeLessThanOrEqual(25_000);
    expect(Math.max(...delays)).toBeGreaterThan(24_990);
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(mean / 20_000).toBeCloseTo(1, 2);
  });

  it('never falls below 0, however large the jitter', () => {
    const delays = delaysOf(1, 4);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeGreaterThan(4_900);
    expect(Math.max(...delays)).toBeLessThanOrEqual(5_000);
  });

  it('may be nothing at all', () => {
    expect(new Set(delaysOf(0, 0))).toEqual(new Set([0]));
  });
});
