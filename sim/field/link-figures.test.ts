import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../kernel/random.ts';
import { linkFigures, MIN_PINGS } from './link-figures.ts';

/** Round trips over a link of that delay and jitter each way, of which some take a retransmission. */
function roundTrips(pings: number, latencyMs: number, jitterMs: number, lateShare = 0): number[] {
  const random = new RandomStreams(1).stream('pings');
  const oneWay = () => random.between(latencyMs - jitterMs, latencyMs + jitterMs);
  return Array.from({ length: pings }, (_, ping) => oneWay() + oneWay() + (ping < pings * lateShare ? random.between(220, 2_000) : 0));
}

describe('the figures of a link', () => {
  it.each([
    [10, 2, 0],
    [200, 100, 0],
    [30, 10, 0.36],
    [5, 0, 0.1],
  ])('give back a delay of %d ± %d ms, also when a share of %d comes late', (latencyMs, jitterMs, lateShare) => {
    const figures = linkFigures(roundTrips(5_000, latencyMs, jitterMs, lateShare), 0, null);
    expect(Math.abs((figures?.latencyMs ?? 0) - latencyMs)).toBeLessThanOrEqual(0.03 * latencyMs);
    expect(Math.abs((figures?.jitterMs ?? 0) - jitterMs)).toBeLessThanOrEqual(0.12 * jitterMs);
    expect(figures?.roundTrips).toBe(5_000);
  });

  it('count a late pong as a packet lost of those that decide about it', () => {
    const late = roundTrips(1_000, 20, 2, 0.19);
    expect(linkFigures(late, 0, null)?.lossRate).toBe(0.1);
    expect(linkFigures(late, 5, null)?.lossRate).toBe(0.035);
    expect(linkFigures(roundTrips(1_000, 20, 2), 0, null)?.lossRate).toBe(0);
  });

  it('are not made of too few pings', () => {
    expect(linkFigures(roundTrips(MIN_PINGS - 1, 20, 2), 0, null)).toBeNull();
    expect(linkFigures(roundTrips(MIN_PINGS, 20, 2), 0, null)).not.toBeNull();
  });
});
