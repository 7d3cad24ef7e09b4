import { describe, expect, it } from 'vitest';
import { app } from '../../firmware/apps/sos.ts';
import type { WorldEvent } from '../kernel/events.ts';
import { Run, run } from '../run/run.ts';
import { documentOf } from './document/document-of.ts';
import { readDocument } from './document/read-document.ts';
import type { Scenario } from './scenario.ts';

const BASE = {
  version: 1,
  duration: '2m',
  air: 'private',
  relay: { mode: 'echo' },
  boards: { count: 8, boot_spread: '2s' },
  steps: [
    { at: '30s', action: 'relay.restart', for: '20s' },
    { at: '80s', action: 'link.blackhole', boards: '50%', for: '10s' },
  ],
};
const OLD = { backoff: 'fixed,min=1s,jitter=none', board_ping_interval: '0s', link: { loss: 0.02 } };

function read(changes: Record<string, unknown>): Scenario {
  const { scenario, problems } = readDocument(structuredClone({ ...BASE, ...changes }), []);
  expect(problems).toEqual([]);
  return scenario as Scenario;
}

/** What boards do, each by itself. */
async function eventsByBoard(scenario: Scenario): Promise<string[][]> {
  const one = await Run.open(scenario, app);
  const all: string[][] = [];
  one.world.events$.subscribe(({ board, atUs, event, subject, detail, value }: WorldEvent) => {
    if (board < 0) return;
    all[board] ??= [];
    all[board].push([atUs, event, subject, detail, value].join(' '));
  });
  await one.supervised(async () => {
    one.start();
    await one.advance(scenario.durationMs);
    await one.end();
  });
  return all;
}

describe('a fleet', () => {
  it('of one group is, event for event, the fleet without groups', async () => {
    const plain = await run(read({}), app);
    const grouped = await run(read({ fleet: { all_of_them: {} } }), app);
    expect(grouped.summary.trace_hash).toBe(plain.summary.trace_hash);
    const { metrics } = grouped.summary;
    for (const [name, value] of Object.entries(plain.summary.metrics)) {
      expect(metrics[name]).toEqual(value);
      if (`${name}.all_of_them` in metrics) expect(metrics[`${name}.all_of_them`], name).toEqual(value);
    }
    expect(metrics).toHaveProperty(['recovery_ms.all_of_them']);
    expect(metrics).not.toHaveProperty(['tcp_segments.all_of_them']);
  });

  it('leaves everybody else’s luck alone when a group takes more boards', async () => {
    const less = await eventsByBoard(read({ fleet: { old: OLD, new: { share: 0.25 } } }));
    const more = await eventsByBoard(read({ fleet: { old: OLD, new: { share: 0.5 } } }));
    const changed = less.flatMap((events, board) => (events.join('\n') === more[board].join('\n') ? [] : [board]));
    expect(changed).toEqual([4, 5]);
  });

  it('has a program, links and access points by group, and counts by group', async () => {
    const heard: string[] = [];
    const names = read({
      aps: 2,
      boards: { count: 6 },
      fleet: { old: { count: 4, ap: 2 }, new: { link: { latency: '200ms' } } },
      thresholds: ['connects.old == 8', 'p50(connect_ms.new) > 200ms', 'p95(reconnect_ms.old) < 1ms'],
      steps: [{ at: '30s', action: 'station.deauth', boards: 'old' }],
    });
    const by = (name: string) => (hal: Parameters<typeof app>[0], config: Parameters<typeof app>[1]) => {
      heard.push(`${name} ${config.client_id}`);
      app(hal, config);
    };
    const { summary } = await run(names, ['old', 'new'].map(by));
    expect(heard.toSorted()).toEqual(['new board-5', 'new board-6', 'old board-1', 'old board-2', 'old board-3', 'old board-4']);
    const number = (name: string) => summary.metrics[name] as number;
    for (const name of ['connects', 'messages_sent', 'messages_lost', 'broadcasts_sent', 'disconnects'])
      expect(number(`${name}.old`) + number(`${name}.new`), name).toBe(number(name));
    expect(summary.metrics['channel_availability.new']).toBe(1);
    expect(summary.metrics['channel_availability.old']).toBeLessThan(1);
    expect(summary.groups?.map(({ name, boards }) => [name, boards])).toEqual([
      ['old', 4],
      ['new', 2],
    ]);
    expect(summary.thresholds.map(({ ok }) => ok)).toEqual([true, true, false]);
  });

  it('of which a group has no boards says nothing of it', async () => {
    const { summary } = await run(read({ fleet: { old: OLD, new: { share: 0 } }, thresholds: ['connects.new > 7'] }), app);
    expect(summary.metrics).not.toHaveProperty(['connects.new']);
    expect(summary.thresholds).toEqual([{ expr: 'connects.new > 7', ok: true, value: null }]);
  });

  it('written out reads back, and its shares can still be changed', async () => {
    const scenario = read({
      boards: { count: 8, roam: 15, config: { outbox: 3 } },
      fleet: { old: { ...OLD, share: 0.5, roam: 'never', config: { keepalive: { ping_timeout_ms: 5_000 } } }, new: { ap: 1 } },
    });
    expect(scenario.fleet[0].boards.config).toMatchObject({ outbox: 3, keepalive: { ping_interval_ms: 0, ping_timeout_ms: 5_000 } });
    const written = JSON.parse(JSON.stringify(documentOf(scenario)));
    expect(readDocument(structuredClone(written), [])).toEqual({ scenario, problems: [] });
    const changed = readDocument(written, [{ text: '', path: ['fleet', 'old', 'share'], value: 0.25 }]);
    expect(changed.scenario?.fleet.map(({ boards }) => boards.count)).toEqual([2, 6]);
  });

  it.each([
    [{ old: { count: 3 }, new: { count: 4 } }, [3, 4]],
    [{ old: { share: 1 / 3 }, mid: { share: 1 / 3 }, new: { share: 1 / 3 } }, [3, 2, 3]],
    [{ old: { share: 0.3 }, new: {} }, [2, 6]],
    [{ old: {}, new: { share: 1 } }, [0, 8]],
    [{ a: {}, b: { count: 2 }, c: {} }, [3, 2, 3]],
  ])('%j has groups of %j', (fleet, counts) => {
    const boards = counts[0] === 3 && counts[1] === 4 ? { boards: {} } : {};
    expect(read({ fleet, ...boards }).fleet.map((group) => group.boards.count)).toEqual(counts);
  });
});
