import { describe, expect, it } from 'vitest';
import { formatCount, formatMs, formatShare, plural } from './format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 ms'],
    [0.1234, '0.12 ms'],
    [9.96, '10 ms'],
    [45.67, '45.7 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1234, '1.2 s'],
    [45_678, '45.7 s'],
    [59_960, '1 min'],
    [125_000, '2 min 5 s'],
    [600_000, '10 min'],
    [12_000_000, '3 h 20 min'],
    [2 * 86_400_000, '2 d'],
  ])('say %d ms as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  it.each([
    [1, '100 %'],
    [0.99999, '99.99 %'],
    [0.9432, '94.32 %'],
    [0.29, '29 %'],
    [0, '0 %'],
  ])('never round a share of %d up to all: %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('group thousands and agree with their noun', () => {
    expect([formatCount(999), formatCount(1_234_567)]).toEqual(['999', '1,234,567']);
    expect([plural(1, 'board'), plural(2000, 'board')]).toEqual(['1 board', '2,000 boards']);
  });
});
