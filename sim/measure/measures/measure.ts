/**
 * What a measure is: metrics with their meanings, and what events do to them. A new one is a file beside
 * this, and a line in index.ts.
 *
 * A measure subscribes to events by name. Beside the world's own there are a few that follow from what an
 * event changed (`Turn`), so that nobody has to find out twice that a channel was lost.
 */
import type { EventName, WorldEvent } from '../../kernel/events.ts';
import type { Distribution } from '../distribution.ts';
import type { Change, Fleet } from '../fleet/fleet.ts';
import type { BoardError, BoardResult, RunResult } from '../result.ts';

export type MetricKind = 'counter' | 'distribution' | 'gauge';

export interface MetricSpec {
  kind: MetricKind;
  unit: string;
  /** Exact enough to be checked against the events (sim/kernel/events.ts). */
  meaning: string;
  /** More of it is better; of most metrics less is. */
  betterHigh?: true;
}

export type Metrics = Readonly<Record<string, MetricSpec>>;

/** The metrics of one kind, by name. */
type Named<M extends Metrics, K extends MetricKind> = { [N in keyof M]: M[N]['kind'] extends K ? N : never }[keyof M];

/**
 * What follows from an event: a channel opened, an open one was lost, an attempt to open it failed for a
 * cause; a board lost its power, or its program.
 */
export type Turn = 'channel.opened' | 'channel.lost' | 'attempt.failed' | 'board.lost' | Move;

/**
 * Where a group is measured: a board has come into it, or has left it, by an update. What began before that
 * and ends after it is the whole fleet's alone.
 */
export type Move = 'board.joined' | 'board.left';

export type Handler = (event: WorldEvent, change: Change) => void;
export type Handlers = { readonly [name in EventName | Turn]?: Handler };

export interface MeasureSettings {
  boards: number;
  durationMs: number;
  relayPingTimeoutMs: number;
  /** By board; another one's after an update. */
  readonly boardPingTimeoutsMs: number[];
}

/** A measure's metrics at work: counters and gauges begin at 0, distributions without a sample. */
export interface Parts<M extends Metrics> {
  values: Record<Named<M, 'counter' | 'gauge'>, number>;
  distributions: Record<Named<M, 'distribution'>, Distribution>;
  fleet: Fleet;
  settings: MeasureSettings;
}

/** What only the world can count, as of `run.drain`. */
export interface WorldTotals {
  tcpSegments: number;
  tcpRetransmits: number;
  tlsBytes: number;
  /** Timers of firmware that ran, late or not. */
  timersRun: number;
  /** The least free memory of any board at any time; 0: it has no end on any. */
  heapFreeMinBytes: number;
  /** null: each board has an air of its own. */
  air: AirTotals | null;
  /** null: nobody metered it. */
  energy: EnergyTotals | null;
}

export type AirTotals = Record<
  'air_frames' | 'air_collisions' | 'air_retries' | 'retry_drops' | 'queue_drops' | 'air_busy' | 'air_full_s' | 'ap_queue_max',
  number
>;

type EnergyCause = 'boot' | 'joins' | 'connects' | 'keepalive' | 'messages' | 'computing' | 'listening' | 'idle';
export type EnergyTotals = Record<'energy_mah_per_day' | `energy_mah_per_day.${EnergyCause}` | 'radio_on_share' | 'battery_days', number>;

/** What a result has beside metrics and boards. */
export type Findings = Pick<RunResult, 'stalls' | 'outages' | 'availability' | 'connectsPerSecond'> & {
  /** With the first board that threw each. */
  errors: (BoardError & { board: number })[];
  refusedByStatus: Record<string, number>;
};

/** A measure in one run. */
export interface Measuring {
  handlers?: Handlers;
  /**
   * In place of `handlers` after `run.drain`, when what was sent before may still arrive; left out: nothing
   * counts any more.
   */
  draining?: Handlers;
  /** Completes the metrics at the end of the measured time, and says what else there is to tell. */
  finish?(endUs: number, totals: WorldTotals): Partial<Findings>;
  /** What it knows of one board. */
  boardResult?(index: number, endUs: number): Partial<BoardResult>;
}

export interface Measure<M extends Metrics = Metrics> {
  metrics: M;
  /** What it counts is nobody's: groups of boards have none of it. */
  ofWorld?: true;
  create(parts: Parts<M>): Measuring;
}

/** Its metrics' names are known to `create` by type. */
export function measure<const M extends Metrics>(spec: Measure<M>): Measure<M> {
  return spec;
}

/** The same handler for several events. */
export function onEach(names: readonly (EventName | Turn)[], handler: Handler): Handlers {
  return Object.fromEntries(names.map((name) => [name, handler]));
}

export function counter(unit: string, meaning: string) {
  return { kind: 'counter', unit, meaning } as const;
}

export function distribution(meaning: string) {
  return { kind: 'distribution', unit: 'ms', meaning } as const;
}

export function gauge(unit: string, meaning: string) {
  return { kind: 'gauge', unit, meaning } as const;
}
