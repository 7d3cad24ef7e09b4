import { describe, expect, it } from 'vitest';
import { estimate } from '../statistics/statistics.ts';
import { type Goal, judge, parseGoals, shortfall } from './goal.ts';

function goal(text: string): Goal {
  const goals = parseGoals(text);
  if (typeof goals === 'string') throw new Error(goals);
  return goals[0];
}

describe('goals', () => {
  it('are thresholds, several joined by and', () => {
    expect(parseGoals('p99( detect_ms ) < 15000 and false_disconnects <= 3')).toEqual([
      { expr: 'p99( detect_ms ) < 15000', metric: 'p99(detect_ms)', operator: '<', bound: 15_000 },
      { expr: 'false_disconnects <= 3', metric: 'false_disconnects', operator: '<=', bound: 3 },
    ]);
  });

  it.for([
    ['detect_ms < 5', 'detect_ms is a distribution; ask for one number of it, like p95(detect_ms)'],
    ['false_disconnects == 0', 'expected <, <=, > or >=: a goal is about a mean over seeds'],
    ['connects > 1 and', 'expected something like'],
    ['detekt < 1', 'there is no metric "detekt"'],
  ])('%s is refused', ([text, message]) => {
    expect(parseGoals(text)).toContain(message);
  });

  it.for([
    ['connects < 10', [1, 2, 3], 'met'],
    ['connects < 10', [8, 9, 10], 'open'],
    ['connects < 10', [20, 21, 22], 'missed'],
    ['connects > 10', [20, 21, 22], 'met'],
    ['connects >= 10', [8, 9, 11], 'open'],
    ['connects > 10', [1, 2, 3], 'missed'],
    ['connects < 10', [5], 'open'],
    ['connects < 10', [], 'open'],
  ] as const)('%s with runs of %j is %s by the 95 % interval', ([text, runs, verdict]) => {
    expect(judge(goal(text), estimate(runs), 6)).toBe(verdict);
  });

  it('are not decided by a few runs that are all the same', () => {
    const never = (runs: number) => estimate(Array.from({ length: runs }, () => 0));
    expect(judge(goal('false_disconnects < 1'), never(5), 6)).toBe('open');
    expect(judge(goal('false_disconnects < 1'), never(6), 6)).toBe('met');
    expect(judge(goal('false_disconnects <= 0'), never(6), 6)).toBe('met');
  });

  it('are missed by a share of their bound, and infinitely without a sample', () => {
    expect(shortfall(goal('connects < 10'), estimate([15]))).toBe(0.5);
    expect(shortfall(goal('connects > 10'), estimate([15]))).toBe(0);
    expect(shortfall(goal('connects <= 10'), estimate([10]))).toBe(0);
    expect(shortfall(goal('connects < 10'), estimate([10]))).toBeGreaterThan(0);
    expect(shortfall(goal('connects < 0'), estimate([3]))).toBe(3);
    expect(shortfall(goal('mean(detect_ms) < 10'), estimate([]))).toBe(Infinity);
  });
});
