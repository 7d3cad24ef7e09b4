import { describe, expect, it } from 'vitest';
import { app } from '../../../firmware/apps/sos.ts';
import { Run } from '../../run/run.ts';
import { readDocument } from '../document/read-document.ts';
import type { Scenario } from '../scenario.ts';

const BASE = {
  version: 1,
  duration: '6m',
  air: 'private',
  relay: { mode: 'echo', duplicate_id: 'takeover' },
  boards: { count: 10, boot_spread: '2s' },
  fleet: { old: { board_ping_interval: '0s', backoff: 'fixed,min=1s,jitter=none' }, new: { share: 0 } },
};

function read(changes: Record<string, unknown>) {
  return readDocument(structuredClone({ ...BASE, ...changes }), []);
}

async function play(changes: Record<string, unknown>) {
  const { scenario, problems } = read(changes);
  expect(problems).toEqual([]);
  const one = await Run.open(scenario as Scenario, app);
  const updates: [s: number, board: number, group: string][] = [];
  const events: string[][] = Array.from({ length: 10 }, () => []);
  one.world.events$.subscribe(({ event, board, atUs, subject, detail, value }) => {
    if (event === 'board.update') updates.push([Math.round(atUs / 1e6), board, subject]);
    if (board >= 0) events[board].push([atUs, event, subject, detail, value].join(' '));
  });
  return one.supervised(async () => {
    one.start();
    await one.advance((scenario as Scenario).durationMs);
    const { controls } = one.world;
    const members = { old: [...controls.membersOf('old')], new: [...controls.membersOf('new')] };
    const { summary } = one.result(await one.end());
    return { summary, updates, events, members };
  });
}

describe('board.update', () => {
  it('again and again moves as many each time, of those that are left, until all are moved', async () => {
    const steps = [{ at: '1m', action: 'board.update', boards: '30%', to: 'new', every: '1m' }];
    const { updates, summary, members } = await play({ steps });
    const perMinute = [1, 2, 3, 4, 5].map((minute) => updates.filter(([s]) => Math.floor(s / 60) === minute).length);
    expect(perMinute).toEqual([3, 3, 3, 1, 0]);
    expect(new Set(updates.map(([, board]) => board)).size).toBe(10);
    expect(members).toEqual({ old: [], new: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
    expect(summary.groups?.map(({ name, boards, boards_at_end }) => [name, boards, boards_at_end])).toEqual([
      ['old', 10, 0],
      ['new', 0, 10],
    ]);
  });

  it('of a share of a group moves as many of it each time, however few are left', async () => {
    const steps = [{ at: '1m', action: 'board.update', boards: '50% of old', to: 'new', every: '1m' }];
    const { updates } = await play({ steps });
    expect(updates.map(([s]) => Math.floor(s / 60))).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });

  it('makes a board another group’s for what is measured from then on, and nobody’s is lost or counted twice', async () => {
    const steps = [
      { at: '1m', action: 'board.update', boards: '50%', to: 'new' },
      { at: '2m', action: 'link.blackhole', boards: 'new', for: '50s' },
      { at: '4m', action: 'link.blackhole', boards: 'old', for: '20s' },
      { at: '5m', action: 'board.update', boards: 1, to: 'new' },
    ];
    const { summary, updates } = await play({ steps });
    const number = (name: string) => summary.metrics[name] as number;
    const COUNTERS = ['connects', 'messages_sent', 'messages_lost', 'disconnects', 'connect_failures', 'pings_sent', 'board_resets'];
    for (const name of COUNTERS) expect(number(`${name}.old`) + number(`${name}.new`), name).toBe(number(name));
    expect(updates).toHaveLength(6);
    expect(number('board_resets.old')).toBe(6);
    // Only new boards have a keepalive of their own, and each met the first outage once.
    expect(summary.metrics['board_detect_ms.new']).toMatchObject({ count: 5 });
    expect(summary.metrics['board_detect_ms.old']).toMatchObject({ count: 0 });
    expect(summary.metrics['recovery_ms.new']).toMatchObject({ count: 5 });
    const share = (name: string) => number(`channel_availability${name}`);
    const [low, high] = [share('.old'), share('.new')].sort((a, b) => a - b);
    expect(share('')).toBeGreaterThan(low);
    expect(share('')).toBeLessThan(high);
    expect(share('.new')).toBeGreaterThan(0.7);
  });

  it('gives a group that never got a board no metrics, and one back what it had before', async () => {
    const fleet = { old: {}, new: { share: 0 }, never: { share: 0 } };
    const steps = [
      { at: '1m', action: 'board.update', to: 'new' },
      { at: '2m', action: 'board.update', to: 'old' },
    ];
    const { summary, members } = await play({ fleet, steps });
    expect(members.old).toHaveLength(10);
    expect(summary.metrics['connects.new']).toBe(10);
    expect(summary.metrics['connects.old']).toBe(20);
    expect(summary.metrics).not.toHaveProperty(['connects.never']);
  });

  it('leaves everybody else’s luck alone', async () => {
    const one = await play({ steps: [{ at: '1m', action: 'board.update', boards: 'board-3', to: 'new' }] });
    const none = await play({ steps: [] });
    const changed = none.events.flatMap((events, board) => (events.join('\n') === one.events[board].join('\n') ? [] : [board]));
    expect(changed).toEqual([2]);
  });

  it('is judged by the settings of the firmware that runs', async () => {
    const steps = [
      { at: '1m', action: 'board.update', boards: 5, to: 'new' },
      { at: '2m', action: 'link.blackhole', for: '1m' },
    ];
    const fleet = { ...BASE.fleet, new: { share: 0, board_ping_interval: '5s', board_ping_timeout: '1s' } };
    const { summary } = await play({ fleet, steps, checks: ['bounded-detection', 'converges-after-heal'] });
    expect(summary.checks.map(({ ok }) => ok)).toEqual([true, true]);
    expect(summary.metrics['board_detect_ms.new']).toMatchObject({ count: 5 });
  });

  it.each([
    [{ steps: [{ at: '1m', action: 'board.update' }] }, 'expected to: beside it, the name of a group of the fleet'],
    [{ steps: [{ at: '1m', action: 'board.update', to: 'newer' }] }, 'to: no group is called "newer": the fleet has old, new'],
    [
      { fleet: undefined, steps: [{ at: '1m', action: 'board.update', to: 'new' }] },
      'expected a fleet with groups: here all boards run the same',
    ],
    [
      { fleet: { old: {}, new: { share: 0, device: 'ideal' } }, steps: [{ at: '1m', action: 'board.update', to: 'new' }] },
      'to: new is for ideal, and boards of old are espruino-esp32',
    ],
    [{ steps: [{ at: '1m', action: 'board.update', to: 'new', for: '1m' }] }, null],
  ])('%j is refused', (changes, message) => {
    const { scenario, problems } = read(changes as Record<string, unknown>);
    expect(scenario).toBeNull();
    if (message !== null) expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it('may touch as many boards of a group as it may come to have', () => {
    const steps = [
      { at: '1m', action: 'board.update', to: 'new' },
      { at: '2m', action: 'board.reset', boards: '3 of new' },
    ];
    expect(read({ steps }).problems).toEqual([]);
    expect(read({ steps: steps.slice(1) }).problems.map(({ message }) => message)).toEqual(['3 boards are more than there are: new has 0']);
  });
});
