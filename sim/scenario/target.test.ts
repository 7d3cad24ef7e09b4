import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickBoards, readTarget, writeTarget } from './target.ts';

/** Numbers in [0, 1) that follow from where they stand. */
function draws(): () => number {
  let n = 0;
  return () => {
    n++;
    return (n * 0.6180339887) % 1;
  };
}

/** Of which the last three are `new`. */
function fleet(boardCount: number) {
  return { boardCount, membersOf: (name: string) => (name === 'new' ? [boardCount - 3, boardCount - 2, boardCount - 1] : []) };
}

describe('a target', () => {
  it.each([
    ['all', { kind: 'all' }],
    ['20%', { kind: 'share', share: 0.2 }],
    ['0.5%', { kind: 'share', share: 0.005 }],
    [3, { kind: 'count', count: 3 }],
    ['board-7', { kind: 'ids', ids: ['board-7'] }],
    ['old', { kind: 'all', of: 'old' }],
    ['20% of old', { kind: 'share', share: 0.2, of: 'old' }],
    ['3 of old', { kind: 'count', count: 3, of: 'old' }],
    [['board-2', 'board-1'], { kind: 'ids', ids: ['board-2', 'board-1'] }],
  ])('is written %j', (value, target) => {
    expect(readTarget(value)).toEqual(target);
    expect(readTarget(writeTarget(readTarget(value)!))).toEqual(target);
  });

  it.each([
    [0],
    [1.5],
    [-1],
    ['0%'],
    ['101%'],
    ['20 %'],
    ['board-0'],
    ['board-01'],
    ['Board-1'],
    [[]],
    [['board-1', 2]],
    [null],
    [{}],
    [''],
    ['0% of old'],
    ['board-1 of old'],
    ['3 of old-ones'],
  ])('is not %j', (value) => {
    expect(readTarget(value)).toBeNull();
  });

  it('of ids is those boards, each once', () => {
    expect(pickBoards({ kind: 'ids', ids: ['board-3', 'board-1', 'board-3'] }, fleet(5), draws())).toEqual([0, 2]);
  });

  it('of a number is the first ones', () => {
    expect(pickBoards({ kind: 'count', count: 2 }, fleet(5), draws())).toEqual([0, 1]);
  });

  it('of a share has that many boards, rounded, and at least one', () => {
    const sizes = [0.01, 0.2, 0.25, 1].map((share) => pickBoards({ kind: 'share', share }, fleet(10), draws()).length);
    expect(sizes).toEqual([1, 2, 3, 10]);
  });

  it('of a group is within it, of those that are eligible', () => {
    expect(pickBoards({ kind: 'all', of: 'new' }, fleet(10), draws())).toEqual([7, 8, 9]);
    expect(pickBoards({ kind: 'count', count: 2, of: 'new' }, fleet(10), draws())).toEqual([7, 8]);
    expect(pickBoards({ kind: 'share', share: 0.5, of: 'new' }, fleet(10), draws())).toHaveLength(2);
    expect(pickBoards({ kind: 'share', share: 0.2 }, fleet(10), draws(), (board) => board > 8)).toEqual([9]);
  });

  it('of a share keeps its boards in their order of luck when the fleet grows by one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 1, max: 100 }), (boardCount, percent) => {
        const target = { kind: 'share', share: percent / 100 } as const;
        const before = pickBoards(target, fleet(boardCount), draws());
        const after = pickBoards(target, fleet(boardCount + 1), draws());
        // The newcomer may take one place, and there may be one place more.
        expect(before.filter((board) => !after.includes(board)).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
