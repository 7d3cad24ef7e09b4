/**
 * A made-up result that looks like a real one: a fleet with an access point's reboot in the middle, for tests
 * and for looking at the report.
 */
import { boardId } from '../../kernel/board-id.ts';
import { metricNames } from '../../measure/registry.ts';
import type { Bin, BoardResult, Distribution, RunResult, Segment, TimelineState } from '../../measure/result.ts';

const EMPTY: Distribution = { count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
const OUTAGE = { fromMs: 240_000, toMs: 270_000, label: 'ap', boards: 0 };
const END_MS = 600_000;

export function plausibleResult(boards = 50): RunResult {
  const samples: Distribution = { count: 9200, min: 8, mean: 31.5, p50: 24, p90: 40, p95: 180, p99: 1240.125, max: 4210.5 };
  const back: Distribution = { count: boards, min: 800, mean: 4200, p50: 3100, p90: 9000, p95: 11_000, p99: 14_000, max: 15_200 };
  const counters = Object.fromEntries([...metricNames('counter'), ...metricNames('gauge')].map((name) => [name, 0]));
  const metrics: RunResult['summary']['metrics'] = {
    ...counters,
    messages_sent: 9203,
    messages_delivered: 9200,
    messages_lost: 3,
    connects: 2 * boards,
    connect_failures: 7,
    disconnects: boards + 4,
    'disconnects.wifi_lost': boards,
    'disconnects.ping_timeout': 4,
    false_disconnects: 1,
    tcp_segments: 90_401,
    tcp_retransmits: 2040,
    ...Object.fromEntries(metricNames('distribution').map((name) => [name, EMPTY])),
    message_latency_ms: samples,
    reconnect_ms: back,
    recovery_ms: back,
    main_loop_stall_ms: { count: 170_000, min: 0, mean: 0.1, p50: 0, p90: 0, p95: 0, p99: 3, max: 1030 },
    channel_availability: 0.94321,
    connects_per_s_peak: 12,
    air_frames: 98_000,
    air_collisions: 5_900,
    air_busy: 0.13,
    air_full_s: 4,
    ap_queue_max: 87,
    ...ENERGY,
  };
  return {
    summary: {
      version: 1,
      scenario: 'ap-reboot',
      seed: 7,
      mode: 'virtual',
      boards,
      device: 'espruino-esp32',
      virtual_ms: END_MS,
      wall_ms: 900,
      events: 123_456,
      trace_hash: 'sha256:0123456789abcdef',
      metrics,
      errors: [],
      checks: [
        { name: 'one-session-per-id', ok: true },
        { name: 'bounded-detection', ok: true },
      ],
      thresholds: [{ expr: 'p95(reconnect_ms) < 45000', ok: true, value: 11_000 }],
      replay: 'npx tsx sim replay scenarios/ap-reboot.yaml',
      verdict: '',
    },
    about: 'An access point reboots; do its boards come back?',
    settings: [
      ['Boards', String(boards), false],
      ['Packet loss', '2 %', false],
      ['Duplicate id', 'reject', true],
    ],
    boards: Array.from({ length: boards }, (_, index) => plausibleBoard(index)),
    stalls: [
      { cause: 'connect', count: 14, worstMs: 1030 },
      { cause: 'handler', count: 986, worstMs: 3.5 },
    ],
    outages: [{ ...OUTAGE, boards }],
    availability: { stepMs: 1000, share: Array.from({ length: 600 }, (_, second) => shareAt(second)) },
    connectsPerSecond: Array.from({ length: 600 }, (_, second) => (second < 12 || (second > 271 && second < 290) ? 1 + (second % 5) : 0)),
    air: {
      stepMs: 1000,
      accessPoints: [1, 6].map((channel, index) => ({
        id: `ap-${index + 1}`,
        channel,
        busy: Array.from({ length: 600 }, (_, second) => 0.014 + 0.1 * (index + 1) * shareAt(second)),
        own: Array.from({ length: 600 }, (_, second) => 0.09 * (index + 1) * shareAt(second)),
        fullMs: index * 4_000,
      })),
    },
    energy: { stepMs: 1000, meanMa: Array.from({ length: 600 }, (_, second) => 60 + 40 * shareAt(second)) },
    histograms: {
      ...Object.fromEntries(metricNames('distribution').map((name) => [name, []])),
      message_latency_ms: hump(8, 4200, 24),
      reconnect_ms: hump(800, 15_200, 3100),
      recovery_ms: hump(800, 15_200, 3100),
      main_loop_stall_ms: [{ fromMs: 0, toMs: 0.1, count: 169_000 }, ...hump(0.1, 1030, 10)],
    },
  };
}

/** Of a radio that never sleeps. */
const ENERGY = {
  energy_mah_per_day: 2_328,
  'energy_mah_per_day.boot': 0.8,
  'energy_mah_per_day.joins': 6.6,
  'energy_mah_per_day.connects': 0.3,
  'energy_mah_per_day.keepalive': 0.01,
  'energy_mah_per_day.messages': 0.1,
  'energy_mah_per_day.computing': 1.9,
  'energy_mah_per_day.listening': 1_622.29,
  'energy_mah_per_day.idle': 696,
  radio_on_share: 0.997,
  battery_days: 0,
};

function plausibleBoard(index: number): BoardResult {
  const spread = (index * 7919) % 10_000;
  const states: [atMs: number, state: TimelineState, cause: string][] = [
    [0, 'off', ''],
    [spread, 'wifi', ''],
    [spread + 3000, 'tcp', ''],
    [spread + 3100, 'handshake', ''],
    [spread + 3200, 'open', ''],
    [OUTAGE.fromMs, 'dead', 'ap'],
    [OUTAGE.fromMs + 8500, 'wifi', 'wifi_lost'],
    [OUTAGE.toMs + spread, 'waiting', ''],
    [OUTAGE.toMs + spread + 2000, 'handshake', ''],
    [OUTAGE.toMs + spread + 2600, 'open', ''],
  ];
  const timeline = states.map(([fromMs, state, cause], at): Segment => ({ fromMs, toMs: states[at + 1]?.[0] ?? END_MS, state, cause }));
  return {
    id: boardId(index),
    availability: 0.95 - spread / 100_000,
    connects: 2,
    disconnects: 1,
    messagesSent: 184,
    messagesLost: index % 16 === 0 ? 1 : 0,
    worstStallMs: 10 + (index % 9) * 120.5,
    timeline,
  };
}

function shareAt(second: number): number {
  if (second < 14) return second / 14;
  if (second >= 240 && second < 274) return 0;
  return second >= 274 && second < 286 ? (second - 273) / 13 : 1;
}

/** Bars of one hump on a logarithmic axis. */
function hump(fromMs: number, toMs: number, peakMs: number): Bin[] {
  const bins: Bin[] = [];
  for (let from = fromMs; from < toMs; from *= 1.33) {
    bins.push({ fromMs: from, toMs: from * 1.33, count: Math.round(900 * Math.exp(-((Math.log(from / peakMs) / 0.8) ** 2))) });
  }
  return bins;
}

/** As many segments as a timeline may have, over ten minutes. */
export function restless(): Segment[] {
  const states = ['open', 'dead', 'waiting', 'tcp', 'wifi'] as const;
  return Array.from({ length: 500 }, (_, index) => ({
    fromMs: index * 1200,
    toMs: (index + 1) * 1200,
    state: states[index % 5],
    cause: '',
  }));
}
