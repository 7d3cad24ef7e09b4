import { app as sos } from 'firmware/apps/sos';
import { JOIN_TIMEOUT_MS } from 'firmware/channel/wifi-keeper';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../measure/registry.ts';
import type { Distribution, RunResult } from '../measure/result.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { type RunOptions, run } from './run.ts';

interface Line {
  t: number;
  event: string;
  board?: string;
  kind?: string;
}

interface Outcome extends RunResult {
  /** Of the trace, at message level. */
  lines: Line[];
}

async function play(document: ScenarioDocument, options: RunOptions = {}): Promise<Outcome> {
  const lines: Line[] = [];
  const onTraceLine = (line: string) => lines.push(JSON.parse(line));
  const result = await run(makeScenario(document), sos, { traceLevel: 'message', onTraceLine, ...options });
  return { ...result, lines };
}

function step(action: string, at: number, forMs?: number): StepDocument {
  return { at, action, parameters: {}, ...(forMs === undefined ? {} : { for: forMs }) };
}

const count = ({ summary }: RunResult, name: string) => summary.metrics[name] as number;
const spread = ({ summary }: RunResult, name: string) => summary.metrics[name] as Distribution;

describe('a run on a link without loss', () => {
  it('retransmits nothing, loses nothing and disconnects nobody', async () => {
    for (const device of ['ideal', 'espruino-esp32', 'micropython-esp32'] as const) {
      const result = await play({ duration: 120_000, boards: { device } });
      expect(count(result, 'tcp_retransmits')).toBe(0);
      expect(count(result, 'disconnects')).toBe(0);
      expect(count(result, 'messages_lost')).toBe(0);
      expect(count(result, 'broadcasts_delivered')).toBe(count(result, 'broadcasts_sent'));
      expect(count(result, 'channel_availability')).toBe(1);
      expect(count(result, 'connects')).toBe(5);
      expect(count(result, 'messages_sent')).toBeGreaterThan(5 * 30);
    }
  });
});

describe('a run on a link with loss', () => {
  const RATES = [0, 0.1, 0.3];
  const lossy = (loss: number) => play({ duration: 300_000, link: { loss }, boards: { count: 10 } });

  it('retransmits more and has a longer tail of latency the more packets are lost, and channels are lost where most are', async () => {
    const results = await Promise.all(RATES.map(lossy));
    const shares = results.map((result) => count(result, 'tcp_retransmits') / count(result, 'tcp_segments'));
    const tails = results.map((result) => spread(result, 'message_latency_ms').p99 as number);
    const availability = results.map((result) => count(result, 'channel_availability'));
    expect(shares[0]).toBe(0);
    expect(shares[1]).toBeGreaterThan(0.05);
    expect(shares[1]).toBeLessThan(0.15);
    expect(shares[2]).toBeGreaterThan(0.15);
    expect(tails[0]).toBeLessThan(100);
    expect(tails[1]).toBeGreaterThan(500);
    expect(tails[2]).toBeGreaterThan(2 * tails[1]);
    expect(availability.slice(0, 2)).toEqual([1, 1]);
    expect(availability[2]).toBeLessThan(0.98);
    expect(results.map((result) => count(result, 'disconnects') > 0)).toEqual([false, false, true]);
  });
});

describe('the books of a run', () => {
  const cases: [name: string, document: ScenarioDocument][] = [
    ['clear', {}],
    ['echo', { relay: { mode: 'echo' }, link: { loss: 0.1 } }],
    ['lossy', { link: { loss: 0.3 } }],
    ['bursts', { link: { loss: 0.2, burst: 10 } }],
    ['boards cut to the end', { steps: [step('link.blackhole', 30_000)] }],
    ['relay stopped to the end', { steps: [step('relay.stop', 30_000)] }],
    [
      'everything at once',
      { link: { loss: 0.1 }, steps: [step('ap.down', 10_000, 5000), step('relay.restart', 25_000, 500), step('board.reset', 40_000)] },
    ],
  ];

  it.for(cases)('agree with what was seen: %s', async ([, document]) => {
    const result = await play(document);
    const { lines } = result;
    const drainAt = lines.findIndex(({ event }) => event === 'run.drain');
    const during = lines.slice(0, drainAt);
    const seen = (part: Line[], ...events: string[]) => part.filter(({ event }) => events.includes(event)).length;
    expect(count(result, 'messages_sent')).toBe(seen(during, 'message.sent', 'message.dropped'));
    expect(count(result, 'messages_delivered')).toBe(seen(lines, 'relay.received'));
    expect(count(result, 'messages_lost')).toBe(count(result, 'messages_sent') - count(result, 'messages_delivered'));
    expect(count(result, 'messages_lost')).toBeGreaterThanOrEqual(0);
    expect(count(result, 'broadcasts_sent')).toBe(
      during.filter(({ event, kind }) => event === 'relay.sent' && kind === 'broadcast').length,
    );
    expect(count(result, 'broadcasts_delivered')).toBeLessThanOrEqual(count(result, 'broadcasts_sent'));
    expect(count(result, 'pings_sent')).toBe(seen(during, 'relay.ping', 'ping.sent'));
    expect(count(result, 'pongs_received')).toBe(seen(during, 'relay.pong', 'pong.received'));
    expect(seen(lines.slice(drainAt), 'message.sent')).toBe(0);
    const lost = result.boards.reduce((sum, { messagesLost }) => sum + messagesLost, 0);
    expect(lost).toBe(count(result, 'messages_lost'));
  });

  it('pass every check that the scenario names, and only those', async () => {
    const results = async (document: ScenarioDocument) => (await play(document)).summary.checks.map(({ name, ok }) => `${name}: ${ok}`);
    expect(await results({ link: { loss: 0.1 } })).toEqual([
      'no-uncaught-error: true',
      'one-session-per-id: true',
      'bounded-detection: true',
      'converges-after-heal: true',
    ]);
    expect(await results({ checks: ['bounded-detection'] })).toEqual(['bounded-detection: true']);
    expect(await results({ checks: [] })).toEqual([]);
  });

  it('judge the thresholds by the metrics', async () => {
    const { summary } = await play({ thresholds: ['messages_lost == 0', 'p99(message_latency_ms) < 1'] });
    expect(summary.thresholds.map(({ expr, ok }) => `${expr}: ${ok}`)).toEqual([
      'messages_lost == 0: true',
      'p99(message_latency_ms) < 1: false',
    ]);
  });

  it('hold every metric of the registry, as a number or a distribution', async () => {
    const { summary } = await play({ link: { loss: 0.3 } });
    expect(Object.keys(summary.metrics)).toEqual(Object.keys(METRICS));
    for (const [name, { kind }] of Object.entries(METRICS)) {
      expect(typeof summary.metrics[name]).toBe(kind === 'distribution' ? 'object' : 'number');
    }
  });
});

describe('the drain at the end of a run', () => {
  const lastMs = ({ lines }: Outcome) => lines.at(-1)?.t as number;

  it('ends as soon as everything has arrived', async () => {
    const result = await play({ duration: 60_000 });
    expect(count(result, 'messages_lost')).toBe(0);
    expect(lastMs(result)).toBeLessThan(60_500);
  });

  it('waits a minute for what never comes, and no longer', async () => {
    const result = await play({
      duration: 60_000,
      boards: { count: 1 },
      relay: { ping_interval: 0 },
      steps: [step('link.blackhole', 57_000)],
    });
    expect(count(result, 'messages_lost')).toBeGreaterThan(0);
    expect(lastMs(result)).toBeGreaterThan(61_000);
    expect(lastMs(result)).toBeLessThanOrEqual(120_000);
    expect(result.summary.virtual_ms).toBe(60_000);
  });

  it('delivers what a retransmission still brings', async () => {
    const result = await play({ duration: 60_000, link: { loss: 0.1 }, boards: { count: 60 } });
    const afterwards = result.lines.filter(({ event, t }) => event === 'relay.received' && t > 60_000);
    expect(afterwards.length).toBeGreaterThan(0);
    expect(count(result, 'messages_lost')).toBe(0);
  });
});

describe('the worst stall of the main loop', () => {
  const trouble = [
    step('link.blackhole', 20_000, 45_000),
    step('ap.down', 80_000, 20_000),
    step('relay.restart', 140_000, 5000),
    step('board.reset', 160_000),
  ];

  it('is 0 on an ideal board, whatever the network does', async () => {
    const result = await play({ duration: 200_000, link: { loss: 0.3 }, steps: trouble });
    expect(count(result, 'disconnects')).toBeGreaterThan(5);
    expect(spread(result, 'main_loop_stall_ms').count).toBeGreaterThan(5000);
    expect(spread(result, 'main_loop_stall_ms').max).toBe(0);
    expect(result.stalls).toEqual([]);
  });

  it('is as long as a connect that blocks on a real one', async () => {
    const result = await play({ duration: 120_000, boards: { device: 'espruino-esp32' }, steps: [step('link.blackhole', 20_000, 80_000)] });
    expect(spread(result, 'main_loop_stall_ms').max).toBeGreaterThan(17_000);
    const causes = result.lines.filter(({ event }) => event === 'loop.stall') as (Line & { late_ms: number; cause: string })[];
    expect(new Set(causes.filter(({ late_ms }) => late_ms > 1000).map(({ cause }) => cause))).toEqual(new Set(['connect']));
    const [worst, ...others] = result.stalls;
    expect(worst).toMatchObject({ cause: 'connect', worstMs: spread(result, 'main_loop_stall_ms').max });
    expect(others).toEqual([{ cause: 'handler', count: expect.any(Number), worstMs: expect.any(Number) }]);
    expect(others[0].worstMs).toBeLessThan(10);
  });
});

describe('what a run counts', () => {
  it('a restart of the relay: every channel is lost and comes back', async () => {
    const result = await play({ duration: 120_000, steps: [step('relay.restart', 30_000, 1000)] });
    expect(count(result, 'connects')).toBe(10);
    expect(count(result, 'disconnects')).toBe(5);
    expect(count(result, 'disconnects.peer_closed')).toBe(5);
    expect(spread(result, 'reconnect_ms').count).toBe(5);
    expect(spread(result, 'recovery_ms').count).toBe(5);
    expect(result.outages).toEqual([expect.objectContaining({ fromMs: 30_000, toMs: 31_000 })]);
  });

  it('a reboot of the access point: every station loses it and joins again', async () => {
    const result = await play({ duration: 180_000, steps: [step('ap.down', 30_000, 20_000)] });
    expect(count(result, 'wifi_losses')).toBe(5);
    expect(count(result, 'wifi_joins')).toBe(10);
    expect(count(result, 'connects')).toBe(10);
    expect(count(result, 'channel_availability')).toBeLessThan(0.95);
  });

  it('the same where a join that fails never calls back: the firmware has a deadline of its own', async () => {
    const result = await play({ duration: 240_000, boards: { device: 'espruino-esp32' }, steps: [step('ap.down', 30_000, 60_000)] });
    expect(result.lines.filter(({ event }) => event === 'wifi.failed').length).toBeGreaterThan(5);
    expect(count(result, 'wifi_joins')).toBe(10);
    // A join that began too early, and the longest backoff.
    expect(spread(result, 'recovery_ms')).toMatchObject({ count: 5 });
    expect(spread(result, 'recovery_ms').max).toBeLessThan(JOIN_TIMEOUT_MS + 60_000);
  });

  it('a reset of the boards', async () => {
    const result = await play({ duration: 120_000, relay: { duplicate_id: 'takeover' }, steps: [step('board.reset', 30_000)] });
    expect(count(result, 'board_resets')).toBe(5);
    expect(count(result, 'connects')).toBe(10);
  });

  it('a link that dies silently: the time until either end knows', async () => {
    const steps = [step('link.blackhole', 30_000, 60_000)];
    const result = await play({ duration: 120_000, relay: { ping_interval: 10_000, ping_timeout: 10_000 }, boards: { count: 10 }, steps });
    const detect = spread(result, 'detect_ms');
    const boardDetect = spread(result, 'board_detect_ms');
    expect([detect.count, boardDetect.count]).toEqual([10, 10]);
    expect(detect.min).toBeGreaterThanOrEqual(10_000);
    expect(detect.max).toBeLessThanOrEqual(20_500);
    expect(boardDetect.min).toBeGreaterThan(25_000); // 25 s of silence from the last byte before the cut, and 10 s for the pong
    expect(boardDetect.max).toBeLessThanOrEqual(35_500);
  });
});

describe('a run that is told to stop', () => {
  it('ends at once with the result so far, and says so', async () => {
    const controller = new AbortController();
    const onProgress = ({ virtualMs }: { virtualMs: number }) => {
      if (virtualMs === 10_000) controller.abort();
    };
    const result = await play({ duration: 600_000 }, { signal: controller.signal, onProgress });
    expect(result.summary.interrupted).toBe(true);
    expect(result.summary.virtual_ms).toBe(10_000);
    expect(count(result, 'wifi_joins')).toBe(5);
    expect(result.lines.some(({ event }) => event === 'run.drain')).toBe(false);
  });

  it('ends in the middle of a second too', async () => {
    const controller = new AbortController();
    const onTraceLine = (line: string) => {
      if (JSON.parse(line).event === 'ws.open') controller.abort();
    };
    const result = await play({ duration: 600_000 }, { signal: controller.signal, onTraceLine });
    expect(result.summary.interrupted).toBe(true);
    expect(result.summary.virtual_ms).toBeGreaterThan(1000);
    expect(result.summary.virtual_ms).toBeLessThan(10_000);
    expect(result.summary.virtual_ms % 1000).not.toBe(0);
  });

  it('before it began runs nothing', async () => {
    const result = await play({}, { signal: AbortSignal.abort() });
    expect(result.summary).toMatchObject({ interrupted: true, virtual_ms: 0 });
    expect(count(result, 'messages_sent')).toBe(0);
  });

  it('but is not, is no interrupted one', async () => {
    expect((await play({}, { signal: new AbortController().signal })).summary).not.toHaveProperty('interrupted');
  });
});

describe('the progress of a run', () => {
  it('comes once a virtual second and at the end, with the boards that are online', async () => {
    const seen: number[] = [];
    const online: number[] = [];
    await play(
      { duration: 30_500 },
      {
        onProgress: ({ virtualMs, boardsOnline }) => {
          seen.push(virtualMs);
          online.push(boardsOnline);
        },
      },
    );
    expect(seen).toEqual([...Array.from({ length: 30 }, (_, index) => 1000 * (index + 1)), 30_500]);
    expect([online[0], online.at(-1)]).toEqual([0, 5]);
  });
});
