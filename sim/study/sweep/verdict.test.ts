import { describe, expect, it } from 'vitest';
import type { StudyTable } from './table.ts';
import { studyVerdict } from './verdict.ts';

const counted = (name: string, runs: number): Record<string, number> => (runs === 0 ? {} : { [name]: runs });

/** Ten seeds a cell. @param cells how many runs of each setting missed a threshold, and broke a check */
function table(cells: Record<string, [missed: number, broken?: number]>, asked = { checks: 2, thresholds: 1 }): StudyTable {
  return {
    version: 1,
    study: 's',
    about: '',
    digest: '',
    command: '',
    seeds: { first: 1, count: 10 },
    parameters: [{ name: 'jitter', values: Object.keys(cells) }],
    metrics: [],
    trade_off: null,
    asked,
    cells: Object.entries(cells).map(([jitter, [missed, broken = 0]]) => ({
      parameters: { jitter },
      metrics: {},
      broken: counted('one-session-per-id', broken),
      missed: counted('connects_per_s_peak < 40', missed),
    })),
  };
}

describe('the verdict on a study', () => {
  it('says what held, and in how many runs', () => {
    expect(studyVerdict(table({ none: [0], full: [0] }))).toEqual({
      kind: 'good',
      words: 'HELD: 2 checks and 1 threshold in all 20 runs.',
    });
    expect(studyVerdict(table({ none: [0] }, { checks: 0, thresholds: 0 })).words).toBe('Nothing was judged.');
  });

  it('says what failed, in how many runs, with which setting most, and which kept everything', () => {
    expect(studyVerdict(table({ none: [10], equal: [4], full: [0] }))).toEqual({
      kind: 'bad',
      words: 'FAILED: connects_per_s_peak < 40 in 14 of 30 runs, most with none (10 of 10). Nothing failed with full, of 3 settings.',
    });
  });

  it('tells a check that broke before a threshold that was missed', () => {
    expect(studyVerdict(table({ none: [10, 1], full: [10, 0] })).words).toBe(
      'FAILED: one-session-per-id in 1 of 20 runs, most with none (1 of 10). And 1 more failed. No setting kept everything.',
    );
    expect(studyVerdict(table({ full: [3] })).words).toBe('FAILED: connects_per_s_peak < 40 in 3 of 10 runs.');
  });
});
