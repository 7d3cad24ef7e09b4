/**
 * A tuning in one sentence, in everyday words and with its price per board and hour: "Ping every 10 s, wait 5
 * s: 99 % of dead links found within 14 s; 6.1 kB of keepalive and 8.7 false disconnects per board-hour."
 */
import { formatBytes, formatMs, formatRough, formatShare } from 'host/format';
import { parseDuration } from 'host/units';
import { type MetricName, specOf } from '../../measure/registry.ts';
import { parseGoals } from './goal.ts';
import type { TunePoint, TuneResult } from './result.ts';

export function tuneHeadline(result: TuneResult): string {
  const { recommended, goals, minimize, board_hours } = result;
  if (recommended === null) return `No setting surely keeps ${goals.join(' and ')}.`;
  const prices = minimize.filter((name) => kindOf(name) === 'counter');
  const kept = [...new Set([...goals.flatMap(metricsOf), ...minimize])].filter((name) => !prices.includes(name));
  const mean = (name: string) => recommended.metrics[name].mean ?? 0;
  const parts = [
    kept
      .map((name) => keptWords(name, mean(name)))
      .join(', ')
      .replace(BOTH_SIDES, '$1, by the board within '),
  ];
  if (prices.length > 0) parts.push(`${prices.map((name) => priceWords(name, mean(name) / board_hours)).join(' and ')} per board-hour`);
  return `${capital(settingWords(recommended))}: ${parts.filter((part) => part !== '').join('; ')}.`;
}

const RELAY_WORDS: Record<string, (value: string) => string> = {
  ping_interval: (value) => (value === '0s' ? 'no pings by the relay' : `ping every ${time(value)}`),
  ping_timeout: (value) => `wait ${time(value)}`,
  duplicate_id: (value) => (value === 'takeover' ? 'let a newcomer take over its id' : 'refuse an id that is connected'),
};
const BOARD_WORDS: Record<string, (value: string) => string> = {
  board_ping_interval: (value) => (value === '0s' ? 'no pings' : `ping after ${time(value)} of silence`),
  board_ping_timeout: (value) => `wait ${time(value)}`,
  'backoff.min': (value) => `first retry after ${time(value)}`,
  'backoff.max': (value) => `retry at least every ${time(value)}`,
  'backoff.jitter': (value) => `${value} jitter`,
  'backoff.kind': (value) => `${value} backoff`,
};

/**
 * `ping every 10 s, wait 5 s (boards: ping after 11 s of silence, wait 4 s)`; a setting without words of its
 * own by its path.
 */
export function settingWords({ settings }: Pick<TunePoint, 'settings'>): string {
  const relay: string[] = [];
  const boards: string[] = [];
  for (const setting of settings) {
    const [path, value] = [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)];
    const name = path.replace(/^(relay|boards)\./, '');
    if (path.startsWith('boards.')) boards.push(BOARD_WORDS[name]?.(value) ?? `${name} ${value}`);
    else relay.push(RELAY_WORDS[name.replace(/^ws_/, '')]?.(value) ?? `${path} ${value}`);
  }
  if (boards.length === 0) return relay.join(', ');
  return relay.length === 0 ? `boards: ${boards.join(', ')}` : `${relay.join(', ')} (boards: ${boards.join(', ')})`;
}

/** Durations of events: what has happened when they are over. */
const EVENT_WORDS: Partial<Record<MetricName, string>> = {
  detect_ms: 'dead links found',
  board_detect_ms: 'dead links found by the board',
  reconnect_ms: 'lost channels open again',
  recovery_ms: 'channels open again after an outage',
  message_latency_ms: 'messages delivered',
  connect_ms: 'connects made',
};

/** The same said of relay and board. */
const BOTH_SIDES = /(dead links found within [^,]*), dead links found by the board within /;

function keptWords(name: string, value: number): string {
  const [, stat, metric] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
  const words = EVENT_WORDS[metric as MetricName];
  if (words !== undefined && stat === 'max') return `${words} within ${atMost(value)}`;
  if (words !== undefined && stat === 'mean') return `${words} after ${formatMs(value)} on average`;
  if (words !== undefined && /^p\d+$/.test(stat)) return `${stat.slice(1)} % of ${words} within ${atMost(value)}`;
  if (name === 'channel_availability') return `${formatShare(value)} available`;
  if (name === 'connects_per_s_peak') return `${formatRough(value)} connects in the busiest second`;
  return `${name} ${stat === undefined || stat === 'count' ? formatRough(value) : formatMs(value)}`;
}

const PRICE_WORDS: Partial<Record<MetricName, (value: number) => string>> = {
  keepalive_bytes: (value) => `${formatBytes(value)} of keepalive`,
  tls_bytes: (value) => `${formatBytes(value)} of TLS`,
  false_disconnects: (value) => `${formatRough(value)} false disconnects`,
  messages_lost: (value) => `${formatRough(value)} lost messages`,
  pings_sent: (value) => `${formatRough(value)} pings`,
};

function priceWords(name: string, value: number): string {
  return PRICE_WORDS[name as MetricName]?.(value) ?? `${formatRough(value)} ${name}`;
}

/** Rounded up, so that it stays true. */
function atMost(ms: number): string {
  const step = ms >= 10_000 ? 1_000 : 100;
  return formatMs(Math.ceil(ms / step) * step);
}

function metricsOf(expr: string): string[] {
  const goals = parseGoals(expr);
  return typeof goals === 'string' ? [] : goals.map(({ metric }) => metric);
}

function kindOf(name: string): string {
  return specOf(name)?.kind ?? 'distribution';
}

/** A duration as a person says it; anything else as it is. */
function time(value: string): string {
  const ms = parseDuration(value);
  return ms === null ? value : formatMs(ms);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
