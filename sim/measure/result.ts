/**
 * What a run leaves behind: the summary that tools read, and the material that a report draws. Plain data,
 * times in milliseconds.
 */

/** Of at least one sample; with none, `count` is 0 and the rest is null. */
export interface Distribution {
  count: number;
  min: number | null;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

export type MetricValue = number | Distribution;

export interface CheckResult {
  name: string;
  ok: boolean;
  /** What broke (when, which board), or why the check could not judge. */
  detail?: string;
}

export interface ThresholdResult {
  expr: string;
  ok: boolean;
  /** null when there was no sample; such a threshold holds. */
  value: number | null;
}

/** False: nothing was compared. That is no failure, and no success either. */
export function isJudged(one: CheckResult | ThresholdResult): boolean {
  return !one.ok || ('expr' in one ? one.value !== null : one.detail === undefined);
}

/** `summary.json`. */
export interface Summary {
  version: 1;
  scenario: string;
  seed: number;
  mode: 'virtual' | 'live';
  boards: number;
  device: string;
  /** Groups of the fleet, in the order of their boards; only when it has any. Their metrics are `connects.old` and so on. */
  groups?: GroupSummary[];
  virtual_ms: number;
  wall_ms: number;
  events: number;
  trace_hash: string;
  /** Only in the partial result of a run that was interrupted. */
  interrupted?: true;
  metrics: Record<string, MetricValue>;
  /**
   * What firmware threw and did not catch: the most frequent kinds first, at most 20; `board_errors` counts
   * them all.
   */
  errors: BoardError[];
  /** Of `disconnects.refused`, by HTTP status; only when there were any. */
  refused_by_status?: Record<string, number>;
  checks: CheckResult[];
  thresholds: ThresholdResult[];
  replay: string;
  /** What held or failed, by how much, on whom, and what to try: one line. */
  verdict: string;
  /** What hurt without anybody asking for it, a sentence each; only when there is any. */
  warnings?: string[];
  /** Only of a live run: clients that are no boards, and how late timers ran (99 of 100), ms. */
  external?: ExternalTally;
  timer_drift_p99_ms?: number;
}

export interface GroupSummary {
  name: string;
  /** That were delivered in it. */
  boards: number;
  /** That run its firmware at the end; only where boards were updated. */
  boards_at_end?: number;
  firmware: string;
  device: string;
}

/** Errors with the same message from the same place. */
export interface BoardError {
  message: string;
  /**
   * `file:line` in the firmware's source, the file as seen from the app's folder; '' when it is not known.
   */
  at: string;
  count: number;
  /** How many boards threw it. */
  boards: number;
  first_ms: number;
}

/** Clients that are no boards of the world: real devices, browsers and tools at the relay of a live run. */
export interface ExternalTally {
  /** Sessions that were opened. */
  connects: number;
  /** Most at a time. */
  peak: number;
  /** Messages that the relay got from them, and sent to them. */
  messages_received: number;
  messages_sent: number;
}

/**
 * What a board's channel was doing: a ChannelState; `off` before its first boot; `dead` = open for the board,
 * but nothing gets through.
 */
export type TimelineState = 'off' | 'wifi' | 'tcp' | 'handshake' | 'open' | 'dead' | 'waiting';

export interface Segment {
  fromMs: number;
  toMs: number;
  state: TimelineState;
  /** Why the state before it ended; '' on the way up. */
  cause: string;
}

export interface BoardResult {
  id: string;
  availability: number;
  connects: number;
  disconnects: number;
  messagesSent: number;
  messagesLost: number;
  worstStallMs: number;
  timeline: Segment[];
  /**
   * Segments that were merged into longer neighbours because the timeline was full; absent when none were.
   */
  timelineMerged?: number;
}

/**
 * What held boards' CPUs while a timer of the firmware was due: `connect` (a connect that blocks, its DNS
 * included), `handler` (other work).
 */
export interface Stall {
  cause: string;
  /** Timers that ran late. */
  count: number;
  worstMs: number;
}

/** One bar of a histogram on a logarithmic axis. */
export interface Bin {
  fromMs: number;
  toMs: number;
  count: number;
}

/** A time in which something was broken on purpose: for shading. `boards` is how many it touched. */
export interface Outage {
  fromMs: number;
  toMs: number;
  label: string;
  boards: number;
}

/** How busy the air was, per step of `stepMs`. */
export interface AirOverTime {
  stepMs: number;
  accessPoints: {
    /** `ap-1` */
    id: string;
    /** 1, 6 or 11; access points on one channel share its air. */
    channel: number;
    /** Share of time in which anything was on its channel, and what of that was its own and its boards'. */
    busy: number[];
    own: number[];
    /** Time in which packets waited at it without a break, in whole seconds. */
    fullMs: number;
  }[];
}

/** What a board draws on average, mA, per step of `stepMs`. */
export interface EnergyOverTime {
  stepMs: number;
  meanMa: number[];
}

export interface RunResult {
  summary: Summary;
  /** After a failure: why, and what to try, where a rule explains it. A sentence or two. */
  advice?: string;
  /** After a failure: the command that says what decided it. */
  why?: string;
  /** What the scenario asks, in its author's words; '' when it does not say. */
  about: string;
  /** What was run, as label and value, for people, and whether it is the default. */
  settings: [label: string, value: string, isDefault: boolean][];
  boards: BoardResult[];
  /** One per cause that occurred, the worst first. */
  stalls: Stall[];
  outages: Outage[];
  /** Share of boards whose channel carried data, per step of `stepMs`. */
  availability: { stepMs: number; share: number[] };
  /** Sessions that the relay opened, per second. */
  connectsPerSecond: number[];
  /** Absent where each board has an air of its own. */
  air?: AirOverTime;
  /** Absent where nobody metered it. */
  energy?: EnergyOverTime;
  /** By metric name, for the distributions in milliseconds. */
  histograms: Record<string, Bin[]>;
}
