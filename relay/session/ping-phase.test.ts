import { expect, it } from 'vitest';
import { pingPhase } from './ping-phase.ts';

it('spreads the ids of a fleet evenly over the interval', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let board = 1; board <= 1000; board++) tenths[Math.floor(pingPhase(`board-${board}`) * 10)]++;
  // Binomial, n = 1000, p = 0.1: 100 with a standard deviation of 9.5; four of them each way.
  expect(Math.min(...tenths)).toBeGreaterThan(62);
  expect(Math.max(...tenths)).toBeLessThan(138);
});

it('is the same for an id wherever it is asked for', () => {
  expect(pingPhase('board-1')).toBe(pingPhase('board-1'));
  expect([pingPhase(''), pingPhase('board-1')].every((phase) => phase >= 0 && phase < 1)).toBe(true);
});
