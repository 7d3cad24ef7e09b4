/** A world that stands still in the middle of a fault, and what its TCP and its channels are waiting for. */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../scenario/document/read-document.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { run } from '../run.ts';
import { Standstill } from './standstill.ts';

const DOCUMENT = {
  version: 1,
  duration: '2m',
  air: 'private',
  boards: { count: 2, device: 'ideal', boot_spread: '0s' },
  relay: { mode: 'echo' },
};

function scenarioOf(more: Record<string, unknown>): Scenario {
  const { scenario, problems } = readDocument({ ...DOCUMENT, ...more }, []);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

async function standAt(scenario: Scenario, atMs: number) {
  let standstill: Standstill | undefined;
  let seen: Pick<Standstill, 'connections' | 'channels' | 'text'> | undefined;
  const result = await run(scenario, app, {
    stop: {
      atMs,
      begin(world) {
        standstill = new Standstill(world);
      },
      standing(world) {
        expect(world.nowMs).toBe(atMs);
        if (standstill) seen = { connections: standstill.connections, channels: standstill.channels, text: standstill.text };
      },
    },
  });
  if (seen === undefined) throw new Error('it did not stand still');
  return { ...seen, summary: result.summary };
}

describe('a world that stands still', () => {
  it('in a black hole: what is in flight, how often it was sent again, and when it is next', async () => {
    const steps = [{ at: '30s', action: 'link.blackhole', boards: ['board-1'], for: '30s' }];
    const { connections, channels, summary } = await standAt(scenarioOf({ steps }), 40_000);
    const [cut, relayOfCut, whole] = connections;
    expect(connections.map(({ local, peer, state }) => [local, peer, state])).toEqual([
      ['board-1:1', 'relay', 'ESTABLISHED'],
      ['relay', 'board-1:1', 'ESTABLISHED'],
      ['board-2:1', 'relay', 'ESTABLISHED'],
      ['relay', 'board-2:1', 'ESTABLISHED'],
    ]);
    expect(cut.unacknowledgedBytes).toBeGreaterThan(0);
    expect(cut.retransmissions).toBeGreaterThan(0);
    expect(cut.timers.map(({ kind }) => kind)).toEqual(['on']);
    expect(cut.timers[0].inMs).toBeLessThanOrEqual(cut.rtoMs);
    expect(cut.rtoMs).toBeGreaterThan(whole.rtoMs);
    expect(relayOfCut.queuedBytes).toBeGreaterThanOrEqual(relayOfCut.unacknowledgedBytes);
    expect(whole.unacknowledgedBytes).toBe(0);
    expect(channels).toMatchObject([
      { board: 'board-1', state: 'open', linkUp: false },
      { board: 'board-2', state: 'open', linkUp: true },
    ]);
    expect(summary.virtual_ms).toBe(40_000);
  });

  it('while the relay is away: who waits, for how long yet, and why', async () => {
    const steps = [{ at: '30s', action: 'relay.stop', for: '60s' }];
    const { connections, channels, text } = await standAt(scenarioOf({ steps }), 45_000);
    expect(connections).toEqual([]);
    for (const { state, nextInMs, cause } of channels) {
      expect([state, cause]).toEqual(['waiting', 'refused']);
      expect(nextInMs).toBeGreaterThan(0);
    }
    expect(text).toMatch(/^no connections\n\nboard-1 waiting for .*, because of refused, next attempt in /);
  });

  it('behind a balancer: both of its sides', async () => {
    const { connections } = await standAt(scenarioOf({ balancer: 'nginx' }), 20_000);
    expect(connections.slice(0, 4).map(({ local, peer }) => `${local} ${peer}`)).toEqual([
      'board-1:1 balancer',
      'balancer board-1:1',
      'balancer relay',
      'relay balancer',
    ]);
  });

  it('has had the same events as the run that goes on', async () => {
    const lines = async (stop?: { atMs: number }) => {
      const all: string[] = [];
      await run(scenarioOf({ link: { loss: 0.1 } }), app, { stop, traceLevel: 'packet', onTraceLine: (line) => all.push(line) });
      return all.filter((line) => JSON.parse(line).t < 30_000 && !line.includes('run.drain'));
    };
    const [whole, stopped] = [await lines(), await lines({ atMs: 30_000 })];
    expect(whole.length).toBeGreaterThan(100);
    expect(stopped).toEqual(whole);
  });
});
