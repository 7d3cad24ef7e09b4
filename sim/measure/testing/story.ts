/**
 * Synthetic event sequences for the tests of metrics and checks: a world's stream in as many words as the
 * test is about.
 */
import { DEFAULT_CONFIG } from 'firmware/config';
import { DEFAULT_ENERGY } from '../../board/energy/settings.ts';
import { type EventName, type WorldEvent, worldEvent } from '../../kernel/events.ts';
import { usFromMs } from '../../kernel/units.ts';
import { DEFAULT_LINK } from '../../net/link/settings.ts';
import { DEFAULT_STATION } from '../../net/wifi/station-settings.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { CheckSpec } from '../checks/check.ts';
import { Collector, type Measurements, type MeasureSettings, type WorldTotals } from '../collector.ts';
import type { CheckResult } from '../result.ts';

type Rest = Partial<Omit<WorldEvent, 'atUs' | 'event' | 'code' | 'board'>>;

/** An event of board `board` (0-based), at `atMs`. */
export function ev(atMs: number, event: EventName, rest: Rest = {}, board = 0): WorldEvent {
  return { ...worldEvent(usFromMs(atMs), event, board, 0, '', '', 0), ...rest };
}

export const world = (atMs: number, event: EventName, detail = '') => ev(atMs, event, { detail }, -1);
export const boot = (atMs: number, count = 1, board = 0) => ev(atMs, 'board.boot', { value: count }, board);
export const channel = (atMs: number, subject: string, detail = '', connection = 0, board = 0) =>
  ev(atMs, 'channel.state', { subject, detail, connection }, board);
export const linkDown = (atMs: number, detail = 'blackhole', board = 0) => ev(atMs, 'link.down', { detail }, board);
export const linkUp = (atMs: number, detail = 'blackhole', board = 0) => ev(atMs, 'link.up', { detail }, board);
export const sessionClosed = (atMs: number, detail: string, connection = 1, board = 0) =>
  ev(atMs, 'ws.close', { detail, connection }, board);
export const tcpClosed = (atMs: number, connection = 1, board = 0) => ev(atMs, 'tcp.closed', { connection }, board);

/** A board whose connect begins at `atMs` and whose channel is open 100 ms later. */
export function opens(atMs: number, connection = 1, board = 0): WorldEvent[] {
  return [
    channel(atMs, 'tcp', '', 0, board),
    ev(atMs, 'tcp.connect', { connection }, board),
    channel(atMs + 40, 'handshake', '', connection, board),
    ev(atMs + 80, 'ws.open', { connection }, board),
    channel(atMs + 100, 'open', '', connection, board),
  ];
}

/** Its end at the board: the channel leaves open for `cause` and TCP is closed in the same moment. */
export function leaves(atMs: number, cause: string, connection = 1, board = 0): WorldEvent[] {
  return [tcpClosed(atMs, connection, board), channel(atMs, cause === 'wifi_lost' ? 'wifi' : 'waiting', cause, connection, board)];
}

interface Told {
  settings?: Partial<MeasureSettings>;
  totals?: Partial<WorldTotals>;
  /** Where the run ends when no `run.drain` says so. */
  endMs?: number;
}

const SETTINGS: MeasureSettings = { boards: 1, durationMs: 100_000, relayPingTimeoutMs: 20_000, boardPingTimeoutsMs: [10_000] };

export function collect(events: WorldEvent[], { settings, totals, endMs = 100_000 }: Told = {}): Measurements & { pending: number } {
  const collector = new Collector({ ...SETTINGS, ...settings });
  for (const event of events) collector.on(event);
  const pending = collector.pendingDeliveries();
  return {
    pending,
    ...collector.finish(usFromMs(endMs), {
      tcpSegments: 0,
      tcpRetransmits: 0,
      tlsBytes: 0,
      timersRun: 0,
      heapFreeMinBytes: 0,
      air: null,
      energy: null,
      ...totals,
    }),
  };
}

interface ScenarioParts {
  boards?: number;
  relay?: Partial<Scenario['relay']>;
  link?: Partial<Scenario['link']>;
  keepalive?: { ping_interval_ms: number; ping_timeout_ms: number };
  steps?: Scenario['steps'];
}

/** The contract's defaults. */
export function scenario({ boards = 2, relay, link, keepalive, steps = [] }: ScenarioParts = {}): Scenario {
  return {
    name: 'test',
    about: '',
    seed: 1,
    durationMs: 600_000,
    tls: 'none',
    relay: { pingIntervalMs: 20_000, pingTimeoutMs: 20_000, duplicateId: 'reject', mode: 'broadcast', backlog: 511, acceptMs: 0, ...relay },
    boards: {
      count: boards,
      firmware: 'app.ts',
      device: 'ideal',
      config: {
        ...DEFAULT_CONFIG,
        keepalive: keepalive ?? { ping_interval_ms: 25_000, ping_timeout_ms: 10_000 },
        backoff: { kind: 'exponential', min_ms: 1000, max_ms: 60_000, jitter: 'full' },
      },
      bootSpreadMs: 0,
      seedRandom: true,
      anyJavaScript: false,
      station: DEFAULT_STATION,
      energy: DEFAULT_ENERGY,
      clockDrift: 'none',
    },
    link: { ...DEFAULT_LINK, ...link },
    fleet: [],
    balancer: null,
    aps: 1,
    air: null,
    steps,
    checks: [],
    thresholds: [],
  };
}

export function judge(spec: CheckSpec, events: WorldEvent[], endMs: number, parts: ScenarioParts = {}): CheckResult {
  const check = spec.create(scenario(parts));
  for (const event of events) check.on(event);
  return check.finish(usFromMs(endMs));
}
