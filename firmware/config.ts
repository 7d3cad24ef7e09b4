/**
 * The device's `config.json`: its type, its defaults, and a strict parser that reports every error at once,
 * each with the key's path and what was expected. Runs on the device, so it is a table and a walk over it. A
 * missing key gets its default; values are never shown where they may be secret.
 */
import type { BackoffSettings } from './channel/backoff.ts';
import type { WifiSettings } from './channel/wifi-keeper.ts';
import { nearest } from './nearest.ts';
import { serverUrlProblem, splitServerUrl } from './server-url.ts';

export interface DeviceConfig {
  wifi: WifiSettings;
  /**
   * `ws://[USER[:PASSWORD]@]HOST[:PORT][/PATH][?QUERY]`, or `wss://` for TLS; `client_id` is appended to the
   * path, percent-encoded.
   */
  server: string;
  /** Header lines of the opening request, by name, beside those of the handshake. Never logged. */
  headers: { [name: string]: string };
  /** That is asked for (RFC 6455 section 1.9); '' = none. */
  subprotocol: string;
  /**
   * HTTP redirects that are followed in one attempt, 0 = none; what they lead to holds for that attempt only.
   */
  redirects: number;
  socket_delay_ms: number;
  /**
   * For `wss://`; beside `ws://` it is checked and not used. File names on the device, PEM or DER.
   * `cert_reqs` 0 encrypts only · 1 checks the relay's certificate, if there is a `ca`, and only logs what is
   * wrong with it (mbedTLS's VERIFY_OPTIONAL) · 2 it must be good, by the authority in `ca`.
   */
  ssl: { key: string; cert: string; ca: string; cert_reqs: number };
  /**
   * Who tells the board what day it is, without which no certificate can be checked. `sntp`: the time server
   * `server` · `date_header`: the relay's answer on a connection that is not verified; whoever answers first
   * sets the clock, and may so make an expired certificate good again.
   */
  clock: { source: 'none' | 'sntp' | 'date_header'; server: string };
  client_id: string;
  keepalive: { ping_interval_ms: number; ping_timeout_ms: number };
  backoff: BackoffSettings;
  /** Messages that may wait for the channel. */
  outbox: number;
}

export const DEFAULT_CONFIG: DeviceConfig = {
  // Network: placeholders. Attempts and ms between them: the original's
  // `wifi_connect(SSID, pwd, attempts=3, delay_in_msec=200)`. Ten connects: 180 s of SYNs in vain on an ESP32
  // and 155 s of waits on average, so a relay that is away for three minutes never makes a fleet join anew.
  wifi: { SSID: 'squall', password: '', attempts: 3, delay_in_msec: 200, rejoin_after: 10 },
  // The address in the original's documentation, the original relay's port.
  server: 'ws://192.168.1.10:8000/',
  headers: {},
  subprotocol: '',
  // What clients do unless they are told otherwise: a redirect leads to a host that nobody wrote into the
  // config.
  redirects: 0,
  // ms; 0 = as data comes. The original's 5 ms only paced its polling.
  socket_delay_ms: 0,
  // The original's `config.get("ssl", {})`; 0 = verify nothing.
  ssl: { key: '', cert: '', ca: '', cert_reqs: 0 },
  // Nobody is asked unless the config says so. The pool of the NTP project.
  clock: { source: 'none', server: 'pool.ntp.org' },
  // Empty: the relay gives the client a generated id.
  client_id: '',
  // ms. Below the shortest idle limits on the way (30 s balancers, 55 to 60 s routers), above the relay's 20
  // s, so a healthy relay's ping comes first.
  keepalive: { ping_interval_ms: 25000, ping_timeout_ms: 10000 },
  // ms. One second is what most clients begin with and a minute what a person waits; full jitter ends a herd
  // quickest (AWS's comparison).
  backoff: { kind: 'exponential', jitter: 'full', min_ms: 1000, max_ms: 60000 },
  // Messages; 52 s of SOS. Small ones are meant: sixteen of the largest would not fit into a board.
  outbox: 16,
};

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
/**
 * All header lines of the config together, bytes. Half of what the smallest servers take for a whole request,
 * 8 KiB.
 */
const HEADERS_MAX_BYTES = 4096;
/** IANA's longest is 45, characters. */
const SUBPROTOCOL_MAX = 64;
/** Redirects in one attempt: a chain of more leads nowhere. */
const REDIRECTS_MAX = 10;
/** Connects in vain: with the longest backoff more than half a day. */
const REJOIN_AFTER_MAX = 1000;
/** Most messages an outbox may hold: beyond it a board has no memory for even small ones. */
const OUTBOX_MAX = 1024;

/**
 * Made when asked for, so that a built program, whose config the build has parsed, goes without rules and
 * messages.
 */
const rules = (headers: unknown): Table => ({
  // IEEE 802.11: an SSID has 1 to 32 bytes, a passphrase at most 63, a raw key 64 hexadecimal digits.
  wifi: {
    SSID: text(1, 32),
    password: text(0, 64),
    attempts: integer(1, 100),
    delay_in_msec: integer(0, DURATION_MAX_MS),
    rejoin_after: integer(0, REJOIN_AFTER_MAX),
  },
  server: serverRule,
  headers: headerRules(headers),
  subprotocol: subprotocolRule,
  redirects: integer(0, REDIRECTS_MAX),
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
 * @returns the whole config, and one line per error, such as
 *   `backoff.min_ms: expected an integer from 100 to 86400000, got a string`. With errors the wrong values
 *   are replaced by defaults; such a config is for reporting, not for running.
 */
export function parseConfig(value: unknown): { config: DeviceConfig; errors: string[] } {
  const errors: string[] = [];
  const table = rules(isObject(value) ? value.headers : undefined);
  const config = parseTable(table, DEFAULT_CONFIG as unknown as Record<string, unknown>, value, '', errors) as unknown as DeviceConfig;
  const { min_ms, max_ms } = config.backoff;
  if (min_ms > max_ms) errors.push(`backoff.max_ms: expected at least min_ms (${min_ms}), got ${max_ms}`);
  const { key, cert, ca, cert_reqs } = config.ssl;
  if ((key === '') !== (cert === '')) errors.push('ssl: expected key and cert together, got one of them');
  if (cert_reqs === 2 && ca === '' && isSecure(config.server)) errors.push('ssl.ca: expected a file name, since cert_reqs is 2');
  errors.push(...headersProblems(config));
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

function serverRule(value: unknown): string {
  return typeof value === 'string' ? serverUrlProblem(value) : `expected a URL such as "ws://192.168.1.10:8000/", got ${shown(value)}`;
}

function isSecure(url: string): boolean {
  return url.substring(0, 6) === 'wss://';
}

/** RFC 9110 section 5.6.2. */
const NOT_A_TOKEN = /[^!#$%&'*+.^_`|~0-9A-Za-z-]/;
/** The handshake writes these itself, and a request without a body has no others. */
const HANDSHAKE_HEADERS = ['host', 'upgrade', 'connection', 'content-length', 'transfer-encoding'];
/** One rule a header, so that each error has its path. */
function headerRules(headers: unknown): Table {
  const table: Table = {};
  for (const name in isObject(headers) ? headers : {}) table[name] = headerRule(name.toLowerCase());
  return table;
}

/** Never shows the value: it is a secret as a rule. */
function headerRule(name: string): Rule {
  return (value) => {
    if (name === '' || NOT_A_TOKEN.test(name)) return 'expected a name of letters, digits and - (RFC 9110 section 5.6.2)';
    if (name === 'sec-websocket-protocol') return 'expected elsewhere: it is the key subprotocol';
    if (HANDSHAKE_HEADERS.indexOf(name) >= 0 || name.indexOf('sec-websocket-') === 0)
      return 'expected another name: the handshake has this one';
    if (typeof value !== 'string') return `expected a string, got ${kindOf(value)}`;
    return /[^\t -~]/.test(value) ? 'expected ASCII without line breaks and other control characters' : '';
  };
}

/** What is wrong with the headers together. */
function headersProblems({ headers, server }: DeviceConfig): string[] {
  const errors: string[] = [];
  const seen: { [name: string]: boolean } = {};
  let bytes = 0;
  for (const name in headers) {
    const lower = name.toLowerCase();
    if (seen[lower] === true) errors.push(`headers.${name}: expected once, and case does not matter`);
    if (lower === 'authorization' && hasUserInfo(server)) errors.push(`headers.${name}: expected none beside the user info in server`);
    seen[lower] = true;
    bytes += name.length + String(headers[name]).length;
  }
  if (bytes > HEADERS_MAX_BYTES) errors.push(`headers: expected at most ${HEADERS_MAX_BYTES} characters together, got ${bytes}`);
  return errors;
}

function hasUserInfo(server: string): boolean {
  const url = splitServerUrl(server);
  return url !== null && url.userInfo !== '';
}

function subprotocolRule(value: unknown): string {
  if (typeof value === 'string' && value.length <= SUBPROTOCOL_MAX && !NOT_A_TOKEN.test(value)) return '';
  return `expected at most ${SUBPROTOCOL_MAX} letters, digits and - . _ (one subprotocol), got ${shown(value)}`;
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
  // Scenarios have the same without it, as a text with its unit.
  const meant = legal.indexOf(`${key}_ms`) >= 0 ? `${key}_ms` : nearest(key, legal);
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
