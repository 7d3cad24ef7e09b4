/** What a check may know of the run that it judges. A scenario is one, by its shape. */

interface BoardsSettings {
  count: number;
  /** What counts of the device's config.json (CONTRACT section 6). */
  config: {
    keepalive: { ping_interval_ms: number; ping_timeout_ms: number };
    backoff: { min_ms: number; max_ms: number };
  };
}

interface LinkSettings {
  latencyMs: number;
  jitterMs: number;
  lossRate: number;
  burst: number;
  rssiDbm?: number;
  latencyUpMs?: number;
  latencyDownMs?: number;
  jitterUpMs?: number;
  jitterDownMs?: number;
  lossUp?: number;
  lossDown?: number;
  bitErrorRate?: number;
  reorderByMs?: number;
  mtuBytes?: number;
  mtuIcmp?: boolean;
}

export interface CheckSettings {
  /** Of all, where no group has its own. */
  boards: BoardsSettings;
  relay: { pingIntervalMs: number; pingTimeoutMs: number; duplicateId: string; acceptMs: number };
  link: LinkSettings;
  /** Groups of boards, in the order of their indices; none: all are alike. */
  fleet?: readonly { name: string; boards: BoardsSettings; link: LinkSettings }[];
  /** What stands before the relay. */
  balancer?: { mode: string; upgrade: string; handshakeDelayMs: number } | null;
  steps: readonly { action: string; parameters: Record<string, unknown> }[];
}

/** What follows for each board from the settings of its group, by its index. */
export function byBoard<T>(settings: CheckSettings, follows: (own: CheckSettings) => T): T[] {
  const { boards, fleet = [] } = settings;
  if (fleet.length === 0) return new Array<T>(boards.count).fill(follows(settings));
  return fleet.flatMap((group) => {
    const own = { ...settings, boards: { ...group.boards, count: boards.count }, link: group.link };
    return new Array<T>(group.boards.count).fill(follows(own));
  });
}

/** The same for one board that runs the firmware of another group from now on, on its own link. */
export function afterUpdate<T>(settings: CheckSettings, board: number, group: string, follows: (own: CheckSettings) => T): T {
  const { boards, fleet = [] } = settings;
  const links = fleet.flatMap((one) => new Array<LinkSettings>(one.boards.count).fill(one.link));
  const runs = fleet.find(({ name }) => name === group);
  return follows({ ...settings, boards: { ...(runs?.boards ?? boards), count: boards.count }, link: links[board] ?? settings.link });
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

/** What steps set these parameters of the link to. */
export function linkValuesOfSteps({ steps }: CheckSettings, ...parameters: readonly string[]): number[] {
  const setting = steps.filter(({ action }) => LINK_STEPS.includes(action));
  const values = setting.flatMap((step) => parameters.map((name) => step.parameters[name]));
  return values.filter((value) => typeof value === 'number');
}

/** As large as packets are, bits. */
const FULL_PACKET_BITS = 12_000;

/** The most that is lost on any way at any time of the run, 0 to 1. */
export function worstLossRate(settings: CheckSettings): number {
  const { lossRate, lossUp = 0, lossDown = 0, bitErrorRate = 0 } = settings.link;
  const lost = Math.max(lossRate, lossUp, lossDown, ...linkValuesOfSteps(settings, 'loss', 'loss_up', 'loss_down'));
  const spoilt = Math.max(bitErrorRate, ...linkValuesOfSteps(settings, 'corrupt'));
  return spoilt === 0 ? lost : 1 - (1 - lost) * (1 - spoilt) ** FULL_PACKET_BITS;
}

/** Whether large packets vanish at any time of the run, and nobody tells their sender. */
export function hasMtuBlackHole({ link, steps }: CheckSettings): boolean {
  const sets = steps.filter(({ action }) => action === 'link.set').map(({ parameters }) => parameters);
  const isLimited = link.mtuBytes !== undefined || sets.some(({ mtu }) => mtu !== undefined);
  return isLimited && (link.mtuIcmp === false || sets.some(({ mtu_icmp: isTold }) => isTold === false));
}

/** One way, at any time of the run, ms. */
export function longestDelayMs(settings: CheckSettings): number {
  const { link } = settings;
  const { latencyMs, latencyUpMs = 0, latencyDownMs = 0, jitterMs, jitterUpMs = 0, jitterDownMs = 0 } = link;
  const delayMs = Math.max(latencyMs, latencyUpMs, latencyDownMs, ...linkValuesOfSteps(settings, 'latency', 'latency_up', 'latency_down'));
  const spreadMs = Math.max(jitterMs, jitterUpMs, jitterDownMs, ...linkValuesOfSteps(settings, 'jitter', 'jitter_up', 'jitter_down'));
  const heldMs = Math.max(link.reorderByMs ?? 0, ...linkValuesOfSteps(settings, 'reorder_by'));
  return delayMs + spreadMs + heldMs;
}
