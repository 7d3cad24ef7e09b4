/** What boards see of the relay's machine: its queues, its pauses, its end, its clock. */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { WorldEvent } from '../kernel/events.ts';
import type { Distribution, RunResult } from '../measure/result.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';
import { run } from './run.ts';

const CENTURY_MS = 100 * 365 * 24 * 3_600_000;

function play(document: ScenarioDocument): Promise<RunResult> {
  return run(makeScenario({ duration: 120_000, ...document }), app);
}

function step(at: number, action: string, parameters: Record<string, unknown> = {}, lastsMs?: number): StepDocument {
  return { at, action, parameters, ...(lastsMs === undefined ? {} : { for: lastsMs }) };
}

function broken({ summary }: RunResult): string[] {
  return summary.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
}

/** Why the boards' channels were first lost, as the boards say. */
async function causes(document: ScenarioDocument): Promise<string[]> {
  const firsts = new Map<string, string>();
  const onTraceLine = (line: string): void => {
    const { event, board, cause } = JSON.parse(line);
    if (event === 'channel.state' && cause && !firsts.has(board)) firsts.set(board, cause);
  };
  const { summary } = await run(makeScenario({ duration: 120_000, ...document }), app, { traceLevel: 'state', onTraceLine });
  expect(summary.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(firsts.size).toBe(5);
  return [...new Set(firsts.values())];
}

function count(value: unknown): number {
  return (value as Distribution).count;
}

/** Whom the relay let in, and when, ms. */
async function openings(relay: ScenarioDocument['relay']): Promise<number[]> {
  const world = new WatchedWorld({ relay, boards: { count: 12, boot_spread: 0 }, link: { jitter: 0 }, duration: 60_000 });
  await world.run(20_000);
  const times = world.named('ws.open').map(({ atUs }) => atUs / 1_000);
  await world.close();
  return times.sort((a, b) => a - b);
}

describe('a relay whose process takes time for each connection', () => {
  it('lets a crowd in one after the other', async () => {
    const [free, busy] = [await openings({}), await openings({ accept_time: 200 })];
    expect(busy).toHaveLength(12);
    expect(busy[11] - busy[0]).toBeGreaterThanOrEqual(10 * 200);
    expect(free[11] - free[0]).toBeLessThan(10 * 200);
  });

  it('has its machine lose what the backlog has no room for, and all get in by trying again', async () => {
    const result = await play({ relay: { backlog: 1, accept_time: 300 }, boards: { count: 12, boot_spread: 0 } });
    const { metrics } = result.summary;
    expect(metrics.accept_overflows).toBeGreaterThan(0);
    expect(metrics.connects).toBeGreaterThanOrEqual(12);
    expect(broken(result)).toEqual([]);
    expect((await play({ relay: { accept_time: 300 }, boards: { count: 12, boot_spread: 0 } })).summary.metrics.accept_overflows).toBe(0);
  });
});

describe('a relay that pauses', () => {
  const pauses = step(10_000, 'relay.slow', {
    pause: { kind: 'log-normal', p50Ms: 300, p99Ms: 3_000 },
    between: { kind: 'exponential', meanMs: 2_000 },
  });

  it('answers late, and no board that is patient gives it up', async () => {
    const result = await play({ steps: [pauses], boards: { board_ping_interval: 2_000, board_ping_timeout: 40_000 } });
    const { metrics } = result.summary;
    expect(count(metrics.relay_pause_ms)).toBeGreaterThan(20);
    expect((metrics.message_latency_ms as Distribution).max).toBeGreaterThan(300);
    expect(metrics.disconnects).toBe(0);
    expect(broken(result)).toEqual([]);
  });

  it('loses boards whose ping timeout is shorter than its pauses', async () => {
    const { summary } = await play({ steps: [pauses], boards: { board_ping_interval: 1_000, board_ping_timeout: 300 } });
    expect(summary.metrics['disconnects.board_ping_timeout']).toBeGreaterThan(0);
  });

  it('pauses at the same moments for the same seed, whoever else is there', async () => {
    const moments = async (boards: number): Promise<number[]> => {
      const events: WorldEvent[] = [];
      const scenario = makeScenario({ steps: [pauses], boards: { count: boards } });
      await run(scenario, app, {
        traceLevel: 'state',
        onTraceLine: (line) => void (line.includes('"pause"') && events.push(JSON.parse(line))),
      });
      return events.map((event) => (event as unknown as { t: number }).t);
    };
    const few = await moments(1);
    expect(few.length).toBeGreaterThan(5);
    expect(await moments(4)).toEqual(few);
  });

  it('runs again when the step is over, also in the middle of a pause', async () => {
    const { summary } = await play({ steps: [{ ...pauses, for: 20_000 }] });
    const half = await play({ steps: [step(10_000, 'relay.slow', { pause: 10_000, between: 100 }, 5_000)] });
    expect(summary.checks.every(({ ok }) => ok)).toBe(true);
    expect(count(half.summary.metrics.relay_pause_ms)).toBe(1);
    expect((half.summary.metrics.relay_pause_ms as Distribution).max).toBeLessThan(5_000);
  });
});

describe('a relay that runs out of memory', () => {
  const chatty: ScenarioDocument['boards'] = { board_ping_interval: 1_000, board_ping_timeout: 30_000 };

  it('ends connections with FIN when it dies at once, with RST where a stall left something unread', async () => {
    expect(await causes({ boards: chatty, steps: [step(30_000, 'relay.out_of_memory')] })).toEqual(['peer_closed']);
    expect(await causes({ boards: chatty, steps: [step(30_000, 'relay.out_of_memory', { stall: 5_000 })] })).toEqual(['reset']);
  });

  it('comes through when the stall is over before it dies', async () => {
    const { summary } = await play({ steps: [step(30_000, 'relay.out_of_memory', { stall: 5_000 }, 3_000)] });
    expect(summary.metrics.disconnects).toBe(0);
  });

  it('says nothing when its machine goes too: boards find out by their keepalive, or by a reset once it is back', async () => {
    const gone = step(30_000, 'relay.out_of_memory', { takes: 'machine' }, 40_000);
    const watchful = { board_ping_interval: 5_000, board_ping_timeout: 3_000 };
    expect(await causes({ boards: watchful, steps: [gone] })).toEqual(['board_ping_timeout']);
    expect(await causes({ boards: chatty, steps: [{ ...gone, for: 5_000 }] })).toEqual(['reset']);
  });
});

describe('the clock of the relay', () => {
  async function lives(steps: StepDocument[]): Promise<string[]> {
    const lines: string[] = [];
    await run(makeScenario({ steps, duration: 120_000, relay: { ping_interval: 5_000, ping_timeout: 2_000 } }), app, {
      traceLevel: 'packet',
      onTraceLine: (line) => void (line.includes('"event":"step"') || lines.push(line)),
    });
    return lines;
  }

  it('jumps hours ahead and back without a word on any connection', async () => {
    const jumps = [step(30_000, 'relay.clock', { by: 7_200_000 }), step(60_000, 'relay.clock', { by: -14_400_000 })];
    expect(await lives(jumps)).toEqual(await lives([]));
  });

  it('decides whether boards’ certificates are good: new connections are refused, open ones stay', async () => {
    const jump = step(30_000, 'relay.clock', { by: CENTURY_MS / 2 });
    const open = await play({ tls: 'mutual', steps: [jump] });
    expect(open.summary.metrics.disconnects).toBe(0);
    const anew = await play({ tls: 'mutual', checks: [], steps: [jump, step(40_000, 'relay.restart')] });
    expect(anew.summary.metrics['disconnects.peer_closed']).toBe(5);
    expect(anew.summary.metrics.connects).toBe(5);
    const back = step(60_000, 'relay.clock', { by: -CENTURY_MS / 2 });
    expect((await play({ tls: 'mutual', checks: [], steps: [jump, step(40_000, 'relay.restart'), back] })).summary.metrics.connects).toBe(
      10,
    );
  });
});

describe('a certificate that is changed', () => {
  it.each([
    ['renewed', ''],
    ['intermediate', ''],
    ['no_intermediate', 'incomplete_chain'],
    ['other_ca', 'unknown_ca'],
    ['expired', 'expired'],
    ['other_host', 'name_mismatch'],
  ])('to one that is %s is shown to who connects from then on: %s', async (chain, failure) => {
    const boards: ScenarioDocument['boards'] = { count: 2, device: 'ideal' };
    const change = step(30_000, 'relay.certificate', { chain }, 40_000);
    const { metrics } = (await play({ tls: 'server', boards, steps: [change, step(40_000, 'relay.restart')] })).summary;
    // Nobody is sent away by the change itself: the first to be lost are lost at the restart.
    expect(metrics['disconnects.peer_closed']).toBe(2);
    expect(metrics.connects).toBe(4);
    if (failure === '') expect(metrics.tls_failures).toBe(0);
    else expect(metrics[`tls_failures.${failure}`]).toBe(metrics.tls_failures);
    expect((metrics.tls_failures as number) > 0).toBe(failure !== '');
  });

  it('is nothing to boards that only encrypt', async () => {
    const change = step(30_000, 'relay.certificate', { chain: 'other_ca' });
    const { metrics } = (await play({ tls: 'encrypt', steps: [change, step(40_000, 'relay.restart')] })).summary;
    expect([metrics.connects, metrics.tls_failures]).toEqual([10, 0]);
  });

  it('needs a relay with TLS', () => {
    expect(() => makeScenario({ steps: [step(1, 'relay.certificate', { chain: 'renewed' })] })).toThrow('expected a relay with TLS');
  });
});
