/** A scenario in plain words: one paragraph that says what will run, before it runs. */
import type { DeviceConfig } from 'firmware/config';
import { formatBitRate, formatDuration } from 'host/units';
import { describeStep } from './describe-step.ts';
import type { LinkSettings, RelaySettings, Scenario, TlsMode } from './scenario.ts';

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
    `Scenario "${scenario.name}", seed ${scenario.seed}: ${count(boards.count, 'board')} (${boards.device}) ${boards.count === 1 ? 'runs' : 'run'} ${boards.firmware} for ${formatDuration(scenario.durationMs)} of ${clock} time${boards.bootSpreadMs > 0 ? `, powered up within the first ${formatDuration(boards.bootSpreadMs)}` : ''}.`,
    describeLink(scenario.link),
    describeRelay(scenario.relay),
    describeDevice(boards.config as unknown as DeviceConfig),
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
  const { keepalive, backoff } = boards.config as unknown as DeviceConfig;
  const pings = (intervalMs: number, timeoutMs: number) =>
    intervalMs === 0 ? 'off' : `${formatDuration(intervalMs)} / ${formatDuration(timeoutMs)}`;
  return [
    ['Boards', String(boards.count)],
    ['Firmware', boards.firmware],
    ['Device', boards.device],
    ['Virtual time', formatDuration(scenario.durationMs)],
    ['Seed', String(scenario.seed)],
    ['Delay', describeDelay(link)],
    ['Bit rate', `${formatBitRate(link.rateBps)}/s`],
    ['Packet loss', link.burst > 1 ? `${percent(link.lossRate)}, bursts of ${link.burst}` : percent(link.lossRate)],
    ...(link.rssiDbm === undefined ? [] : [['Signal', `${link.rssiDbm} dBm`] as [string, string]]),
    ...(link.powerSave === 'none' ? [] : [['Power save', `${link.powerSave}, DTIM ${link.dtim}`] as [string, string]]),
    ...(scenario.tls === 'none' ? [] : [['TLS', scenario.tls] as [string, string]]),
    ['Relay mode', relay.mode],
    ['Relay ping interval / timeout', pings(relay.pingIntervalMs, relay.pingTimeoutMs)],
    ['Board ping interval / timeout', pings(keepalive.ping_interval_ms, keepalive.ping_timeout_ms)],
    ['Backoff', `${backoff.kind}, ${describeWaits(backoff)}, jitter ${backoff.jitter}`],
    ['Duplicate id', relay.duplicateId],
    ['Power-up', boards.bootSpreadMs === 0 ? 'all at once' : `within ${formatDuration(boards.bootSpreadMs)}`],
    ['Steps', scenario.steps.length === 0 ? 'none' : String(scenario.steps.length)],
  ];
}

function describeLink(link: LinkSettings): string {
  const bursts = link.burst > 1 ? ` in bursts of ${link.burst} on average` : '';
  const loss = link.lossRate === 0 ? 'loses nothing' : `loses ${percent(link.lossRate)} of the packets each way${bursts}`;
  const air = `The air link delays each packet by ${describeDelay(link)} at ${formatBitRate(link.rateBps)}/s and ${loss}.`;
  return [air, ...describeRadio(link)].join(' ');
}

function describeRadio({ rssiDbm, powerSave, dtim }: LinkSettings): string[] {
  const radio: string[] = [];
  if (rssiDbm !== undefined) radio.push(`The signal is ${rssiDbm} dBm.`);
  if (powerSave === 'min_modem') radio.push(`The radio saves power: it wakes at ${dtim === 1 ? 'every beacon' : `one beacon in ${dtim}`}.`);
  return radio;
}

function describeRelay(relay: RelaySettings): string {
  const does = relay.mode === 'echo' ? 'echoes' : 'broadcasts';
  const keepalive =
    relay.pingIntervalMs === 0
      ? 'sends no pings'
      : `pings every ${formatDuration(relay.pingIntervalMs)} and waits ${formatDuration(relay.pingTimeoutMs)} for the answer`;
  const duplicate = relay.duplicateId === 'takeover' ? 'lets a new connection take over its id' : 'refuses an id that is connected already';
  return `The relay ${does}, ${keepalive}, and ${duplicate}.`;
}

function describeDevice({ keepalive, backoff }: DeviceConfig): string {
  const pings =
    keepalive.ping_interval_ms === 0
      ? 'does not ping'
      : `pings after ${formatDuration(keepalive.ping_interval_ms)} of silence, waits ${formatDuration(keepalive.ping_timeout_ms)}`;
  return `A board ${pings}, and reconnects with ${backoff.kind} backoff of ${describeWaits(backoff)} (jitter: ${backoff.jitter}).`;
}

function describeSteps({ steps }: Scenario): string[] {
  if (steps.length > MAX_STEPS_TOLD) return [`${steps.length} steps change the world on the way.`];
  return steps.map((step) => {
    const lasts = step.forMs === 0 ? '' : ` for ${formatDuration(step.forMs)}`;
    return `At ${formatDuration(step.atMs)} ${describeStep(step)}${lasts}.`;
  });
}

function describeDelay({ latencyMs, jitterMs }: LinkSettings): string {
  return `${formatDuration(latencyMs)}${jitterMs > 0 ? ` ± ${formatDuration(jitterMs)}` : ''}`;
}

function describeWaits({ kind, min_ms, max_ms }: DeviceConfig['backoff']): string {
  return kind === 'fixed' ? formatDuration(min_ms) : `${formatDuration(min_ms)} to ${formatDuration(max_ms)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
