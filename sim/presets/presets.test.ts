import { readFileSync, writeFileSync } from 'node:fs';
import { DEFAULT_CONFIG } from 'firmware/config';
import { describe, expect, it } from 'vitest';
import { BALANCER_FIELDS } from '../net/balancer/settings.ts';
import { documentOf } from '../scenario/document/document-of.ts';
import { parseOverride } from '../scenario/document/overrides.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import { BACKOFF_FIELDS, BOARD_FIELDS, RELAY_FIELDS } from '../scenario/settings.ts';
import { folderOfFile } from '../sources/folder-of-file.ts';
import { markdownTable } from '../study/findings/markdown.ts';
import { loadStudy } from '../study/sweep/study.ts';
import { expectTable } from '../testing/readme-table.ts';
import { clientBehaviour, serverValues } from './apply.ts';
import { CLIENT_PRESETS } from './clients/index.ts';
import { CLIENTS, SERVERS } from './names.ts';
import { presetNotes } from './notes.ts';
import type { Answer, Behaviour, Fact } from './preset.ts';
import { SERVER_PRESETS } from './servers/index.ts';

const README = 'sim/presets/README.md';
const GOLDEN = new URL('answers.golden.txt', import.meta.url);

/** @param set as `--set` takes it */
function scenarioOf(document: Record<string, unknown>, ...set: string[]) {
  const overrides = set.map((text) => {
    const override = parseOverride(text);
    if (typeof override === 'string') throw new Error(override);
    return override;
  });
  const { scenario, problems } = readDocument({ version: 1, ...document }, overrides);
  if (scenario === null) throw new Error(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  return scenario;
}

const clientOf = (boards: Record<string, unknown>, ...set: string[]) => scenarioOf({ boards }, ...set).boards.config;

function fieldOf(path: string) {
  const [section, key] = path.includes('.') ? path.split('.') : ['boards', path];
  const fields: Record<string, Record<string, { read(value: unknown): unknown }>> = {
    boards: BOARD_FIELDS,
    backoff: BACKOFF_FIELDS,
    relay: RELAY_FIELDS,
    balancer: BALANCER_FIELDS,
  };
  return fields[section][key];
}

const ALL = [
  ...CLIENTS.map((name) => ({ side: 'client', name, preset: CLIENT_PRESETS[name] })),
  ...SERVERS.map((name) => ({ side: 'server', name, preset: SERVER_PRESETS[name] })),
];

describe('a preset', () => {
  it.each(ALL)('of the $side $name has legal values, each with its source', ({ preset }) => {
    for (const [path, [value, source]] of Object.entries(preset.settings as Record<string, Fact>)) {
      expect(fieldOf(path).read(value), path).not.toBeNull();
      expect(source.length, path).toBeGreaterThan(3);
    }
    expect(preset.about).toMatch(/\(.+\)|\d/);
  });

  it.each(CLIENTS)('of the client %s decides keepalive and backoff', (name) => {
    const { settings } = CLIENT_PRESETS[name];
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(['board_ping_interval', 'backoff.kind', 'backoff.min', 'backoff.jitter']));
    expect(settings.board_ping_interval?.[0] === '0s' || settings.board_ping_timeout !== undefined).toBe(true);
    expect(settings['backoff.kind']?.[0] === 'fixed' || settings['backoff.max'] !== undefined).toBe(true);
    expect(clientOf({ client: name })).toMatchObject(clientBehaviour(name));
  });

  it('is what a scenario begins with', () => {
    const { boards, relay } = scenarioOf({ boards: { client: 'esp_websocket_client' }, relay: { server: 'uvicorn' } });
    expect(boards.config.keepalive).toEqual({ ping_interval_ms: 10_000, ping_timeout_ms: 120_000 });
    expect(boards.config.backoff).toMatchObject({ kind: 'fixed', jitter: 'none', min_ms: 10_000 });
    expect(relay).toMatchObject({ server: 'uvicorn', pingIntervalMs: 20_000, pingTimeoutMs: 20_000, duplicateId: 'takeover' });
  });

  it('gives way to settings, config and other names of settings', () => {
    const client = 'esp_websocket_client';
    expect(clientOf({ client, board_ping_interval: '7s' }).keepalive).toEqual({ ping_interval_ms: 7_000, ping_timeout_ms: 120_000 });
    expect(clientOf({ client, config: { keepalive: { ping_timeout_ms: 9 } } }).keepalive).toEqual({
      ping_interval_ms: 10_000,
      ping_timeout_ms: 9,
    });
    expect(clientOf({ client, backoff: 'exponential,min=2s,max=9s' }).backoff).toEqual({
      kind: 'exponential',
      min_ms: 2_000,
      max_ms: 9_000,
      jitter: 'none',
    });
    expect(clientOf({ client: 'Socket.IO', backoff: { min: '30s' } }).backoff).toMatchObject({ min_ms: 30_000, max_ms: 30_000 });
    expect(scenarioOf({ relay: { server: 'uvicorn', ws_ping_interval: 5, duplicate_id: 'reject' } }).relay).toMatchObject({
      pingIntervalMs: 5_000,
      pingTimeoutMs: 20_000,
      duplicateId: 'reject',
    });
  });

  it('is set by --set and by a study', () => {
    expect(clientOf({ client: 'paho' }, 'boards.client=MQTT.js', 'boards.board_ping_interval=10s').keepalive).toEqual({
      ping_interval_ms: 10_000,
      ping_timeout_ms: 5_000,
    });
  });

  it('of a broker goes by the keepalive that the client says', () => {
    const relayOf = (server: string, boards: Record<string, unknown>) => scenarioOf({ relay: { server }, boards }).relay;
    expect(relayOf('mosquitto', { client: 'esp-mqtt' })).toMatchObject({ pingIntervalMs: 60_000, pingTimeoutMs: 120_000 });
    expect(relayOf('mosquitto', { client: 'PubSubClient', board_ping_interval: '10s' })).toMatchObject({
      pingIntervalMs: 10_000,
      pingTimeoutMs: 5_000,
    });
    expect(relayOf('AWS-IoT', { client: 'PubSubClient' })).toMatchObject({ pingIntervalMs: 15_000, pingTimeoutMs: 30_000 });
    expect(relayOf('EMQX', {})).toMatchObject({ pingIntervalMs: 25_000, pingTimeoutMs: 12_500 });
    expect(relayOf('EMQX', { board_ping_interval: '0s' }).pingIntervalMs).toBe(0);
    const fleet = { old: { count: 2, client: 'esp-mqtt' }, new: { count: 2, client: 'PubSubClient' } };
    expect(scenarioOf({ relay: { server: 'mosquitto' }, fleet }).relay).toMatchObject({ pingIntervalMs: 60_000, pingTimeoutMs: 120_000 });
  });

  it('of a proxy is a balancer before the kit’s relay, unless the scenario has one of its own', () => {
    expect(scenarioOf({ relay: { server: 'nginx' } }).balancer?.idleCloseMs).toBe(60_000);
    expect(scenarioOf({ relay: { server: 'HAProxy' }, balancer: { idle_close: '5s' } }).balancer).toMatchObject({
      idleCloseMs: 5_000,
      awayStatus: 502,
    });
  });

  it.each(CLIENTS)('%s reads back from a recording as it was', (client) => {
    for (const server of SERVERS) {
      const scenario = scenarioOf({ boards: { client }, relay: { server } });
      expect(scenarioOf(documentOf(scenario))).toEqual(scenario);
    }
  });

  it('that is unknown is answered with the nearest', () => {
    expect(() => scenarioOf({ boards: { client: 'esp_websocket' } })).toThrow('did you mean esp_websocket_client?');
    expect(() => scenarioOf({ relay: { server: 'mosqitto' } })).toThrow('did you mean mosquitto?');
  });

  it('says what of it is not played', () => {
    expect(presetNotes('esp_websocket_client', 'uvicorn').join()).toMatch(/Not modelled of esp_websocket_client.*Not modelled of uvicorn/);
  });
});

/** As it comes, and as a tuning would have it. */
const TUNED: Behaviour = {
  keepalive: { ping_interval_ms: 24_000, ping_timeout_ms: 5_000 },
  backoff: { kind: 'exponential', jitter: 'full', min_ms: 1_000, max_ms: 60_000 },
};
const EQUAL: Behaviour = { ...TUNED, backoff: { kind: 'exponential', jitter: 'equal', min_ms: 1_000, max_ms: 30_000 } };
const NO_PINGS: Behaviour = {
  keepalive: { ping_interval_ms: 0, ping_timeout_ms: 1 },
  backoff: { kind: 'fixed', jitter: 'full', min_ms: 2_000, max_ms: 60_000 },
};

function told(title: string, answer: Answer | null): string {
  return answer === null ? `## ${title}: nothing to set\n` : `## ${title}, in ${answer.place}\n${answer.lines.join('\n')}\n`;
}

it('answers in the words of each library (UPDATE_GOLDEN=1 rewrites answers.golden.txt)', () => {
  const current = [
    ...CLIENTS.flatMap((name) => [
      told(`${name} as it comes`, CLIENT_PRESETS[name].paste(clientBehaviour(name))),
      told(`${name}, 24 s / 5 s, 1 to 60 s, full jitter`, CLIENT_PRESETS[name].paste(TUNED)),
      told(`${name}, 24 s / 5 s, 1 to 30 s, equal jitter`, CLIENT_PRESETS[name].paste(EQUAL)),
      told(`${name}, no pings, each 2 s, full jitter`, CLIENT_PRESETS[name].paste(NO_PINGS)),
    ]),
    ...SERVERS.flatMap((name) => [
      told(`${name} as it comes`, SERVER_PRESETS[name].paste(serverValues(SERVER_PRESETS[name], undefined, DEFAULT_CONFIG))),
      told(`${name}, 24 s / 7 s`, SERVER_PRESETS[name].paste({ pingIntervalMs: 24_000, pingTimeoutMs: 7_000 })),
      told(`${name}, no pings`, SERVER_PRESETS[name].paste({ pingIntervalMs: 0, pingTimeoutMs: 7_000 })),
    ]),
  ].join('\n');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(GOLDEN, current);
  expect(readFileSync(GOLDEN, 'utf8')).toBe(current);
});

/** What scenarios/studies/library-defaults.yaml was run with: its figures are published. */
const STUDIED = `
Squall: 20000/20000, 25000/10000, exponential 1000 to 60000 full
uvicorn + MicroPython client: 20000/20000, 0/10000, fixed 100 to 60000 none
Python websockets: 20000/20000, 20000/20000, fixed 2500 to 60000 full
Socket.IO: 25000/20000, 25000/20000, exponential 1000 to 5000 equal
SignalR: 15000/15000, 15000/15000, exponential 2000 to 30000 none
Phoenix: 30000/30000, 30000/30000, exponential 100 to 5000 none
Home Assistant: 55000/27500, 0/10000, exponential 1000 to 5000 none
graphql-ws: 12000/12000, 0/10000, exponential 1000 to 60000 equal
ws recipe + ReconnectingWebSocket: 30000/30000, 0/10000, exponential 1000 to 30000 none
uWebSockets + reconnecting-websocket: 104000/16000, 0/10000, exponential 1000 to 10000 equal
gorilla chat example: 54000/6000, 0/10000, fixed 5000 to 60000 none
esp_websocket_client: 0/20000, 10000/120000, fixed 10000 to 60000 none
arduinoWebSockets: 0/20000, 0/10000, fixed 500 to 60000 none
ESP-MQTT: 60000/120000, 60000/60000, fixed 10000 to 60000 none
PubSubClient: 15000/7500, 15000/15000, fixed 5000 to 60000 none
MQTT.js: 60000/30000, 60000/30000, fixed 1000 to 60000 none
paho Python: 60000/30000, 60000/60000, exponential 1000 to 120000 none
AWS CRT MQTT 5: 1200000/600000, 1200000/30000, exponential 1000 to 120000 full
`;

it('is in the study of library defaults what that was run with: when this changes, run it again (npm run studies)', () => {
  const file = 'scenarios/studies/library-defaults.yaml';
  const { study } = loadStudy(file, readFileSync(file, 'utf8'), null, folderOfFile(file));
  const told = study?.cells.map(({ values, scenario: { relay, boards } }) => {
    const { keepalive, backoff } = boards.config;
    const pings = `${relay.pingIntervalMs}/${relay.pingTimeoutMs}, ${keepalive.ping_interval_ms}/${keepalive.ping_timeout_ms}`;
    return `${values.library}: ${pings}, ${backoff.kind} ${backoff.min_ms} to ${backoff.max_ms} ${backoff.jitter}`;
  });
  expect(told?.join('\n')).toBe(STUDIED.trim());
});

it('stands in the table of README.md (UPDATE_GOLDEN=1 rewrites it)', () => {
  const code = (text: string) => `\`${text}\``;
  const table = (side: string) =>
    markdownTable(
      [side, 'what it is', 'as it comes', 'cannot be set', 'not modelled'],
      ALL.filter((one) => one.side === side).map(({ name, preset }) => [
        code(name),
        preset.about,
        Object.entries(preset.settings as Record<string, Fact>)
          .map(([key, [value]]) => `${key.replace(/^relay\./, '')} ${value}`)
          .join(', '),
        Object.keys(preset.cannot).map(code).join(' '),
        preset.notModelled.join(' · '),
      ]),
    );
  expectTable(README, 'clients', table('client'));
  expectTable(README, 'servers', table('server'));
});
