/**
 * A run's complete settings, resolved: what flags, scenario files and recordings all become before anything
 * runs. Plain JSON.
 */

import type { ClockDriftSetting } from '../board/clock-drift.ts';
import type { EnergySettings } from '../board/energy/settings.ts';
import type { DeviceName } from '../board/profiles/index.ts';
import type { BoardConfig } from '../board/runtime.ts';
import type { Spread } from '../kernel/spread.ts';
import type { BalancerSettings } from '../net/balancer/settings.ts';
import type { LinkSettings } from '../net/link/settings.ts';
import type { AirSettings } from '../net/wifi/air/settings.ts';
import type { StationSettings } from '../net/wifi/station-settings.ts';
import type { ClientName, ServerName } from '../presets/names.ts';

export type { DeviceName } from '../board/profiles/index.ts';
export type { LinkSettings } from '../net/link/settings.ts';
export type { AirSettings } from '../net/wifi/air/settings.ts';

/**
 * none · encrypted only · the board verifies the relay · both verify, and the relay knows boards by their
 * certificates.
 */
export type TlsMode = 'none' | 'encrypt' | 'server' | 'mutual';

export interface RelaySettings {
  /** Whose defaults it has; left out: the kit's own. The other settings say all that is played. */
  server?: ServerName;
  /** 0 = keepalive off. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
  duplicateId: 'reject' | 'takeover';
  mode: 'broadcast' | 'echo';
  /** Connections that wait for its process at most, as it asks of listen(2). */
  backlog: number;
  /** What its process computes for each connection that it takes, ms. */
  acceptMs: number;
}

export interface BoardSettings {
  /** The library whose defaults they have; left out: the kit's own. `config` says all that is played. */
  client?: ClientName;
  count: number;
  /** Path of the firmware module. */
  firmware: string;
  device: DeviceName;
  /** Complete, as the firmware's kind has it. */
  config: BoardConfig;
  /** Boards power up at a random moment within this time, ms. */
  bootSpreadMs: number;
  /** What a board's Wi-Fi does by itself. */
  station: StationSettings;
  energy: EnergySettings;
  clockDrift: ClockDriftSetting;
  /** The firmware may use what the engine of no board has. */
  anyJavaScript: boolean;
  /**
   * False: the platform's random generator stays unseeded, the same on every board (the herd it causes is the
   * point).
   */
  seedRandom: boolean;
}

/** Boards of a fleet that have settings of their own. */
export interface FleetGroup {
  name: string;
  /** How many it asked for, or which share of all boards; null: what the others leave. */
  size: { count: number } | { share: number } | null;
  /** Index of its first board. */
  first: number;
  /** Complete; `count` is how many there are. */
  boards: BoardSettings;
  link: LinkSettings;
  /** The access point that its boards belong to, counted from 1; null: they belong to all by turns. */
  ap: number | null;
}

/**
 * All boards, a share of them (drawn by the seed), or the first `count`, each also of one group of the fleet
 * alone; or by id.
 */
export type Target =
  | { kind: 'all'; of?: string }
  | { kind: 'share'; share: number; of?: string }
  | { kind: 'count'; count: number; of?: string }
  | { kind: 'ids'; ids: string[] };

export interface Step {
  atMs: number;
  action: string;
  target: Target;
  /** The action is undone after this time, ms; 0 = never. */
  forMs: number;
  /** In place of `forMs`: drawn for each run. */
  forDrawn?: Spread;
  /** It happens again and again, from a gap after `atMs` to the end of the run; left out: once. */
  every?: Spread;
  /** With `every`: at most so often. */
  times?: number;
  /** In the run, by which its luck is named; left out: its place among the steps. */
  number?: number;
  /** The action's own parameters, checked by its schema. */
  parameters: Record<string, unknown>;
}

export interface Scenario {
  name: string;
  about: string;
  seed: number;
  durationMs: number;
  tls: TlsMode;
  relay: RelaySettings;
  /** Of all, where no group has its own. */
  boards: BoardSettings;
  link: LinkSettings;
  /** Groups of boards in the order of their ids; none: all are alike. */
  fleet: readonly FleetGroup[];
  /** What stands before the relay; null: nothing. */
  balancer: BalancerSettings | null;
  /** Access points of the network, at least 1; boards belong to them by turns. */
  aps: number;
  /** What boards on one channel share; null: each has an air of its own. */
  air: AirSettings | null;
  steps: Step[];
  checks: string[];
  thresholds: string[];
}
