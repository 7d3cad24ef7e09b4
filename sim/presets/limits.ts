/**
 * What a library cannot be set to, and what its user writes down for what it can: for whoever recommends
 * settings.
 */
import { formatDuration } from 'host/units';
import { clientBehaviour, serverValues } from './apply.ts';
import { CLIENT_PRESETS } from './clients/index.ts';
import type { ClientName, ServerName } from './names.ts';
import type { Answer, Behaviour, ClientSetting, ServerSetting, ServerValues } from './preset.ts';
import { SERVER_PRESETS } from './servers/index.ts';

/** Of a scenario. */
export interface Played {
  client: ClientName | undefined;
  server: ServerName | undefined;
  behaviour: Behaviour;
  relay: ServerValues;
  /** They are a group among others: a broker goes by another keepalive for each, and the relay has one. */
  isGroup: boolean;
}

const MS_PER_S = 1_000;
const BOARD_VALUES: Record<ClientSetting, (behaviour: Behaviour) => number | string> = {
  board_ping_interval: ({ keepalive }) => keepalive.ping_interval_ms,
  board_ping_timeout: ({ keepalive }) => keepalive.ping_timeout_ms,
  'backoff.kind': ({ backoff }) => backoff.kind,
  'backoff.min': ({ backoff }) => backoff.min_ms,
  'backoff.max': ({ backoff }) => backoff.max_ms,
  'backoff.jitter': ({ backoff }) => backoff.jitter,
};
const RELAY_VALUES: Partial<Record<ServerSetting, (values: ServerValues) => number>> = {
  'relay.ping_interval': ({ pingIntervalMs }) => pingIntervalMs,
  'relay.ping_timeout': ({ pingTimeoutMs }) => pingTimeoutMs,
};

/** Settings that client and server do not have, by their paths in a scenario, each with what to patch. */
export function notSettable(client: ClientName | undefined, server: ServerName | undefined): Record<string, string> {
  const ofClient = client === undefined ? {} : CLIENT_PRESETS[client].cannot;
  const boards = Object.entries(ofClient).map(([key, why]) => [`boards.${key}`, `${client}: ${why}`]);
  const relay = server === undefined ? [] : Object.entries(SERVER_PRESETS[server].cannot).map(([key, why]) => [key, `${server}: ${why}`]);
  return Object.fromEntries([...boards, ...relay]);
}

/** Why the settings cannot be had: a line for each. */
export function refusals(played: Played): string[] {
  return [...clientRefusals(played), ...serverRefusals(played)];
}

function clientRefusals({ client, behaviour }: Played): string[] {
  if (client === undefined) return [];
  const { cannot, seconds = [] } = CLIENT_PRESETS[client];
  const pings = behaviour.keepalive.ping_interval_ms > 0;
  const asItComes = clientBehaviour(client);
  const asItFollows = clientBehaviour(client, behaviour.keepalive.ping_interval_ms);
  const isMeant = (key: ClientSetting) =>
    key === 'board_ping_timeout' ? pings : key !== 'backoff.max' || behaviour.backoff.kind !== 'fixed';
  const fixed = Object.entries(cannot).flatMap(([name, why]) => {
    const key = name as ClientSetting;
    const value = BOARD_VALUES[key](behaviour);
    const own = BOARD_VALUES[key](key === 'board_ping_interval' ? asItComes : asItFollows);
    return value === own || !isMeant(key) ? [] : [refusal(`boards.${key}`, value, client, why)];
  });
  const odd = seconds.filter((key) => isMeant(key) && Number(BOARD_VALUES[key](behaviour)) % MS_PER_S !== 0);
  return [...fixed, ...odd.map((key) => refusal(`boards.${key}`, BOARD_VALUES[key](behaviour), client, 'it takes whole seconds'))];
}

function serverRefusals({ client, server, behaviour, relay, isGroup }: Played): string[] {
  if (server === undefined || isGroup) return [];
  const preset = SERVER_PRESETS[server];
  const own = serverValues(preset, client, behaviour, preset.cannot['relay.ping_interval'] === undefined ? relay.pingIntervalMs : null);
  return Object.entries(preset.cannot).flatMap(([key, why]) => {
    const read = RELAY_VALUES[key as ServerSetting];
    if (read === undefined || relay.pingIntervalMs === 0) return [];
    return read(relay) === read(own) ? [] : [refusal(key, read(relay), server, why)];
  });
}

function refusal(path: string, value: number | string, name: string, why: string): string {
  return `${path} cannot be ${typeof value === 'number' ? formatDuration(value) : value} with ${name}: ${why}`;
}

/** The lines to paste for those who are named. @param all groups of boards of one server */
export function answersFor(all: readonly Played[]): { name: string; answer: Answer }[] {
  const answers = new Map<string, { name: string; answer: Answer }>();
  const add = (name: string, answer: Answer | null) => answer !== null && answers.set(`${name} ${answer.lines.join()}`, { name, answer });
  for (const { client, behaviour } of all) if (client !== undefined) add(client, CLIENT_PRESETS[client].paste(behaviour));
  for (const { server, relay } of all) if (server !== undefined) add(server, SERVER_PRESETS[server].paste(relay));
  return [...answers.values()];
}
