import { expect, it } from 'vitest';
import { type Comparable, comparableRun, compare } from './compare.ts';
import { estimate } from './statistics/statistics.ts';

it('runs are compared figure by figure, without a verdict', () => {
  const stats = { count: 2, min: 1, mean: 2, p50: 2, p90: 3, p95: 3, p99: 3, max: 3 };
  const none = { count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  const compared = compare(comparableRun('a', { connects: 10, detect_ms: stats }), comparableRun('b', { connects: 15, detect_ms: none }));
  expect(compared.map(({ metric, a, b }) => [metric, a, b])).toEqual([
    ['connects', 10, 15],
    ['count(detect_ms)', 2, 0],
    ['mean(detect_ms)', 2, null],
    ['p50(detect_ms)', 2, null],
    ['p99(detect_ms)', 3, null],
    ['max(detect_ms)', 3, null],
  ]);
  expect(compared[0]).toMatchObject({ difference: { value: 5, low: null, high: null }, relative: 0.5, moreThanNoise: null });
  expect(compared[2]).toMatchObject({ difference: null, relative: null, moreThanNoise: null });
});

function study(name: string, samples: Record<string, number[]>): Comparable {
  const cells = Object.entries(samples).map(([loss, runs]) => ({ parameters: { loss }, metrics: { connects: estimate(runs) } }));
  return { name, cells };
}

it('studies are compared where their cells have the same parameters, and a difference within the intervals may be noise', () => {
  const a = study('a', { '0': [10, 11, 12], '0.1': [10, 20, 30], '0.5': [1, 2] });
  const b = study('b', { '0.1': [12, 22, 32], '0': [20, 21, 22] });
  expect(compare(a, b).map(({ parameters, difference, moreThanNoise }) => [parameters.loss, difference?.value, moreThanNoise])).toEqual([
    ['0', 10, true],
    ['0.1', 2, false],
  ]);
});

it('what has nothing in common gives nothing', () => {
  expect(compare(study('a', { '0': [1, 2] }), study('b', { '1': [1, 2] }))).toEqual([]);
});
