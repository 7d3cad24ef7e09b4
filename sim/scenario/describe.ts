/** A scenario in plain words: one paragraph that says what will run, before it runs. */
import { formatCount, plural } from 'host/format';
import { formatDuration } from 'host/units';
import type { EnergySettings } from '../board/energy/settings.ts';
import { PROFILES } from '../board/profiles/index.ts';
import type { BoardConfig } from '../board/runtime.ts';
import { boardId } from '../kernel/board-id.ts';
import { describeBalancer } from '../net/balancer/settings.ts';
import { describeLink, describeRules } from '../net/link/settings.ts';
import type { StationSettings } from '../net/wifi/station-settings.ts';
import { airWords, describeAir } from './describe-air.ts';
import { describeStep, describeTimes } from './describe-step.ts';
import { groupsOf } from './groups.ts';
import type { FleetGroup, RelaySettings, Scenario, TlsMode } from './scenario.ts';
import { DEFAULTS } from './settings.ts';

/** Steps that are told one by one; a longer list is counted. */
const MAX_STEPS_TOLD = 6;

/** @param clock what the duration counts */
const TLS_WORDS: Record<Exclude<TlsMode, 'none'>, string> = {
  encrypt: 'TLS encrypts; nobody verifies anybody.',
  server: 'The boards verify the relay by TLS.',
  mutual: 'Boards and relay verify each other by TLS, and a board may only be the id in its certificate.',
};

export function describeScenario(scenario: Scenario, clock: 'virtual' | 'real' = 'virtual'): string {
  const { boards } = scenario;
  const sentences = [
    `Scenario "${scenario.name}", seed ${scenario.seed}: ${count(boards.count, 'board')} (${oneOf(scenario, 'device')}) ${boards.count === 1 ? 'runs' : 'run'} ${oneOf(scenario, 'firmware')} for ${formatDuration(scenario.durationMs)} of ${clock} time${boards.bootSpreadMs > 0 ? `, powered up within the first ${formatDuration(boards.bootSpreadMs)}` : ''}.`,
    `The link ${describeLink(scenario.link)}.`,
    ...describeAir(scenario),
    ...balancerSentence(scenario),
    ...presetSentence(scenario),
    describeRelay(scenario.relay),
    describeDevice(boards.config),
    ...describeStation(boards.station),
    ...describeEnergy(boards.energy),
    ...(boards.clockDrift === 'none' ? [] : [`Their clocks are wrong: ${driftWords(boards)}.`]),
    ...describeFleet(scenario),
    ...(scenario.tls === 'none' ? [] : [TLS_WORDS[scenario.tls]]),
    ...describeSteps(scenario),
  ];
  if (boards.anyJavaScript) sentences.push('The firmware may use what no board can run.');
  if (!boards.seedRandom) sentences.push('All boards draw the same random numbers.');
  return sentences.join(' ');
}

/** The same as labels and values, for a table. */
export function describeSettings(scenario: Scenario): [label: string, value: string][] {
  const { boards, link, relay } = scenario;
  const { keepalive, backoff } = boards.config;
  const pings = (intervalMs: number, timeoutMs: number) =>
    intervalMs === 0 ? 'off' : `${formatDuration(intervalMs)} / ${formatDuration(timeoutMs)}`;
  return [
    ['Boards', String(boards.count)],
    ...groupSettings(scenario),
    ['Firmware', boards.firmware],
    ['Device', boards.device],
    ...(boards.client === undefined ? [] : [['Client', boards.client] as [string, string]]),
    ...(relay.server === undefined ? [] : [['Server', relay.server] as [string, string]]),
    ['Virtual time', formatDuration(scenario.durationMs)],
    ['Seed', String(scenario.seed)],
    ...describeRules(link).map(({ label, value }): [string, string] => [label, value]),
    ['Access points', String(scenario.aps)],
    ['Air', airWords(scenario.air)],
    ...(scenario.balancer === null ? [] : [['Balancer', describeBalancer(scenario.balancer).join(', ')] as [string, string]]),
    ...(scenario.tls === 'none' ? [] : [['TLS', scenario.tls] as [string, string]]),
    ['Relay mode', relay.mode],
    ['Relay ping interval / timeout', pings(relay.pingIntervalMs, relay.pingTimeoutMs)],
    ['Board ping interval / timeout', pings(keepalive.ping_interval_ms, keepalive.ping_timeout_ms)],
    ['Backoff', `${backoff.kind}, ${describeWaits(backoff)}, jitter ${backoff.jitter}`],
    ['Duplicate id', relay.duplicateId],
    ...describeListeningSettings(relay),
    ...(stationClauses(boards.station).length === 0 ? [] : [['Wi-Fi', stationClauses(boards.station).join(', ')] as [string, string]]),
    ...energySettings(boards.energy),
    ...(boards.clockDrift === 'none' ? [] : [['Clock drift', driftWords(boards)] as [string, string]]),
    ['Power-up', boards.bootSpreadMs === 0 ? 'all at once' : `within ${formatDuration(boards.bootSpreadMs)}`],
    ['Steps', scenario.steps.length === 0 ? 'none' : String(scenario.steps.length)],
  ];
}

/** Whose defaults they begin with; what came of that is told in the sentences on relay and boards. */
function presetSentence({ boards: { client }, relay: { server } }: Scenario): string[] {
  const of = [
    ...(client === undefined ? [] : [`boards have those of ${client}`]),
    ...(server === undefined ? [] : [`the relay those of ${server}`]),
  ];
  return of.length === 0 ? [] : [`Defaults: ${of.join(', ')}.`];
}

/** What all groups have that have boards: `espruino-esp32, ideal`. */
function oneOf(scenario: Scenario, setting: 'device' | 'firmware'): string {
  const populated = groupsOf(scenario).filter(({ boards }) => boards.count > 0);
  return [...new Set(populated.map(({ boards }) => boards[setting]))].join(', ');
}

function describeFleet(scenario: Scenario): string[] {
  return groupsOf(scenario)
    .filter(({ name }) => name !== '')
    .map((group) => `${whoIsIn(group)} ${group.boards.count === 1 ? 'is' : 'are'} ${group.name}: ${differences(scenario, group)}.`);
}

function groupSettings(scenario: Scenario): [label: string, value: string][] {
  const named = groupsOf(scenario).filter(({ name }) => name !== '');
  return named.map((group) => [`Group ${group.name}`, `${whoIsIn(group)}; ${differences(scenario, group)}`]);
}

/** `14 boards (board-1 to board-14)` */
function whoIsIn({ first, boards: { count } }: FleetGroup): string {
  if (count === 0) return 'No boards';
  return count === 1 ? `One board (${boardId(first)})` : `${count} boards (${boardId(first)} to ${boardId(first + count - 1)})`;
}

/** In which of its settings a group is not as `boards:` and `link:` say. */
function differences(scenario: Scenario, { boards, link, ap }: FleetGroup): string {
  const all = { ...scenario, fleet: [] };
  const usual = new Map(describeSettings(all));
  const own = describeSettings({ ...all, boards: { ...boards, count: scenario.boards.count }, link });
  const changed = own.filter(([label, value]) => usual.get(label) !== value).map(([label, value]) => `${label.toLowerCase()} ${value}`);
  const gone = [...usual.keys()].filter((label) => own.every(([one]) => one !== label)).map((label) => `no ${label.toLowerCase()}`);
  const others = otherConfig(scenario.boards.config, boards.config).map((key) => `config ${key} ${JSON.stringify(boards.config[key])}`);
  const words = [...changed, ...gone, ...others, ...(ap === null ? [] : [`access point ${ap}`])];
  return words.length === 0 ? 'as the others' : words.join('; ');
}

/** Keys of the config that no other setting tells of. */
function otherConfig(usual: BoardConfig, own: BoardConfig): (keyof BoardConfig)[] {
  const keys = ['outbox', 'socket_delay_ms', 'clock', 'wifi'] as const;
  return keys.filter((key) => JSON.stringify(usual[key]) !== JSON.stringify(own[key]));
}

function describeListeningSettings({ backlog, acceptMs }: RelaySettings): [label: string, value: string][] {
  const { backlog: usual, accept_time: none } = DEFAULTS.relay;
  return [
    ...(backlog === usual ? [] : [['Relay backlog', String(backlog)] as [string, string]]),
    ...(acceptMs === none ? [] : [['Relay accepts', `${formatDuration(acceptMs)} each`] as [string, string]]),
  ];
}

function balancerSentence({ balancer }: Scenario): string[] {
  if (balancer === null) return [];
  return [`A balancer stands before the relay: it ${describeBalancer(balancer).join(', ')}.`];
}

function describeRelay(relay: RelaySettings): string {
  const does = relay.mode === 'echo' ? 'echoes' : 'broadcasts';
  const keepalive =
    relay.pingIntervalMs === 0
      ? 'sends no pings'
      : `pings every ${formatDuration(relay.pingIntervalMs)} and waits ${formatDuration(relay.pingTimeoutMs)} for the answer`;
  const duplicate = relay.duplicateId === 'takeover' ? 'lets a new connection take over its id' : 'refuses an id that is connected already';
  return `The relay ${does}, ${keepalive}, and ${duplicate}.${describeListening(relay)}`;
}

/** Nothing for a relay that takes whoever comes, as soon as they come. */
function describeListening({ backlog, acceptMs }: RelaySettings): string {
  const { backlog: usual, accept_time: none } = DEFAULTS.relay;
  if (backlog === usual && acceptMs === none) return '';
  const each = acceptMs === none ? '' : ` It takes ${formatDuration(acceptMs)} for each connection;`;
  return `${each || ' In its machine'} ${plural(backlog + 1, 'connection')} may wait for it, further ones are lost and try again.`;
}

function describeDevice({ keepalive, backoff }: BoardConfig): string {
  const pings =
    keepalive.ping_interval_ms === 0
      ? 'does not ping'
      : `pings after ${formatDuration(keepalive.ping_interval_ms)} of silence, waits ${formatDuration(keepalive.ping_timeout_ms)}`;
  return `A board ${pings}, and reconnects with ${backoff.kind} backoff of ${describeWaits(backoff)} (jitter: ${backoff.jitter}).`;
}

function describeStation(station: StationSettings): string[] {
  const does = stationClauses(station);
  return does.length === 0 ? [] : [`Its Wi-Fi ${joined(does)}.`];
}

function stationClauses({ scan, roamDb, reconnects }: StationSettings): string[] {
  return [
    ...(scan === 'all' ? ['joins the strongest access point that a scan of all channels finds'] : []),
    ...(roamDb === null ? [] : [`roams to an access point that is ${roamDb} dB stronger`]),
    ...(reconnects === 0 ? [] : [`joins again by itself, ${reconnects === null ? 'for ever' : `${plural(reconnects, 'time')} at most`}`]),
  ];
}

function describeEnergy(energy: EnergySettings): string[] {
  const { batteryMah } = energy;
  const waits = waitingClause(energy);
  return [
    ...(batteryMah === null ? [] : [`Each board has a battery of ${formatCount(batteryMah)} mAh.`]),
    ...(waits === null ? [] : [`While it waits, its ${waits}.`]),
  ];
}

function energySettings(energy: EnergySettings): [label: string, value: string][] {
  const waits = waitingClause(energy);
  return [
    ...(energy.batteryMah === null ? [] : [['Battery', `${formatCount(energy.batteryMah)} mAh`] as [string, string]]),
    ...(waits === null ? [] : [['Waiting', waits] as [string, string]]),
  ];
}

function driftWords({ clockDrift, device }: Scenario['boards']): string {
  const { crystalPpm, sleepShare } = PROFILES[device].clocks;
  return `crystals by up to ±${clockDrift === 'profile' ? crystalPpm : clockDrift} ppm, deep sleep by up to ±${sleepShare * 100} %`;
}

function waitingClause({ frequencyScaling, lightSleep }: EnergySettings): string | null {
  if (lightSleep) return 'CPU stops (light-sleep) where the radio is off or saves power';
  return frequencyScaling ? 'CPU’s clock goes down' : null;
}

function describeSteps({ steps }: Scenario): string[] {
  if (steps.length > MAX_STEPS_TOLD) return [`${steps.length} steps change the world on the way.`];
  return steps.map((step) => {
    const { when, lasts } = describeTimes(step);
    return `${when} ${describeStep(step)}${lasts}.`;
  });
}

function describeWaits({ kind, min_ms, max_ms }: BoardConfig['backoff']): string {
  return kind === 'fixed' ? formatDuration(min_ms) : `${formatDuration(min_ms)} to ${formatDuration(max_ms)}`;
}

function joined(clauses: readonly string[]): string {
  return clauses.length === 1 ? clauses[0] : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
