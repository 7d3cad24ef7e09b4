/**
 * The device's `config.json`: its type, its defaults, and a strict parser that reports every error at once, each with the key's path and what was
 * expected. Runs on the device, so it is a table and a walk over it. A missing key gets its default; values are never shown where they may be secret.
 */
import type { BackoffSettings } from './channel/backoff.ts';
import type { WifiSettings } from './channel/wifi-keeper.ts';
import { nearest } from './nearest.ts';

export interface DeviceConfig {
  wifi: WifiSettings;
  /** `ws://HOST[:PORT][/PATH]`, or `wss://` for TLS; `client_id` is appended, percent-encoded. */
  server: string;
  socket_delay_ms: number;
  /**
   * For `wss://`; beside `ws://` it is checked and not used. File names on the device, PEM or DER. `cert_reqs` 0 encrypts only · 1 checks the relay's
   * certificate, if there is a `ca`, and only logs what is wrong with it (mbedTLS's VERIFY_OPTIONAL) · 2 it must be good, by the authority in `ca`.
   */
  ssl: { key: string; cert: string; ca: string; cert_reqs: number };
  /**
   * Who tells the board what day it is, without which no certificate can be checked. `sntp`: the time server `server` · `date_header`: the relay's
   * answer on a connection that is not verified; whoever answers first sets the clock, and may so make an expired certificate good again.
   */
  clock: { source: 'none' | 'sntp' | 'date_header'; server: string };
  client_id: string;
  keepalive: { ping_interval_ms: number; ping_timeout_ms: number };
  backoff: BackoffSettings;
  /** Messages that may wait for the channel. */
  outbox: number;
}

export const DEFAULT_CONFIG: DeviceConfig = {
  // Network: placeholders. Attempts and ms between them: the original's `wifi_connect(SSID, pwd, attempts=3, delay_in_msec=200)`.
  wifi: { SSID: 'squall', password: '', attempts: 3, delay_in_msec: 200 },
  // The address in the original's documentation, the original relay's port.
  server: 'ws://192.168.1.10:8000/',
  // ms; 0 = as data comes. The original's 5 ms only paced its polling.
  socket_delay_ms: 0,
  // The original's `config.get("ssl", {})`; 0 = verify nothing.
  ssl: { key: '', cert: '', ca: '', cert_reqs: 0 },
  // Nobody is asked unless the config says so. The pool of the NTP project.
  clock: { source: 'none', server: 'pool.ntp.org' },
  // Empty: the relay gives the client a generated id.
  client_id: '',
  // ms. Below the shortest idle limits on the way (30 s balancers, 55 to 60 s routers), above the relay's 20 s, so a healthy relay's ping comes first.
  keepalive: { ping_interval_ms: 25000, ping_timeout_ms: 10000 },
  // ms. One second is what most clients begin with and a minute what a person waits; full jitter ends a herd quickest (AWS's comparison).
  backoff: { kind: 'exponential', jitter: 'full', min_ms: 1000, max_ms: 60000 },
  // Messages; 52 s of SOS. Small ones are meant: sixteen of the largest would not fit into a board.
  outbox: 16,
};

export interface ServerUrl {
  secure: boolean;
  host: string;
  port: number;
  /** Begins with `/`. */
  path: string;
}

/** Returns what is wrong with `value`, as "expected …", or '' when nothing is. */
type Rule = (value: unknown) => string;
interface Table {
  [key: string]: Rule | Table;
}

/** Longest wait or interval, ms. A day: what is longer was meant in another unit. */
const DURATION_MAX_MS = 86400000;
/** Shortest backoff, ms: below it a relay that refuses is hammered. */
const BACKOFF_MIN_MS = 100;
/** Longest read delay, ms: the opening handshake's eight lines must fit into its 10 s. */
const SOCKET_DELAY_MAX_MS = 1000;
/** Longest path of a file in flash, bytes (Espruino's TLS). */
const FILE_NAME_MAX = 100;
/** RFC 1035 section 2.3.4, bytes. */
const HOST_NAME_MAX = 253;
/** Most messages an outbox may hold: beyond it a board has no memory for even small ones. */
const OUTBOX_MAX = 1024;

/** Made when asked for, so that a built program, whose config the build has parsed, goes without rules and messages. */
const rules = (): Table => ({
  // IEEE 802.11: an SSID has 1 to 32 bytes, a passphrase at most 63, a raw key 64 hexadecimal digits.
  wifi: { SSID: text(1, 32), password: text(0, 64), attempts: integer(1, 100), delay_in_msec: integer(0, DURATION_MAX_MS) },
  server: serverRule,
  socket_delay_ms: integer(0, SOCKET_DELAY_MAX_MS),
  ssl: { key: text(0, FILE_NAME_MAX), cert: text(0, FILE_NAME_MAX), ca: text(0, FILE_NAME_MAX), cert_reqs: integer(0, 2) },
  clock: { source: choice(['none', 'sntp', 'date_header']), server: text(1, HOST_NAME_MAX) },
  client_id: clientIdRule,
  keepalive: { ping_interval_ms: integer(0, DURATION_MAX_MS), ping_timeout_ms: integer(1, DURATION_MAX_MS) },
  backoff: {
    kind: choice(['fixed', 'exponential']),
    jitter: choice(['none', 'equal', 'full', 'decorrelated']),
    min_ms: integer(BACKOFF_MIN_MS, DURATION_MAX_MS),
    max_ms: integer(BACKOFF_MIN_MS, DURATION_MAX_MS),
  },
  outbox: integer(0, OUTBOX_MAX),
});

/**
 * @param value what JSON.parse gave
 * @returns the whole config, and one line per error, such as `backoff.min_ms: expected an integer from 100 to 86400000, got a string`. With errors
 *   the wrong values are replaced by defaults; such a config is for reporting, not for running.
 */
export function parseConfig(value: unknown): { config: DeviceConfig; errors: string[] } {
  const errors: string[] = [];
  const config = parseTable(rules(), DEFAULT_CONFIG as unknown as Record<string, unknown>, value, '', errors) as unknown as DeviceConfig;
  const { min_ms, max_ms } = config.backoff;
  if (min_ms > max_ms) errors.push(`backoff.max_ms: expected at least min_ms (${min_ms}), got ${max_ms}`);
  const { key, cert, ca, cert_reqs } = config.ssl;
  if ((key === '') !== (cert === '')) errors.push('ssl: expected key and cert together, got one of them');
  if (cert_reqs === 2 && ca === '' && isSecure(config.server)) errors.push('ssl.ca: expected a file name, since cert_reqs is 2');
  return { config, errors };
}

function parseTable(
  rules: Table,
  defaults: Record<string, unknown>,
  value: unknown,
  path: string,
  errors: string[],
): Record<string, unknown> {
  const legal = Object.keys(rules);
  const given = isObject(value) ? value : {};
  const parsed: Record<string, unknown> = {};
  if (value !== undefined && !isObject(value)) errors.push(`${path === '' ? 'config' : path}: expected an object, got ${kindOf(value)}`);
  for (const key in given) {
    if (legal.indexOf(key) < 0) errors.push(unknownKey(path, key, legal));
  }
  for (let i = 0; i < legal.length; i++) {
    const key = legal[i];
    parsed[key] = parseKey(rules[key], defaults[key], given[key], joinPath(path, key), errors);
  }
  return parsed;
}

function parseKey(rule: Rule | Table, fallback: unknown, value: unknown, path: string, errors: string[]): unknown {
  if (typeof rule !== 'function') return parseTable(rule, fallback as Record<string, unknown>, value, path, errors);
  if (value === undefined) return fallback;
  const problem = rule(value);
  if (problem === '') return value;
  errors.push(`${path}: ${problem}`);
  return fallback;
}

/** The parts of a `ws://` or `wss://` URL, or null. No user, query or fragment; host name or IPv4 address. */
export function parseServerUrl(url: string): ServerUrl | null {
  const secure = isSecure(url);
  if (!secure && url.substring(0, 5) !== 'ws://') return null;
  const rest = url.substring(secure ? 6 : 5);
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.substring(0, slash);
  const path = slash < 0 ? '/' : rest.substring(slash);
  const colon = authority.indexOf(':');
  const host = colon < 0 ? authority : authority.substring(0, colon);
  const digits = colon < 0 ? (secure ? '443' : '80') : authority.substring(colon + 1);
  const port = Number(digits);
  if (host === '' || /[^A-Za-z0-9.-]/.test(host) || digits === '' || /[^0-9]/.test(digits)) return null;
  if (port < 1 || port > 65535 || /[^!-~]/.test(path) || /[?#]/.test(path)) return null;
  return { secure, host, port, path };
}

function serverRule(value: unknown): string {
  if (typeof value === 'string' && parseServerUrl(value) !== null) return '';
  return `expected a URL such as "ws://192.168.1.10:8000/", got ${shown(value)}`;
}

function isSecure(url: string): boolean {
  return url.substring(0, 6) === 'wss://';
}

function clientIdRule(value: unknown): string {
  if (typeof value === 'string' && value.length <= 64 && !/[^A-Za-z0-9._ -]/.test(value)) return '';
  return `expected at most 64 characters of A-Z a-z 0-9 . _ - and space, got ${shown(value)}`;
}

function integer(min: number, max: number): Rule {
  return (value) => {
    if (typeof value === 'number' && value >= min && value <= max && Math.floor(value) === value) return '';
    return `expected an integer from ${min} to ${max}, got ${shown(value)}`;
  };
}

/** Never shows the value: it may be a password. */
function text(min: number, max: number): Rule {
  return (value) => {
    if (typeof value !== 'string') return `expected a string, got ${kindOf(value)}`;
    return value.length >= min && value.length <= max ? '' : `expected ${min} to ${max} characters, got ${value.length}`;
  };
}

function choice(legal: string[]): Rule {
  return (value) => {
    if (typeof value === 'string' && legal.indexOf(value) >= 0) return '';
    const meant = typeof value === 'string' ? nearest(value, legal) : '';
    return `expected one of ${legal.join(', ')}, got ${shown(value)}${meant === '' ? '' : ` (did you mean ${meant}?)`}`;
  };
}

function unknownKey(path: string, key: string, legal: string[]): string {
  const meant = nearest(key, legal);
  return `${joinPath(path, key)}: unknown key, ${meant === '' ? `expected one of ${legal.join(', ')}` : `did you mean ${joinPath(path, meant)}?`}`;
}

function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A value that is no secret, short enough for a line. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && value.length <= 64) return `"${value}"`;
  return kindOf(value);
}
