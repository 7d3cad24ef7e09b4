/** A short version of `npm run fidelity -- --air`, and that it would notice what it is there to notice. */
import { describe, expect, it } from 'vitest';
import { rateNamed } from '../../net/wifi/air/phy.ts';
import { plainQueue } from '../../net/wifi/air/queues.ts';
import { isOutside } from '../comparison.ts';
import type { CellConditions } from './cell.ts';
import { compareAir, compareRow } from './compare.ts';
import { conditionsOf, publishedPhase, type Row, rows } from './measured.ts';

const SEEDS = [1, 2, 3, 4];

/** What lies outside when the row is played under other conditions. */
async function noticed(name: string, change: Partial<CellConditions>): Promise<string[]> {
  const row = rows().find((one) => one.name === name) as Row;
  const comparisons = await compareRow(row, SEEDS, { ...conditionsOf(row.points[0]), ...change });
  return comparisons.filter(isOutside).map(({ figure }) => figure);
}

describe('the comparison with ns-3', () => {
  it('finds every judged figure within its bounds', async () => {
    const comparisons = await compareAir(SEEDS);
    expect(comparisons.filter(isOutside)).toEqual([]);
    expect(comparisons.filter(({ allowed }) => allowed !== null).length).toBeGreaterThan(75);
  }, 120_000);

  it('gives the same figures for the same seeds, and others for others', async () => {
    const row = rows().find(({ name }) => name === 'SOS, 10 boards, HtMcs7') as Row;
    expect(await compareRow(row, [7])).toEqual(await compareRow(row, [7]));
    expect(await compareRow(row, [7])).not.toEqual(await compareRow(row, [8]));
  });

  it('would notice nothing in a row that is played as it was measured', async () => {
    expect(await noticed('saturated, 5 boards, HtMcs7, 1000 B, one at HtMcs0', {})).toEqual([]);
  });

  it.each([
    ['that one slow station slows all', 'saturated, 5 boards, HtMcs7, 1000 B, one at HtMcs0', { slow: null }, 'packets/s'],
    ['another rate', 'saturated, 5 boards, HtMcs7, 100 B', { rate: rateNamed('mcs1') }, 'packets/s'],
    ['fewer tries', 'saturated, 20 boards, HtMcs7, 100 B', { boardTries: 4 }, 'failed tries, boards'],
    [
      'that boards are hidden from each other',
      '50 packets/s each, 10 boards, HtMcs7, 1000 B, two hidden halves',
      { hiddenHalves: false },
      'busy',
    ],
    ['a shallow queue', 'SOS, 75 boards, HtMcs7, the same phases', { accessPointQueue: plainQueue(32) }, 'down mean, ms'],
    ['a neighbour', 'SOS, 10 boards, HtMcs7, a neighbour of 2239 frames/s, the same phases', { neighbours: 0 }, 'down mean, ms'],
    ['a slow rate', 'SOS, 50 boards, HtMcs7', { rate: rateNamed('mcs0') }, 'down mean, ms'],
  ] as const)('would notice %s', async (_, name, change, figure) => {
    expect(await noticed(name, change as Partial<CellConditions>)).toContain(figure);
  });
});

describe('the phases of the measurement', () => {
  it('are the first draws of mulberry32, seeded for each board', () => {
    const phases = [publishedPhase(1, 0), publishedPhase(1, 1), publishedPhase(2, 74)];
    expect(phases.map((phase) => Math.round(phase * 1e6))).toEqual([926_348, 11_451, 158_663]);
  });

  it('lie in the period', () => {
    for (let board = 0; board < 1000; board++) {
      expect(publishedPhase(3, board)).toBeGreaterThanOrEqual(0);
      expect(publishedPhase(3, board)).toBeLessThan(1);
    }
  });
});
