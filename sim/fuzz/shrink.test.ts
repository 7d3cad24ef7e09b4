import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/document/resolve.ts';
import { type Case, caseOf, scenarioOf } from './case.ts';
import { drawCase } from './draw-case.ts';
import { shrink } from './shrink.ts';

const { scenario } = resolve({});
if (scenario === null) throw new Error('the defaults are not legal');
const BASE = caseOf(scenario);

/** The first seed whose case has what is asked for. */
function drawn(wanted: (fuzzed: Case) => boolean): Case {
  for (let seed = 1; seed < 1000; seed++) {
    const fuzzed = drawCase(BASE, seed);
    if (wanted(fuzzed)) return fuzzed;
  }
  throw new Error('no such case');
}

/** Steps are not made shorter than a second; one may have been drawn shorter. */
const AT_MOST_A_SECOND = /^(1s|\d{1,3}ms)$/;
const hasShortBlackhole = ({ steps }: Case) => steps.some(({ action, for: lasts }) => action === 'link.blackhole' && lasts !== undefined);
const hasBlackhole = ({ steps }: Case) => steps.some(({ action }) => action === 'link.blackhole');

describe('shrinking', () => {
  it('leaves only what breaks: one short step, one board, and no settings but the one that matters', async () => {
    const fuzzed = drawn(
      (one) => hasShortBlackhole(one) && one.boards.count > 4 && one.steps.length > 4 && one.link.power_save === 'min_modem',
    );
    const smallest = await shrink(fuzzed, async (one) => hasBlackhole(one) && one.link.power_save === 'min_modem');
    const { boards, link, relay, steps } = smallest;
    expect({ boards, link, relay }).toEqual({ boards: { count: 1, config: {} }, link: { power_save: 'min_modem' }, relay: {} });
    expect(steps).toEqual([{ at: expect.any(String), action: 'link.blackhole', for: expect.stringMatching(AT_MOST_A_SECOND) }]);
  });

  it('keeps a case as it is when nothing smaller breaks, and never offers one that is not legal', async () => {
    const fuzzed = drawn(hasBlackhole);
    const offered: Case[] = [];
    const smallest = await shrink(fuzzed, async (one) => {
      offered.push(one);
      return false;
    });
    expect(scenarioOf(smallest)).toEqual(scenarioOf(fuzzed));
    for (const one of offered) expect(scenarioOf(one)).not.toBeNull();
  });

  it('stops at its bound of runs', async () => {
    let runs = 0;
    const breaks = async (one: Case) => ++runs > 0 && hasBlackhole(one);
    await shrink(drawn(hasBlackhole), breaks, 3);
    expect(runs).toBe(3);
  });

  it('narrows targets to the boards that are left', async () => {
    const fuzzed = {
      ...BASE,
      steps: [
        { at: '1s', action: 'link.reset', boards: ['board-1', 'board-7'] },
        { at: '2s', action: 'board.reset', boards: 9 },
      ],
    };
    const smallest = await shrink(fuzzed, async ({ steps }) => steps.length === 2 && steps.every(({ boards }) => boards !== undefined));
    expect(smallest.boards.count).toBe(1);
    expect(smallest.steps).toEqual([
      { at: '0s', action: 'link.reset', boards: ['board-1'] },
      { at: '1s', action: 'board.reset', boards: 1 },
    ]);
  });
});
