/**
 * A tuned setting as its owner takes it over: the part of the device's config.json that was tuned, and the
 * flags of the relay.
 */
import type { DEFAULT_CONFIG } from 'firmware/config';
import { formatDuration } from 'host/units';
import type { Scenario } from '../../scenario/scenario.ts';
import { DEFAULTS } from '../../scenario/settings.ts';

/** How a channel behaves. The rest (network, server, certificates, id) is the device's own. */
const BEHAVIOUR = ['socket_delay_ms', 'keepalive', 'backoff', 'outbox'] as const satisfies readonly (keyof typeof DEFAULT_CONFIG)[];

/** A config.json that stands by itself: what it leaves out has the device's defaults. */
export function deviceConfig({ boards }: Scenario): Record<string, unknown> {
  return Object.fromEntries(BEHAVIOUR.map((key) => [key, boards.config[key]]));
}

/** `--ws-ping-interval 10s …` */
export function relayFlags({ relay }: Scenario): string {
  const { pingIntervalMs, pingTimeoutMs, duplicateId } = relay;
  const flags = [`--ws-ping-interval ${formatDuration(pingIntervalMs)}`, `--ws-ping-timeout ${formatDuration(pingTimeoutMs)}`];
  if (duplicateId !== DEFAULTS.relay.duplicate_id) flags.push(`--duplicate-id ${duplicateId}`);
  return flags.join(' ');
}
