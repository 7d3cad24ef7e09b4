/**
 * What a named client and server stand for, put into a document under what it says of its own. A client is a
 * part of the device's config (`boards.config`), so a whole config, single settings and flags each win over
 * it; a server is settings of the relay or of a balancer before it.
 *
 * Documents as somebody wrote them and as flags have read them are taken alike: a duration is a text with
 * its unit, or milliseconds.
 */
import { DEFAULT_CONFIG } from 'firmware/config';
import { isMapping } from 'host/is-mapping';
import { formatDuration, parseDuration } from 'host/units';
import { CLIENT_PRESETS } from './clients/index.ts';
import { CLIENTS, type ClientName, SERVERS, type ServerName } from './names.ts';
import type { Behaviour, ClientPreset, ClientSetting, ServerPreset, ServerValues } from './preset.ts';
import { SERVER_PRESETS } from './servers/index.ts';

type Mapping = Record<string, unknown>;

/** Another name of a relay's setting, which a document may have in its place. */
const RELAY_ALIASES: Record<string, string> = { ping_interval: 'ws_ping_interval', ping_timeout: 'ws_ping_timeout' };

/** Of the relay (relay/config.ts), which stands behind a proxy. */
const DEFAULT_RELAY_PING_MS = 20_000;

/** Puts presets into a document in place. Names that are not known are left for the schema to refuse. */
export function applyPresets(document: Mapping): void {
  const { boards, fleet, relay } = document;
  if (isMapping(boards)) document.boards = withClient(boards);
  if (isMapping(fleet)) for (const [name, group] of Object.entries(fleet)) if (isMapping(group)) fleet[name] = withClient(group);
  const server = isMapping(relay) && SERVERS.find((name) => name === relay.server);
  if (server) applyServer(document, relay, server);
}

/** `boards:`, or any mapping with its keys, with what its `client` stands for in its `config`. */
export function withClient(boards: Mapping): Mapping {
  const client = CLIENTS.find((name) => name === boards.client);
  const { config = {} } = boards;
  if (client === undefined || !isMapping(config)) return boards;
  const preset = clientBehaviour(client, ownIntervalMs(boards));
  // Who asks for a longer least wait than the library's longest has said what the longest is.
  const leastMs = msOf(isMapping(boards.backoff) ? boards.backoff.min : undefined) ?? 0;
  preset.backoff.max_ms = Math.max(preset.backoff.max_ms, leastMs);
  const sections = Object.entries(preset).map(([key, values]) => [
    key,
    isMapping(config[key]) ? { ...values, ...config[key] } : (config[key] ?? values),
  ]);
  return { ...boards, config: { ...config, ...Object.fromEntries(sections) } };
}

/**
 * How boards with that library behave.
 *
 * @param intervalMs of its keepalive, if it is another than the library's
 */
export function clientBehaviour(name: ClientName, intervalMs: number | null = null): Behaviour {
  const preset = CLIENT_PRESETS[name];
  const pingIntervalMs = intervalMs ?? msOfFact(preset, 'board_ping_interval') ?? 0;
  const min_ms = msOfFact(preset, 'backoff.min') ?? 0;
  return {
    keepalive: {
      ping_interval_ms: pingIntervalMs,
      ping_timeout_ms:
        (pingIntervalMs > 0 && preset.timeoutMs?.(pingIntervalMs)) ||
        (msOfFact(preset, 'board_ping_timeout') ?? DEFAULT_CONFIG.keepalive.ping_timeout_ms),
    },
    backoff: {
      kind: textOf(preset, 'backoff.kind') as Behaviour['backoff']['kind'],
      jitter: textOf(preset, 'backoff.jitter') as Behaviour['backoff']['jitter'],
      min_ms,
      max_ms: msOfFact(preset, 'backoff.max') ?? Math.max(min_ms, DEFAULT_CONFIG.backoff.max_ms),
    },
  };
}

/**
 * The keepalive of a server, if nobody sets it.
 *
 * @param behaviour of its clients, by which a broker goes
 * @param intervalMs that somebody has set
 */
export function serverValues(
  { settings, silenceMs, timeoutMs }: ServerPreset,
  client: ClientName | undefined,
  behaviour: Pick<Behaviour, 'keepalive'>,
  intervalMs: number | null = null,
): ServerValues {
  const boardIntervalMs = behaviour.keepalive.ping_interval_ms;
  const keepaliveMs = (client && CLIENT_PRESETS[client].keepaliveMs?.(boardIntervalMs)) ?? boardIntervalMs;
  // A broker hears a client as often as that pings: played as a ping and what is left of its patience.
  if (silenceMs !== undefined)
    return { pingIntervalMs: boardIntervalMs, pingTimeoutMs: Math.max(1, silenceMs(keepaliveMs) - boardIntervalMs) };
  const own = (key: 'relay.ping_interval' | 'relay.ping_timeout') => parseDuration(settings[key]?.[0] ?? '') ?? DEFAULT_RELAY_PING_MS;
  const pingIntervalMs = intervalMs ?? own('relay.ping_interval');
  return { pingIntervalMs, pingTimeoutMs: (pingIntervalMs > 0 && timeoutMs?.(pingIntervalMs)) || own('relay.ping_timeout') };
}

function applyServer(document: Mapping, relay: Mapping, name: ServerName): void {
  const preset = SERVER_PRESETS[name];
  const { settings } = preset;
  if (settings['balancer.preset']) document.balancer ??= { preset: settings['balancer.preset'][0] };
  const own = (key: string) => relay[key] ?? relay[RELAY_ALIASES[key] ?? key];
  const { pingIntervalMs, pingTimeoutMs } = mostPatient(
    clientsOf(document).map((client) => serverValues(preset, ...client, msOf(own('ping_interval')))),
  );
  const values = {
    duplicate_id: settings['relay.duplicate_id']?.[0],
    ping_interval: formatDuration(pingIntervalMs),
    ping_timeout: formatDuration(pingTimeoutMs),
  };
  const isAsTheKit = settings['balancer.preset'] !== undefined;
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && !isAsTheKit && own(key) === undefined) relay[key] = value;
  }
}

/** A relay has one keepalive for all: one that ends nobody whom a broker would keep. */
function mostPatient(values: readonly ServerValues[]): ServerValues {
  const patience = ({ pingIntervalMs, pingTimeoutMs }: ServerValues) => (pingIntervalMs === 0 ? Infinity : pingIntervalMs + pingTimeoutMs);
  return values.reduce((most, one) => (patience(one) > patience(most) ? one : most));
}

/** As far as a broker needs to know: of each group, or of all boards. */
function clientsOf({ boards, fleet }: Mapping): [client: ClientName | undefined, behaviour: Pick<Behaviour, 'keepalive'>][] {
  const all = isMapping(boards) ? boards : {};
  const groups = isMapping(fleet) ? Object.values(fleet).filter(isMapping) : [];
  return (groups.length > 0 ? groups : [all]).map((group) => {
    const intervalMs = ownIntervalMs(group) ?? ownIntervalMs(all) ?? DEFAULT_CONFIG.keepalive.ping_interval_ms;
    const name = group.client ?? all.client;
    return [CLIENTS.find((one) => one === name), { keepalive: { ...DEFAULT_CONFIG.keepalive, ping_interval_ms: intervalMs } }];
  });
}

/** That a document itself says of its boards' keepalive; null: nothing. */
function ownIntervalMs({ board_ping_interval: setting, config }: Mapping): number | null {
  const keepalive = isMapping(config) && isMapping(config.keepalive) ? config.keepalive : {};
  return msOf(setting) ?? msOf(keepalive.ping_interval_ms);
}

function msOf(value: unknown): number | null {
  return typeof value === 'number' ? value : typeof value === 'string' ? parseDuration(value) : null;
}

function textOf({ settings }: ClientPreset, key: ClientSetting): string {
  return settings[key]?.[0] ?? '';
}

function msOfFact(preset: ClientPreset, key: ClientSetting): number | null {
  return parseDuration(textOf(preset, key));
}
