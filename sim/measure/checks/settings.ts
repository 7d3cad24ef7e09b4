/** What a check may know of the run that it judges. A scenario is one, by its shape. */

export interface CheckSettings {
  boards: {
    count: number;
    /** The device's configuration: plain JSON (CONTRACT section 6), complete and already validated. */
    config: Record<string, unknown>;
  };
  relay: { pingIntervalMs: number; pingTimeoutMs: number; duplicateId: string };
  link: { latencyMs: number; jitterMs: number; lossRate: number; burst: number; rssiDbm?: number };
  steps: readonly { action: string; parameters: Record<string, unknown> }[];
}

export interface DeviceTimes {
  /** 0 = keepalive off. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
  /** The longest wait between two attempts. */
  backoffMaxMs: number;
}

export function deviceTimes(settings: CheckSettings): DeviceTimes {
  return {
    pingIntervalMs: numberAt(settings, 'keepalive', 'ping_interval_ms'),
    pingTimeoutMs: numberAt(settings, 'keepalive', 'ping_timeout_ms'),
    backoffMaxMs: Math.max(numberAt(settings, 'backoff', 'min_ms'), numberAt(settings, 'backoff', 'max_ms')),
  };
}

function numberAt(settings: CheckSettings, section: string, key: string): number {
  const value = (settings.boards.config[section] as Record<string, unknown> | undefined)?.[key];
  if (typeof value !== 'number') throw new TypeError(`boards.config.${section}.${key} must be a number, is ${JSON.stringify(value)}`);
  return value;
}

/** What steps set this parameter of the link to. */
export function linkValuesOfSteps({ steps }: CheckSettings, parameter: 'latency' | 'jitter' | 'loss' | 'burst' | 'rssi'): number[] {
  const values = steps.filter(({ action }) => action === 'link.set').map(({ parameters }) => parameters[parameter]);
  return values.filter((value) => typeof value === 'number');
}
