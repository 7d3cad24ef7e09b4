/** What a check may know of the run that it judges. A scenario is one, by its shape. */

export interface CheckSettings {
  boards: {
    count: number;
    /** What counts of the device's config.json (CONTRACT section 6). */
    config: {
      keepalive: { ping_interval_ms: number; ping_timeout_ms: number };
      backoff: { min_ms: number; max_ms: number };
    };
  };
  relay: { pingIntervalMs: number; pingTimeoutMs: number; duplicateId: string; acceptMs: number };
  link: { latencyMs: number; jitterMs: number; lossRate: number; burst: number; rssiDbm?: number };
  /** What stands before the relay. */
  balancer?: { mode: string; upgrade: string; handshakeDelayMs: number } | null;
  steps: readonly { action: string; parameters: Record<string, unknown> }[];
}

export interface DeviceTimes {
  /** 0 = keepalive off. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
  /** The longest wait between two attempts. */
  backoffMaxMs: number;
}

export function deviceTimes({ boards }: CheckSettings): DeviceTimes {
  const { keepalive, backoff } = boards.config;
  return {
    pingIntervalMs: keepalive.ping_interval_ms,
    pingTimeoutMs: keepalive.ping_timeout_ms,
    backoffMaxMs: Math.max(backoff.min_ms, backoff.max_ms),
  };
}

/** Steps that set a link's settings; `ap.signal` its `rssi`. */
const LINK_STEPS = ['link.set', 'ap.signal'];

/** What steps set this parameter of the link to. */
export function linkValuesOfSteps({ steps }: CheckSettings, parameter: 'latency' | 'jitter' | 'loss' | 'burst' | 'rssi'): number[] {
  const values = steps.filter(({ action }) => LINK_STEPS.includes(action)).map(({ parameters }) => parameters[parameter]);
  return values.filter((value) => typeof value === 'number');
}
