/**
 * The keepalives that `advise` tries with libraries whose settings are not free: what cannot be set is left
 * as it is, what follows from another setting follows, and no more is promised of boards than they can find.
 */
import { formatDuration } from 'host/units';
import { CLIENT_PRESETS } from '../../presets/clients/index.ts';
import type { ClientName, ServerName } from '../../presets/names.ts';
import { SERVER_PRESETS } from '../../presets/servers/index.ts';

export interface Libraries {
  client?: ClientName;
  server?: ServerName;
}

const SECOND_MS = 1_000;
/** Of the relay's timeout: how long a board waits for a ping that is late, and for the answer to its own. */
const LATE_SHARE = 0.2;
const BOARD_TIMEOUT_SHARE = 0.7;

/** Whether boards find a dead link by themselves. */
export function boardsPing({ client }: Libraries): boolean {
  return client === undefined || CLIENT_PRESETS[client].cannot.board_ping_interval === undefined;
}

/** Whether its reconnects can be told to come at random times. */
export function spreads(client: ClientName): boolean {
  const { cannot } = CLIENT_PRESETS[client];
  return Object.keys(cannot).every((key) => !key.startsWith('backoff.'));
}

/** A board's interval and wait, and a relay's; null: it is as it is. */
interface Keepalive {
  relay: { intervalMs: number; timeoutMs: number | null } | null;
  board: { intervalMs: number; timeoutMs: number | null } | null;
}

/**
 * @param withinMs in which a dead link is to be found
 * @param longestMs that an interval may be, so that nothing forgets the connection
 * @param slackMs the timeout that is tried, or what is left of the time where the library has its own
 * @returns null: there is none
 */
export function libraryKeepalive(
  libraries: Libraries,
  withinMs: number,
  longestMs: number,
  slackMs: number,
): Record<string, string> | null {
  const longest = Math.min(longestMs, idleMs(libraries));
  const relay = relayKeepalive(libraries, withinMs, longest, slackMs);
  const board = boardKeepalive(libraries, withinMs, longest, slackMs, relay);
  return relay === null && board === null ? null : settingsOf({ relay, board });
}

/** Half of a proxy's patience: a ping may be late. */
function idleMs({ server }: Libraries): number {
  return (server && SERVER_PRESETS[server].idleMs && SERVER_PRESETS[server].idleMs / 2) || Infinity;
}

function relayKeepalive({ server }: Libraries, withinMs: number, longestMs: number, slackMs: number): Keepalive['relay'] {
  const { cannot = {}, timeoutMs } = server === undefined ? {} : SERVER_PRESETS[server];
  if (cannot['relay.ping_interval'] !== undefined) return null;
  const isFixed = cannot['relay.ping_timeout'] !== undefined;
  const wait = (intervalMs: number) => (isFixed ? (timeoutMs?.(intervalMs) ?? 0) : slackMs);
  const intervalMs = longestInterval(SECOND_MS, Math.min(longestMs, withinMs - slackMs), (ms) => ms + wait(ms) <= withinMs);
  return intervalMs === null ? null : { intervalMs, timeoutMs: isFixed ? null : slackMs };
}

function boardKeepalive(
  libraries: Libraries,
  withinMs: number,
  longestMs: number,
  slackMs: number,
  relay: Keepalive['relay'],
): Keepalive['board'] {
  if (!boardsPing(libraries)) return null;
  const { client, server } = libraries;
  const { cannot = {}, seconds = [], stepMs = SECOND_MS, timeoutMs, keepaliveMs } = client === undefined ? {} : CLIENT_PRESETS[client];
  const isFixed = cannot.board_ping_timeout !== undefined;
  const ownMs = slackMs * BOARD_TIMEOUT_SHARE;
  const shareMs = seconds.includes('board_ping_timeout')
    ? Math.max(SECOND_MS, Math.round(ownMs / SECOND_MS) * SECOND_MS)
    : Math.round(ownMs);
  const wait = (intervalMs: number) => (isFixed ? (timeoutMs?.(intervalMs) ?? 0) : shareMs);
  const silenceMs = server === undefined ? undefined : SERVER_PRESETS[server].silenceMs;
  const isInTime = (ms: number) => ms + wait(ms) <= withinMs && (silenceMs?.(keepaliveMs?.(ms) ?? ms) ?? 0) <= withinMs;
  // A little after the relay's ping, if there is one: else each ping would be answered by another.
  const wantedMs =
    relay === null ? Math.min(longestMs, withinMs - slackMs) : relay.intervalMs + Math.max(stepMs, Math.round(slackMs * LATE_SHARE));
  const intervalMs = longestInterval(stepMs, wantedMs, isInTime);
  return intervalMs === null ? null : { intervalMs, timeoutMs: isFixed ? null : shareMs };
}

/** The longest multiple of `stepMs` up to `mostMs` that will do. */
function longestInterval(stepMs: number, mostMs: number, isInTime: (ms: number) => boolean): number | null {
  for (let ms = Math.floor(mostMs / stepMs) * stepMs; ms >= stepMs; ms -= stepMs) if (isInTime(ms)) return ms;
  return null;
}

function settingsOf({ relay, board }: Keepalive): Record<string, string> {
  const pairs = [
    ['relay.ping_interval', relay?.intervalMs],
    ['relay.ping_timeout', relay?.timeoutMs],
    ['boards.board_ping_interval', board?.intervalMs],
    ['boards.board_ping_timeout', board?.timeoutMs],
  ] as const;
  return Object.fromEntries(pairs.flatMap(([path, ms]) => (typeof ms === 'number' ? [[path, formatDuration(ms)]] : [])));
}
