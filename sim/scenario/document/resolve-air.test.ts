import { expect, it } from 'vitest';
import { readDocument } from './read-document.ts';

const read = (document: Record<string, unknown>) => readDocument({ version: 1, ...document }, []);
const problemsOf = (document: Record<string, unknown>) =>
  read(document).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);

it('boards share the air of one access point unless somebody says otherwise', () => {
  expect(read({}).scenario).toMatchObject({
    aps: 1,
    air: { neighbours: 0, hidden: 0, slowStation: false, apQueue: 'deep', aggregate: false },
  });
  expect(read({ air: 'private' }).scenario).toMatchObject({ aps: 1, air: null });
  expect(read({ air: { medium: 'private' } }).scenario).toMatchObject({ air: null });
  expect(read({ air: { neighbours: 0.3, ap_queue: 500 } }).scenario).toMatchObject({ air: { neighbours: 0.3, apQueue: 500 } });
});

it('access points are counted, or follow from the boards that each has', () => {
  expect(read({ aps: 4 }).scenario?.aps).toBe(4);
  expect(read({ boards: { count: 101, per_ap: 25 } }).scenario?.aps).toBe(5);
});

it.each([
  [{ aps: 0 }, 'aps: expected a whole number from 1 to 100, got 0'],
  [{ aps: 2, boards: { per_ap: 5 } }, 'boards.per_ap: another way to say aps, which is given too'],
  [{ boards: { count: 1_000, per_ap: 5 } }, 'boards.per_ap: 1,000 boards would take 200 access points: expected at most 100'],
  [{ boards: { per_ap: 2_008 } }, 'boards.per_ap: expected a whole number from 1 to 2007, got 2008'],
  [
    { boards: { count: 5_000 } },
    'boards.count: 5000 boards on one access point: it associates at most 2007; expected aps of 3 or more, or air: private',
  ],
  [
    { boards: { count: 5_000 }, aps: 2 },
    'aps: 2500 boards on one access point: it associates at most 2007; expected aps of 3 or more, or air: private',
  ],
  [{ air: { neighbours: 1 } }, 'air.neighbours: expected a share of the air from 0 to 0.9 (30 % is 0.3), got 1'],
  [{ air: { ap_queue: 0 } }, 'air.ap_queue: expected a whole number from 1 to 10000 packets, or deep, got 0'],
  [{ air: { hidden: 0.1 }, boards: { count: 1_001 } }, 'air.hidden: expected at most 1000 boards with it'],
  [{ air: 'sharde' }, 'air.medium: expected one of shared, private, got "sharde"'],
  [{ air: { neighbors: 0.1 } }, 'air.neighbors: unknown key (did you mean "neighbours"?)'],
  [
    { air: { medium: 'private', hidden: 0.1 } },
    'air.hidden: each board has an air of its own (air: private), so this would change nothing',
  ],
  [{ steps: [{ at: '1s', action: 'ap.down', ap: 2 }] }, 'steps.0.ap: there is no access point 2: the scenario has one (aps)'],
  [
    { aps: 3, steps: [{ at: '1s', action: 'ap.roam', to_ap: 4 }] },
    'steps.0.to_ap: there is no access point 4: the scenario has 1 to 3 (aps)',
  ],
  [
    { air: 'private', steps: [{ at: '1s', action: 'air.set', neighbours: 0.3 }] },
    'steps.0: expected an air that boards share; here each has its own (air: private)',
  ],
  [
    { steps: [{ at: '1s', action: 'air.set' }] },
    'steps.0: expected neighbours: or hidden_neighbours: beside it, the share of the air that others take',
  ],
  [{ steps: [{ at: '1s', action: 'air.set', neighbours: 0.3, channel: 2 }] }, 'steps.0.channel: expected one of 1, 6, 11, got 2'],
])('%o is refused', (document, message) => {
  expect(problemsOf(document)).toEqual([message]);
});

it('a number of boards that is wrong is not also too large for an access point', () => {
  expect(problemsOf({ boards: { count: 'many' } })).toHaveLength(1);
});
