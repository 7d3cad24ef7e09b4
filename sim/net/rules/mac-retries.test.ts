import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import { DROP } from '../link/rule.ts';
import { makePacket } from '../testing/packets.ts';
import { ESP32_RADIO } from '../wifi/parameters.ts';
import { ACCESS_POINT_TRIES, MacRetries } from './mac-retries.ts';

const { tries: ESP32_TRIES } = ESP32_RADIO;

const PACKETS = 200_000;
/** One byte takes 8 µs. */
const RATE_BPS = 1_000_000;
const PACKET = makePacket(0, 100);
const AIR_US = 800;

function judgementsOf(errorRate: number, tries: number): number[] {
  const rule = new MacRetries(errorRate, tries, RATE_BPS, new RandomStreams(1).stream('radio'));
  return Array.from({ length: PACKETS }, () => rule.judge(PACKET));
}

function share(values: number[], what: (value: number) => boolean): number {
  return values.filter(what).length / values.length;
}

describe('retries of the radio', () => {
  it.for([
    [0.5, ACCESS_POINT_TRIES],
    [0.7, ACCESS_POINT_TRIES],
    [0.9, ESP32_TRIES],
  ])('at a frame error rate of %d and %d tries lose the share for which every try fails', ([errorRate, tries]) => {
    const expected = errorRate ** tries;
    const fourSigma = 4 * Math.sqrt((expected * (1 - expected)) / PACKETS);
    expect(Math.abs(share(judgementsOf(errorRate, tries), (delayUs) => delayUs === DROP) - expected)).toBeLessThan(fourSigma);
  });

  it('delay nothing when the first try succeeds', () => {
    expect(share(judgementsOf(0.2, ACCESS_POINT_TRIES), (delayUs) => delayUs === 0)).toBeCloseTo(0.8, 2);
  });

  it('cost the air again, and a back-off that doubles', () => {
    const delays = [...new Set(judgementsOf(0.5, ACCESS_POINT_TRIES))].sort((a, b) => a - b);
    const backoffUs = [31, 63, 127, 255, 511, 1023].map((window) => (window / 2) * 9);
    const sums = backoffUs.map((_, index) => backoffUs.slice(0, index + 1).reduce((sum, us) => sum + us, 0));
    expect(delays).toEqual([DROP, 0, ...sums.map((us, index) => us + (index + 1) * AIR_US)]);
  });

  it('of ESP32 take about an eighth of a second at most, air time aside', () => {
    const longestUs = judgementsOf(0.95, ESP32_TRIES).reduce((a, b) => Math.max(a, b)) - (ESP32_TRIES - 1) * AIR_US;
    expect(longestUs).toBeGreaterThan(120_000);
    expect(longestUs).toBeLessThan(130_000);
  });
});
