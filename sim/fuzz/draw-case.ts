/**
 * A random case: a pure function of a base scenario and a seed.
 *
 * The base gives the firmware, TLS if it has it, and what a case can have at most of boards and time; its
 * steps stay, those that expect something and its thresholds do not, since nobody can know them for other
 * weather. Everything else is drawn, within what real devices and relays are set to.
 */
import { formatDuration, MINUTE_MS, parseDuration, SECOND_MS } from 'host/units';
import { Draw } from '../kernel/draw.ts';
import { RandomStreams } from '../kernel/random.ts';
import { drawBalancer } from '../net/balancer/settings.ts';
import { drawLink } from '../net/link/settings.ts';
import { DEFAULTS, DEVICES } from '../scenario/settings.ts';
import { ACTIONS } from '../scenario/steps/index.ts';
import { type Case, type Settings, withBoards } from './case.ts';
import { drawFleetSteps, drawSteps } from './draw-steps.ts';

/** Few boards and short runs make many cases, and what breaks a fleet's rules breaks with few. */
const MAX_BOARDS = 10;
const MAX_DURATION_MS = 10 * MINUTE_MS;
const MIN_DURATION_MS = 30 * SECOND_MS;
/** More than there are channels. */
const MAX_APS = 4;
/**
 * Handshakes cost time. Certificates that boards verify are drawn by nobody: whether one is good, other
 * weather does not change.
 */
const TLS_CHANCE = 0.1;
/** Beside those whose steps need one. */
const BALANCER_CHANCE = 0.1;
const FLEET_CHANCE = 0.2;
/** Of a fleet to differ in firmware alone. */
const SAME_DEVICE_CHANCE = 0.5;
/** Only boards that know the relay by its name feel `dns.fail`. */
const NAME_CHANCE = 0.2;

/** A fleet, and the steps that only it can have. */
type Drawn = Settings & { steps: Settings[] };

export function drawCase(base: Case, seed: number): Case {
  const draw = new Draw(new RandomStreams(seed).stream('fuzz'));
  const baseMs = parseDuration(base.duration) ?? DEFAULTS.duration;
  const mostMs = Math.min(baseMs, MAX_DURATION_MS);
  const durationMs = draw.magnitude(Math.min(MIN_DURATION_MS, mostMs), mostMs);
  const count = draw.whole(1, Math.min(base.boards.count, MAX_BOARDS));
  const kept = withBoards(base, count).steps.filter(
    ({ at, action }) => action !== 'expect' && (parseDuration(at as string) ?? 0) <= durationMs,
  );
  const air = drawAir(draw, base);
  const hasBalancer = base.balancer !== undefined || kept.some(({ action }) => ACTIONS[action as string].needsBalancer);
  const tls = base.tls === undefined && !hasBalancer && draw.chance(TLS_CHANCE) ? { tls: 'encrypt' } : {};
  const hasTls = base.tls !== undefined || tls.tls !== undefined;
  const relay = drawRelay(draw);
  const boards = {
    ...base.boards,
    ...drawBoards(draw),
    ...drawPower(seed),
    ...deviceOf(base),
    count,
    config: drawConfig(draw, base.boards.config),
  };
  const { steps: fleetSteps, ...fleet } = drawFleet(base, seed, boards, durationMs);
  return {
    ...base,
    name: `fuzz-${seed}`,
    seed,
    duration: formatDuration(durationMs),
    relay,
    boards,
    link: drawLink(draw),
    ...air,
    ...fleet,
    ...(!hasTls && !hasBalancer && draw.chance(BALANCER_CHANCE) ? { balancer: drawBalancer(draw) } : {}),
    steps: [...kept, ...drawSteps(draw, durationMs, count, { sharesAir: air.air !== 'private', hasTls }), ...fleetSteps],
    checks: [...DEFAULTS.checks],
    thresholds: [],
    ...tls,
  };
}

function drawRelay(draw: Draw): Settings {
  return {
    ping_interval: draw.chance(0.1) ? '0ms' : draw.duration(SECOND_MS, MINUTE_MS),
    ping_timeout: draw.duration(SECOND_MS, MINUTE_MS),
    duplicate_id: draw.pick(['reject', 'takeover']),
    mode: draw.pick(['broadcast', 'echo']),
    ...(draw.chance(0.2) ? { backlog: draw.magnitude(1, 8), accept_time: draw.duration(1, 200) } : {}),
  };
}

function drawBoards(draw: Draw): Settings {
  return {
    device: draw.pick(DEVICES),
    boot_spread: draw.chance(0.2) ? '0ms' : draw.duration(SECOND_MS, MINUTE_MS / 2),
    seed_random: draw.chance(0.9),
    ...drawStation(draw),
  };
}

/** A button cell. */
const MIN_BATTERY_MAH = 10;

/** What feeds boards, how they wait, and how wrong their clocks are. From a stream of its own. */
function drawPower(seed: number): Settings {
  const draw = new Draw(new RandomStreams(seed).stream('fuzz-power'));
  return {
    ...(draw.chance(0.3) ? { light_sleep: true } : {}),
    ...(draw.chance(0.2) ? { frequency_scaling: true } : {}),
    // The smallest is empty within an hour or so: boards then sag as they join.
    ...(draw.chance(0.2) ? { battery: `${draw.magnitude(MIN_BATTERY_MAH, 2_000)}mAh` } : {}),
    ...(draw.chance(0.2) ? { clock_drift: draw.pick(['profile', '100ppm', '10000ppm']) } : {}),
  };
}

/**
 * Some boards that are not like the others, or not at first: where all are of one device they may be updated.
 * A fleet of the base stays as it is. From a stream of its own.
 */
function drawFleet(base: Case, seed: number, boards: { count: number; device?: unknown }, durationMs: number): Drawn {
  if (base.fleet !== undefined) return { steps: [] };
  const draw = new Draw(new RandomStreams(seed).stream('fuzz-fleet'));
  if (!draw.chance(FLEET_CHANCE)) return { steps: [] };
  const others: Settings = {
    share: draw.whole(1, 99) / 100,
    ...drawBoards(draw),
    ...deviceOf(base),
    config: drawConfig(draw, {}),
    link: drawLink(draw),
  };
  const groups = { usual: {}, others };
  if (!draw.chance(SAME_DEVICE_CHANCE)) return { fleet: groups, steps: [] };
  others.device = boards.device;
  return { fleet: groups, steps: drawFleetSteps(draw, durationMs, boards.count, Object.keys(groups)) };
}

/** As an ESP32 is when nobody has set it up, most often. */
function drawStation(draw: Draw): Settings {
  return {
    ...(draw.chance(0.2) ? { scan: 'all' } : {}),
    ...(draw.chance(0.2) ? { roam: draw.whole(1, 20) } : {}),
    ...(draw.chance(0.2) ? { reconnects: draw.pick([2, 5, 'forever']) } : {}),
  };
}

/**
 * Most share the air of one access point. What others take, and the pairs that do not hear each other, are an
 * office's. Steps of the base stay legal.
 */
function drawAir(draw: Draw, base: Case): Settings {
  const drawn = draw.chance(0.3) ? draw.whole(2, MAX_APS) : 1;
  const aps = typeof base.aps === 'number' && base.aps > 1 ? base.aps : drawn;
  if (draw.chance(0.2) && !base.steps.some(({ action }) => action === 'air.set')) return { aps, air: 'private' };
  return {
    aps,
    air: {
      neighbours: draw.chance(0.3) ? draw.whole(1, 50) / 100 : 0,
      hidden: draw.chance(0.2) ? draw.whole(1, 30) / 100 : 0,
      slow_station: draw.chance(0.1),
      ap_queue: draw.chance(0.2) ? draw.magnitude(20, 1_000) : 'deep',
      aggregate: draw.chance(0.2),
    },
  };
}

/** Firmware that no board runs stays on the device that does. */
function deviceOf({ boards }: Case): Settings {
  return boards.any_javascript === true ? { device: boards.device } : {};
}

function drawConfig(draw: Draw, config: Settings): Settings {
  const minMs = draw.magnitude(100, 10 * SECOND_MS);
  return {
    ...config,
    keepalive: {
      ping_interval_ms: draw.chance(0.1) ? 0 : draw.magnitude(SECOND_MS, MINUTE_MS),
      ping_timeout_ms: draw.magnitude(SECOND_MS, MINUTE_MS),
    },
    backoff: {
      kind: draw.pick(['fixed', 'exponential']),
      jitter: draw.pick(['none', 'equal', 'full', 'decorrelated']),
      min_ms: minMs,
      max_ms: draw.magnitude(minMs, MINUTE_MS),
    },
    outbox: draw.chance(0.1) ? 0 : draw.magnitude(1, 64),
    ...(typeof config.server === 'string' ? { server: draw.chance(NAME_CHANCE) ? byName(config.server) : config.server } : {}),
  };
}

/** A name in place of the host, so that boards ask DNS. */
function byName(server: string): string {
  return server.replace(/^(wss?:\/\/)[^:/]+/, '$1relay.example');
}
