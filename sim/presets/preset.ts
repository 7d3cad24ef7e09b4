/**
 * What a client library or a server is set to when nobody sets anything, in the terms of a scenario, with the
 * source of each number; what it has no setting for; what of it the kit does not play; and the lines in which
 * its user writes settings down.
 */
import type { DeviceConfig } from 'firmware/config';

/** A value as a scenario writes it, and where it stands: file and name in the repository and version that `about` names. */
export type Fact = readonly [value: string, source: string];

/** How a channel behaves. */
export type Behaviour = Pick<DeviceConfig, 'keepalive' | 'backoff'>;

/** Settings of boards that a client decides. */
export const CLIENT_SETTINGS = [
  'board_ping_interval',
  'board_ping_timeout',
  'backoff.kind',
  'backoff.min',
  'backoff.max',
  'backoff.jitter',
] as const;
export type ClientSetting = (typeof CLIENT_SETTINGS)[number];

/** Settings of a scenario that a server decides. */
export type ServerSetting = 'relay.ping_interval' | 'relay.ping_timeout' | 'relay.duplicate_id' | 'balancer.preset';

/** Lines to paste. */
export interface Answer {
  /** Where they belong. */
  place: string;
  lines: readonly string[];
}

interface Preset<Setting extends string> {
  /** The library with its version, as `owner/name commit` where it was read. */
  about: string;
  /** Why a setting is as it is and cannot be otherwise, and what to patch if it has to be. */
  cannot: Partial<Record<Setting, string>>;
  /** The timeout where it is no setting of its own, ms. */
  timeoutMs?(intervalMs: number): number;
  /** Settings that are whole seconds. */
  seconds?: readonly Setting[];
  /** What the library does otherwise than the kit's boards and relay play it. */
  notModelled: readonly string[];
}

export interface ClientPreset extends Preset<ClientSetting> {
  /** `board_ping_interval` 0s: no keepalive of its own. */
  settings: Partial<Record<ClientSetting, Fact>>;
  /** What an interval is a multiple of, ms, where that is not a second. */
  stepMs?: number;
  /** Of MQTT: the keepalive that CONNECT says, by which the broker goes, ms. */
  keepaliveMs?(intervalMs: number): number;
  paste(behaviour: Behaviour): Answer;
}

export interface ServerValues {
  /** 0: off. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
}

export interface ServerPreset extends Preset<ServerSetting> {
  settings: Partial<Record<ServerSetting, Fact>>;
  /**
   * Of a broker: it pings nobody and ends a client that it has not heard for so long, ms, by the client's
   * keepalive.
   */
  silenceMs?(keepaliveMs: number): number;
  /** Of a proxy: it ends what was idle for so long, ms. */
  idleMs?: number;
  /** Null: nothing to set. */
  paste(values: ServerValues): Answer | null;
}
