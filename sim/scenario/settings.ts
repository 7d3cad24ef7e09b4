/**
 * Every setting of a run under the name that scenario files give it: what is legal, and what it is when
 * nobody sets it.
 *
 * Flags, files and recordings all become a `ScenarioDocument` of these before resolve.ts makes a `Scenario`
 * of it. The device's own settings (`boards.config`) have their table in firmware/config.ts.
 */
import { DEFAULT_CONFIG as DEVICE } from 'firmware/config';
import { DEFAULT_CONFIG as RELAY } from 'relay/config';
import { CLOCK_DRIFT } from '../board/clock-drift.ts';
import { DEFAULT_ENERGY_VALUES, ENERGY_FIELDS } from '../board/energy/settings.ts';
import { PROFILES } from '../board/profiles/index.ts';
import { choice, decimal, duration, durationOrSeconds, type Field, pattern, text, type Values, whole, yesNo } from '../kernel/fields.ts';
import { durationOrSpread, type Spread } from '../kernel/spread.ts';
import { CHECKS } from '../measure/checks/index.ts';
import type { BalancerValues } from '../net/balancer/settings.ts';
import { DEFAULT_LINK, LINK_FLAGS, type LinkValues, linkValues } from '../net/link/settings.ts';
import { AIR_FIELDS, DEFAULT_AIR } from '../net/wifi/air/settings.ts';
import { DEFAULT_STATION_VALUES, STATION_FIELDS } from '../net/wifi/station-settings.ts';
import { CLIENTS, presetMeant, SERVERS } from '../presets/names.ts';
import type { DeviceName, Target } from './scenario.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** As many as are known to fit the memory of a laptop. */
export const MAX_BOARDS = 10_000;
/** A month: longer than any device's period, and integer microseconds stay far below 2^53. */
export const MAX_DURATION_MS = 30 * DAY_MS;
/** Less than the round trip of any network. */
const MIN_PING_TIMEOUT_MS = 1;
/** The firmware's own lower bound (firmware/config.ts): below it a relay that refuses is hammered. */
const MIN_BACKOFF_MS = 100;
/** Of Linux (net.core.somaxconn since 5.4), which takes whoever asks for more by it. */
const MAX_BACKLOG = 4_096;
/** Node's own, and what the relay listens with. */
const DEFAULT_BACKLOG = 511;
/** A handshake with a key of 4,096 bits on the slowest machine that serves a fleet. */
const MAX_ACCEPT_MS = SECOND_MS;
/** 32 bits, as other tools take them. */
const MAX_SEED = 2 ** 32 - 1;
/** Repetitions included: more are not a scenario but a load generator. */
export const MAX_STEPS = 10_000;
const MAX_ABOUT_CHARACTERS = 2_000;
/** More than these on three channels, and their beacons alone take half of the air. */
export const MAX_APS = 100;
/** Association identifiers of an access point (IEEE 802.11-2020, 9.4.1.8; hostapd, MAX_STA_COUNT). */
export const MAX_BOARDS_PER_AP = 2_007;
/** PATH_MAX of Linux. */
const MAX_PATH_CHARACTERS = 4_096;

const pingInterval = duration(0, DAY_MS);
const pingTimeout = duration(MIN_PING_TIMEOUT_MS, DAY_MS);

export const DEVICES = Object.keys(PROFILES) as DeviceName[];

export const HEADER_FIELDS = {
  /** A part of the folder that a run is written to. */
  name: pattern('a name of 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit', '[A-Za-z0-9][A-Za-z0-9._-]{0,63}'),
  about: text(0, MAX_ABOUT_CHARACTERS),
  seed: whole(0, MAX_SEED),
  duration: duration(1, MAX_DURATION_MS),
  tls: choice(['none', 'encrypt', 'server', 'mutual']),
  /** Access points of the network. */
  aps: whole(1, MAX_APS),
};

export const AIR_SECTION_FIELDS = {
  /**
   * `private`: each board has an air of its own, and the other settings mean nothing. Also written as
   * `air: private`.
   */
  medium: choice(['shared', 'private']),
  ...AIR_FIELDS,
};

/** One of the libraries whose defaults the kit knows (sim/presets). */
function preset<const T extends string>(names: readonly T[]): Field<T, T> {
  return { ...choice(names), spell: (text) => presetMeant(text, names) };
}

export const RELAY_FIELDS = {
  /** Whose defaults the other settings have; gone through by presets/apply.ts before anything is resolved. */
  server: preset(SERVERS),
  ping_interval: pingInterval,
  ping_timeout: pingTimeout,
  duplicate_id: choice(['reject', 'takeover']),
  mode: choice(['broadcast', 'echo']),
  /** Connections that may wait until the process takes them: listen(2). */
  backlog: whole(1, MAX_BACKLOG),
  /** CPU time of the process for each connection that it takes. */
  accept_time: duration(0, MAX_ACCEPT_MS),
};

export const BACKOFF_FIELDS = {
  kind: choice(['fixed', 'exponential']),
  min: duration(MIN_BACKOFF_MS, DAY_MS),
  max: duration(MIN_BACKOFF_MS, DAY_MS),
  jitter: choice(['none', 'equal', 'full', 'decorrelated']),
};

export const BOARD_FIELDS = {
  /** The library whose defaults the boards' keepalive and backoff have (presets/apply.ts). */
  client: preset(CLIENTS),
  count: whole(1, MAX_BOARDS),
  /** As many access points as that takes. */
  per_ap: whole(1, MAX_BOARDS_PER_AP),
  firmware: text(1, MAX_PATH_CHARACTERS),
  device: choice(DEVICES),
  boot_spread: duration(0, DAY_MS),
  seed_random: yesNo(),
  any_javascript: yesNo(),
  ...STATION_FIELDS,
  ...ENERGY_FIELDS,
  clock_drift: CLOCK_DRIFT,
  /** These two are `keepalive` of the device's config. */
  board_ping_interval: pingInterval,
  board_ping_timeout: pingTimeout,
};

/** More than a table shows. */
export const MAX_GROUPS = 20;
/** Of a group: a key in dotted paths (`fleet.old.share`) and of metrics (`recovery_ms.old`). */
export const GROUP_NAME = '[A-Za-z][A-Za-z0-9_]{0,31}';

const { count: _count, per_ap: _perAp, ...eachBoard } = BOARD_FIELDS;
/** Of a group of the fleet, beside its backoff, config and link: how many boards, or which share of all; what is not said is as `boards:` has it. */
export const GROUP_FIELDS = {
  count: whole(0, MAX_BOARDS),
  share: decimal(0, 1),
  /** The access point that its boards belong to. */
  ap: whole(1, MAX_APS),
  ...eachBoard,
};

/** By another name: what it is one of. */
export type Aliases = Readonly<Record<string, { is: string; field: Field<unknown> }>>;

/** The flags' own names, where a file has a shorter one. Both at once is an error. */
export const LINK_ALIASES: Aliases = Object.fromEntries(
  LINK_FLAGS.map(({ flag, key, field }) => [flag.replaceAll('-', '_'), { is: key, field }] as const).filter(
    ([alias, { is }]) => alias !== is,
  ),
);
export const RELAY_ALIASES = {
  ws_ping_interval: { is: 'ping_interval', field: durationOrSeconds(0, DAY_MS) },
  ws_ping_timeout: { is: 'ping_timeout', field: durationOrSeconds(MIN_PING_TIMEOUT_MS, DAY_MS) },
} as const satisfies Aliases;

export const STEP_FIELDS = {
  at: duration(0, MAX_DURATION_MS),
  for: durationOrSpread(1, MAX_DURATION_MS),
  every: durationOrSpread(1, MAX_DURATION_MS),
  times: whole(1, MAX_STEPS),
};

export interface StepDocument {
  at: number;
  action: string;
  boards?: Target;
  for?: number | Spread;
  every?: number | Spread;
  times?: number;
  /** The action's parameters, as its fields read them. */
  parameters: Record<string, unknown>;
}

interface DeviceDocument {
  backoff?: Values<typeof BACKOFF_FIELDS>;
  config?: unknown;
}
export type BoardsDocument = Values<typeof BOARD_FIELDS> & DeviceDocument;
export type GroupDocument = Values<typeof GROUP_FIELDS> & DeviceDocument & { link?: LinkValues };

/** A scenario as somebody wrote it, its values read but nothing filled in. */
export interface ScenarioDocument extends Values<typeof HEADER_FIELDS> {
  relay?: Values<typeof RELAY_FIELDS>;
  boards?: BoardsDocument;
  /** By name, in the order of the boards' ids. */
  fleet?: Record<string, GroupDocument>;
  link?: LinkValues;
  balancer?: BalancerValues;
  air?: Values<typeof AIR_SECTION_FIELDS>;
  steps?: StepDocument[];
  checks?: string[];
  thresholds?: string[];
}

export const DEFAULTS = {
  name: 'default',
  about: '',
  seed: 1,
  duration: 10 * MINUTE_MS,
  tls: 'none',
  aps: 1,
  air: {
    medium: 'shared',
    neighbours: DEFAULT_AIR.neighbours,
    hidden: DEFAULT_AIR.hidden,
    slow_station: DEFAULT_AIR.slowStation,
    ap_queue: DEFAULT_AIR.apQueue,
    aggregate: DEFAULT_AIR.aggregate,
  },
  relay: {
    ping_interval: RELAY.pingIntervalMs,
    ping_timeout: RELAY.pingTimeoutMs,
    duplicate_id: RELAY.duplicateId,
    mode: RELAY.mode,
    backlog: DEFAULT_BACKLOG,
    accept_time: 0,
  },
  boards: {
    count: 10,
    firmware: 'firmware/apps/sos.ts',
    device: 'espruino-esp32',
    boot_spread: 10 * SECOND_MS,
    seed_random: true,
    any_javascript: false,
    ...DEFAULT_STATION_VALUES,
    ...DEFAULT_ENERGY_VALUES,
    clock_drift: 'none',
    board_ping_interval: DEVICE.keepalive.ping_interval_ms,
    board_ping_timeout: DEVICE.keepalive.ping_timeout_ms,
  },
  link: linkValues(DEFAULT_LINK),
  /** An invariant is one that always has to hold, so a scenario names checks only to leave some out. */
  checks: Object.keys(CHECKS).filter((name) => !CHECKS[name].onlyWhenNamed),
} as const satisfies ScenarioDocument;
