/**
 * What a balancer or reverse proxy before the relay is set to, and named presets of well-known ones.
 * Documents, the plan in words, the docs and the fuzzer are made from it.
 */
import { formatDuration } from 'host/units';
import type { Draw } from '../../kernel/draw.ts';
import { choice, duration, type Field, type Values, whole } from '../../kernel/fields.ts';
import { EPHEMERAL_PORTS } from './ports.ts';

export interface BalancerSettings {
  /** `http` reads the opening handshake, `tcp` passes bytes as they are. */
  mode: 'http' | 'tcp';
  /** 0: never. */
  idleCloseMs: number;
  closeWith: 'fin' | 'rst' | 'late_rst';
  closeRelayWith: 'fin' | 'rst';
  /** 0: no limit. */
  maxLifetimeMs: number;
  lifetimeSpreadMs: number;
  awayStatus: number;
  awayDelayMs: number;
  answerTimeoutMs: number;
  timeoutStatus: number;
  handshakeDelayMs: number;
  upgrade: 'pass' | 'drop';
  /** For its connections to the relay. */
  ports: number;
}

const DAY_MS = 86_400_000;
/** The relay's kernel resends within a second: less would end what only waits for a packet. */
const MIN_LIMIT_MS = 1_000;
const MIN_STATUS = 500;
const MAX_STATUS = 599;

interface BalancerSetting<T> {
  key: string;
  about: string;
  field: Field<T>;
  default: T;
}

type Settings = { readonly [Name in keyof BalancerSettings]: BalancerSetting<BalancerSettings[Name]> };

const limit = offOr(duration(MIN_LIMIT_MS, DAY_MS));

/** In the order in which documents have them. */
export const BALANCER_SETTINGS = {
  mode: {
    key: 'mode',
    about: '`http` reads the opening handshake, `tcp` passes bytes as they are, as each one must that passes TLS on',
    field: choice(['http', 'tcp']),
    default: 'http',
  },
  idleCloseMs: {
    key: 'idle_close',
    about: 'A connection through which no byte passed for so long, either way, is closed; pings count, TCP’s own keepalive does not',
    field: limit,
    default: 0,
  },
  closeWith: {
    key: 'close_with',
    about: 'What the board gets then: FIN, RST, or nothing before its next packet, which is answered with RST',
    field: choice(['fin', 'rst', 'late_rst']),
    default: 'fin',
  },
  closeRelayWith: {
    key: 'close_relay_with',
    about: 'What the relay gets then (with `late_rst` the same as the board)',
    field: choice(['fin', 'rst']),
    default: 'fin',
  },
  maxLifetimeMs: {
    key: 'max_lifetime',
    about: 'A connection is closed at this age, whatever passes',
    field: limit,
    default: 0,
  },
  lifetimeSpreadMs: {
    key: 'lifetime_spread',
    about: 'By so much less, at most, drawn for each connection; no more than `max_lifetime`',
    field: duration(0, DAY_MS),
    default: 0,
  },
  awayStatus: {
    key: 'away_status',
    about: 'The HTTP status for a relay that refuses the connection',
    field: whole(MIN_STATUS, MAX_STATUS),
    default: 502,
  },
  awayDelayMs: {
    key: 'away_delay',
    about: 'The relay is tried for so long before that answer',
    field: duration(0, DAY_MS),
    default: 0,
  },
  answerTimeoutMs: {
    key: 'answer_timeout',
    about: 'How long the relay may take for its answer to the opening handshake',
    field: duration(MIN_LIMIT_MS, DAY_MS),
    default: 60_000,
  },
  timeoutStatus: {
    key: 'timeout_status',
    about: 'The HTTP status when that time is over',
    field: whole(MIN_STATUS, MAX_STATUS),
    default: 504,
  },
  handshakeDelayMs: {
    key: 'handshake_delay',
    about: 'The relay’s answer to the opening handshake is held back so long, as by a proxy that buffers it',
    field: duration(0, DAY_MS),
    default: 0,
  },
  upgrade: {
    key: 'upgrade',
    about: '`drop`: the request goes on without `Upgrade`, as through nginx without the two lines for WebSockets',
    field: choice(['pass', 'drop']),
    default: 'pass',
  },
  ports: {
    key: 'ports',
    about:
      'Local ports for its connections to the relay: one each, and for 60 s more in TIME_WAIT after it closed one first; without a free one the relay is away to it',
    field: whole(2, EPHEMERAL_PORTS),
    default: EPHEMERAL_PORTS,
  },
} as const satisfies Settings;

const ROWS = Object.entries(BALANCER_SETTINGS) as [keyof BalancerSettings, BalancerSetting<unknown>][];

export const DEFAULT_BALANCER = Object.fromEntries(ROWS.map(([name, setting]) => [name, setting.default])) as unknown as BalancerSettings;

interface Preset {
  about: string;
  settings: Partial<BalancerSettings>;
}

/**
 * As each comes out of its box. [M] measured by balancer.test.ts at the program, with shorter times; [D] its
 * documentation; [R] a report; what it does not say is the default above.
 */
export const BALANCER_PRESETS = {
  /** [M, D] proxy_read_timeout and proxy_send_timeout of 60 s, which traffic of either side begins anew. */
  nginx: { about: 'nginx with the two lines for WebSockets', settings: { idleCloseMs: 60_000 } },
  /** [M] The same with neither line: HTTP/1.0 to the relay, and no `Upgrade`. */
  'nginx-plain': { about: 'nginx without them', settings: { idleCloseMs: 60_000, upgrade: 'drop' } },
  /**
   * [M] /etc/haproxy/haproxy.cfg of Debian: timeout client and server 50 s, no timeout tunnel; three retries,
   * a second apart, then 503.
   */
  haproxy: {
    about: 'HAProxy as Debian sets it up',
    settings: { idleCloseMs: 50_000, closeRelayWith: 'rst', awayStatus: 503, awayDelayMs: 3_000, answerTimeoutMs: 50_000 },
  },
  /** [D] Application Load Balancer, edit-load-balancer-attributes: 60 s; FIN is assumed. */
  'aws-alb': { about: 'AWS Application Load Balancer', settings: { idleCloseMs: 60_000 } },
  /** [D] Network Load Balancer, update-idle-timeout: 350 s; who sends later gets RST. */
  'aws-nlb': { about: 'AWS Network Load Balancer', settings: { mode: 'tcp', idleCloseMs: 350_000, closeWith: 'late_rst' } },
  /**
   * [R] 100 s without traffic (buildbot issue 4078); [D] 521 and 524, origin read 120 s (connection-limits);
   * FIN is assumed.
   */
  cloudflare: { about: 'Cloudflare', settings: { idleCloseMs: 100_000, awayStatus: 521, answerTimeoutMs: 120_000, timeoutStatus: 524 } },
  /** [D] http-routing and request-timeout: 30 s to the first byte (H12, 503), then 55 s without one (H15). */
  heroku: {
    about: 'Heroku’s router',
    settings: { idleCloseMs: 55_000, awayStatus: 503, answerTimeoutMs: 30_000, timeoutStatus: 503 },
  },
  /** [R] ingress-gce, examples/websocket: a backend's timeout of 30 s is a WebSocket's lifetime. */
  'google-lb': { about: 'Google’s external HTTP(S) load balancer', settings: { maxLifetimeMs: 30_000, answerTimeoutMs: 30_000 } },
} as const satisfies Record<string, Preset>;

export type BalancerPreset = keyof typeof BALANCER_PRESETS;

const PRESET_NAMES = Object.keys(BALANCER_PRESETS) as BalancerPreset[];

/** What each may be in a document. */
export const BALANCER_FIELDS = {
  preset: described(choice(PRESET_NAMES), 'A well-known one; the other keys change it'),
  ...(Object.fromEntries(ROWS.map(([, { key, field, about }]) => [key, described(field, about)])) as Record<BalancerKey, Field<unknown>>),
};

type BalancerKey = (typeof BALANCER_SETTINGS)[keyof BalancerSettings]['key'];
/** As documents have them. */
export type BalancerValues = Values<typeof BALANCER_FIELDS>;

const NAMES = new Map(ROWS.map(([name, { key }]) => [key, name]));

/** Settings that are not given, by themselves or by a preset, stay out. */
export function balancerSettings({ preset, ...values }: BalancerValues): Partial<BalancerSettings> {
  const own = Object.entries(values).filter(([, value]) => value !== undefined);
  return {
    ...(preset === undefined ? {} : BALANCER_PRESETS[preset].settings),
    ...Object.fromEntries(own.map(([key, value]) => [NAMES.get(key), value])),
  };
}

/** Those that are not as they come, so that reading them gives the same settings. */
export function balancerValues(settings: BalancerSettings): Record<string, unknown> {
  const told = ROWS.filter(([name, setting]) => settings[name] !== setting.default);
  return Object.fromEntries(told.map(([name, { key, field }]) => [key, field.write(settings[name])]));
}

/** What it does to connections, each a clause that follows "a balancer". */
export function describeBalancer(settings: BalancerSettings): string[] {
  const { mode, idleCloseMs, closeWith, closeRelayWith, maxLifetimeMs, lifetimeSpreadMs, handshakeDelayMs, upgrade } = settings;
  const how = { fin: 'with FIN', rst: 'with RST', late_rst: 'so that who sends later gets RST' }[closeWith];
  const relay = closeWith !== 'late_rst' && closeRelayWith !== closeWith ? ` (the relay’s side with ${closeRelayWith.toUpperCase()})` : '';
  const closes = [
    ...(idleCloseMs > 0 ? [`what was idle for ${formatDuration(idleCloseMs)}`] : []),
    ...(maxLifetimeMs > 0
      ? [`what is ${formatDuration(maxLifetimeMs)} old${lifetimeSpreadMs > 0 ? ` or up to ${formatDuration(lifetimeSpreadMs)} less` : ''}`]
      : []),
  ];
  return [
    mode === 'tcp' ? 'passes bytes as they are' : `answers ${settings.awayStatus} while the relay is away`,
    ...(closes.length > 0 ? [`closes ${closes.join(' and ')} ${how}${relay}`] : []),
    ...(mode === 'http' && handshakeDelayMs > 0 ? [`holds the answer to the handshake back for ${formatDuration(handshakeDelayMs)}`] : []),
    ...(mode === 'http' && upgrade === 'drop' ? ['drops Upgrade'] : []),
    ...(settings.ports === EPHEMERAL_PORTS ? [] : [`has ${settings.ports} ports for its connections to the relay`]),
  ];
}

/** Of a fuzzed world: half of them a known one. */
export function drawBalancer(draw: Draw): Record<string, unknown> {
  const preset = draw.chance(0.5) ? { preset: draw.pick(PRESET_NAMES) } : {};
  const [second, minute] = [1_000, 60_000];
  return {
    ...preset,
    ...(draw.chance(0.5) ? { idle_close: draw.duration(2 * second, 2 * minute) } : {}),
    ...(draw.chance(0.3) ? { close_with: draw.pick(['fin', 'rst', 'late_rst']), close_relay_with: draw.pick(['fin', 'rst']) } : {}),
    ...(draw.chance(0.2)
      ? { max_lifetime: draw.duration(20 * second, 5 * minute), lifetime_spread: draw.duration(second, 20 * second) }
      : {}),
    ...(draw.chance(0.2) ? { handshake_delay: draw.duration(10, 3 * second) } : {}),
    ...(draw.chance(0.2) ? { away_status: draw.whole(502, 504), away_delay: draw.duration(10, 5 * second) } : {}),
    ...(draw.chance(0.1) ? { mode: 'tcp' } : {}),
    ...(draw.chance(0.1) ? { ports: draw.magnitude(10, EPHEMERAL_PORTS) } : {}),
  };
}

/** `0s` too, which is never. */
function offOr(field: Field<number>): Field<number> {
  const off = duration(0, 0);
  return { ...field, expected: `${field.expected}, or 0s for never`, read: (value) => off.read(value) ?? field.read(value) };
}

function described<T>(field: Field<T>, about: string): Field<T> {
  return { ...field, jsonSchema: { ...field.jsonSchema, description: `${about}.` } };
}
