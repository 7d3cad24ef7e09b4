/**
 * The study behind `sim advise`: boards that only listen, on the link that was described, and the keepalives
 * that can be had within the time that was given.
 *
 * Boards that only listen are the hard case: nothing but the keepalive shows that a link is dead, and nothing
 * but its pings keeps a NAT from forgetting the connection. Each keepalive divides the time between interval
 * and timeout in its own way. The relay's interval is no longer than what whatever forgets idle connections
 * leaves; the board's own keepalive, which pings only when it hears nothing, waits for the relay's ping a
 * little longer than that takes.
 */
import { DEFAULT_CONFIG } from 'firmware/config';
import { formatDuration } from 'host/units';
import type { ClientName } from '../../presets/names.ts';
import { boardsPing, type Libraries, libraryKeepalive, spreads } from './advice-presets.ts';

export interface AdviceQuestion {
  /** Longest tolerable time to find a dead link, ms. */
  detectWithinMs: number;
  /** Fields of `link:` as a scenario writes them. */
  link: Readonly<Record<string, unknown>>;
  /** After how long something on the way forgets an idle connection, ms; null: nothing does. */
  idleTimeoutMs: number | null;
  /** Whose keepalives they are; left out: the kit's own. */
  libraries?: Libraries;
}

export const ADVICE_MIN_MS = 3_000;
export const ADVICE_MAX_MS = 600_000;
/** A NAT that forgets sooner leaves no room for a keepalive of whole seconds. */
export const ADVICE_IDLE_MIN_MS = 5_000;

const SECOND_MS = 1_000;
/**
 * Timeouts that are tried, s: about half as much again from one to the next. Below two seconds a ping whose
 * packet is sent again twice is given up.
 */
const TIMEOUTS_S = [2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300];
/**
 * Of the idle time, what an interval may take; the rest is for a ping that is late. 25 s behind 30 s
 * (scenarios/studies, idle-timeout).
 */
const IDLE_SHARE = 5 / 6;
/**
 * Of the relay's timeout: how long a board waits for a ping that is late, and for the answer to its own. The
 * rest is for its CPU.
 */
const LATE_SHARE = 0.2;
const BOARD_TIMEOUT_SHARE = 0.7;

const BOARDS = 20;
const SEEDS = 12;
const OUTAGES = 2;
/** Before, between and after the outages, ms: what false alarms are counted in. */
const QUIET_MS = 300_000;
/** An outage lasts longer than any keepalive takes to notice. */
const OUTAGE_SHARE = 1.25;

export const ADVICE_METRICS = ['max(detect_ms)', 'max(board_detect_ms)', 'keepalive_bytes', 'false_disconnects'] as const;
export const ADVICE_MINIMIZE = ['keepalive_bytes', 'false_disconnects'] as const;

/** Boards that do not ping find nothing. */
export function adviceGoal({ detectWithinMs, libraries = {} }: AdviceQuestion): string {
  const relay = `max(detect_ms) <= ${detectWithinMs}`;
  return boardsPing(libraries) ? `${relay} and max(board_detect_ms) <= ${detectWithinMs}` : relay;
}

/** A study as a file has it (scenario/schema.ts, sweep/read-sweep.ts). */
export function adviceStudy(question: AdviceQuestion): Record<string, unknown> {
  const { detectWithinMs, link, idleTimeoutMs, libraries: { client, server } = {} } = question;
  const outageMs = Math.ceil((detectWithinMs * OUTAGE_SHARE) / SECOND_MS) * SECOND_MS;
  const steps = Array.from({ length: OUTAGES }, (_, outage) => ({
    at: formatDuration(QUIET_MS + outage * (QUIET_MS + outageMs)),
    action: 'link.blackhole',
    boards: '50%',
    for: formatDuration(outageMs),
  }));
  return {
    version: 1,
    name: 'advice',
    about: 'Boards that only listen; half of the links go dead twice.',
    duration: formatDuration(QUIET_MS + OUTAGES * (QUIET_MS + outageMs)),
    relay: { mode: 'echo', ...(server === undefined ? {} : { server }) },
    boards: { count: BOARDS, firmware: 'firmware/apps/button.ts', ...clientSettings(client) },
    link: { ...link, ...(idleTimeoutMs === null ? {} : { idle_timeout: formatDuration(idleTimeoutMs) }) },
    steps,
    checks: ['no-uncaught-error', 'one-session-per-id'],
    sweep: { parameters: { keepalive: keepalives(question) }, seeds: SEEDS, metrics: [...ADVICE_METRICS] },
  };
}

/** Whoever can spread its return is told to: the same as the kit's own boards do. */
function clientSettings(client: ClientName | undefined): Record<string, unknown> {
  if (client === undefined) return {};
  const { kind, min_ms, max_ms, jitter } = DEFAULT_CONFIG.backoff;
  const backoff = { kind, min: formatDuration(min_ms), max: formatDuration(max_ms), jitter };
  return { client, ...(spreads(client) ? { backoff } : {}) };
}

/** By name, as a study's variants. */
export function keepalives(question: AdviceQuestion): Record<string, Record<string, string>> {
  const { detectWithinMs, idleTimeoutMs, libraries } = question;
  const longestMs = idleTimeoutMs === null ? Infinity : Math.floor((idleTimeoutMs * IDLE_SHARE) / SECOND_MS) * SECOND_MS;
  if (libraries !== undefined) return libraryKeepalives(libraries, detectWithinMs, longestMs);
  const variants: Record<string, Record<string, string>> = {};
  for (const timeoutMs of TIMEOUTS_S.map((seconds) => seconds * SECOND_MS)) {
    const intervalMs = Math.min(Math.floor((detectWithinMs - timeoutMs) / SECOND_MS) * SECOND_MS, longestMs);
    if (intervalMs < SECOND_MS) continue;
    const [interval, timeout] = [formatDuration(intervalMs), formatDuration(timeoutMs)];
    variants[`${interval} · ${timeout}`] = {
      'relay.ping_interval': interval,
      'relay.ping_timeout': timeout,
      'boards.board_ping_interval': formatDuration(intervalMs + Math.round(timeoutMs * LATE_SHARE)),
      'boards.board_ping_timeout': formatDuration(Math.round(timeoutMs * BOARD_TIMEOUT_SHARE)),
    };
  }
  return variants;
}

/** Each once: libraries with waits of their own leave fewer. */
function libraryKeepalives(libraries: Libraries, detectWithinMs: number, longestMs: number): Record<string, Record<string, string>> {
  const tried = TIMEOUTS_S.map((seconds) => libraryKeepalive(libraries, detectWithinMs, longestMs, seconds * SECOND_MS)).filter(
    (one) => one !== null,
  );
  return Object.fromEntries(tried.map((settings) => [Object.values(settings).slice(0, 2).join(' · '), settings]));
}
