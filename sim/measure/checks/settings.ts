/** What the checks must know of a scenario's device configuration, which is plain JSON (CONTRACT section 6), complete and already validated. */
import type { Scenario } from '../../scenario/scenario.ts';

export interface DeviceTimes {
  /** 0 = keepalive off. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
  /** The longest wait between two attempts. */
  backoffMaxMs: number;
}

export function deviceTimes(scenario: Scenario): DeviceTimes {
  return {
    pingIntervalMs: numberAt(scenario, 'keepalive', 'ping_interval_ms'),
    pingTimeoutMs: numberAt(scenario, 'keepalive', 'ping_timeout_ms'),
    backoffMaxMs: Math.max(numberAt(scenario, 'backoff', 'min_ms'), numberAt(scenario, 'backoff', 'max_ms')),
  };
}

function numberAt(scenario: Scenario, section: string, key: string): number {
  const value = (scenario.boards.config[section] as Record<string, unknown> | undefined)?.[key];
  if (typeof value !== 'number') throw new TypeError(`boards.config.${section}.${key} must be a number, is ${JSON.stringify(value)}`);
  return value;
}

/** What steps set this parameter of the link to. */
export function linkValuesOfSteps({ steps }: Scenario, parameter: 'latency' | 'jitter' | 'loss' | 'burst' | 'rssi'): number[] {
  const values = steps.filter(({ action }) => action === 'link.set').map(({ parameters }) => parameters[parameter]);
  return values.filter((value) => typeof value === 'number');
}
