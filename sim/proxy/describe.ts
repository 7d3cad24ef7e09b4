/** What the proxy says on a terminal: what it will do, and what has passed when it ends. */
import { formatMs, plural } from 'host/format';
import { formatDuration } from 'host/units';
import { describeBalancer } from '../net/balancer/settings.ts';
import { describeLink } from '../net/link/settings.ts';
import { describeStep, describeTimes } from '../scenario/describe-step.ts';
import type { Step } from '../scenario/scenario.ts';
import { type Address, formatAddress } from './address.ts';
import type { MqttCounts } from './mqtt-watch.ts';
import type { ProxyCounts, ProxySettings } from './proxy.ts';

/** @param control where the control port is, if there is one */
export function describePlan(
  { listen, upstream, link, balancer, seed, stack }: ProxySettings,
  control: Address | null,
  steps: readonly Step[],
): string {
  const lines = [
    `Devices connect to ${formatAddress(listen)}; their bytes go to ${formatAddress(upstream)} and back as they are.`,
    `The link of each device ${describeLink(link)}; seed ${seed}. The device's side retransmits as ${stack} does, the relay's as linux.`,
    ...(balancer === null ? [] : [`A balancer stands before the relay: it ${describeBalancer(balancer).join(', ')}.`]),
    ...(control === null ? [] : [`The weather changes at http://${formatAddress(control)} (Toxiproxy's API; see sim/proxy/README.md).`]),
    ...steps.map((step) => {
      const { when, lasts } = describeTimes(step);
      return `  ${when.charAt(0).toLowerCase()}${when.slice(1)}: ${describeStep(step)}${lasts}`;
    }),
    'Ctrl-C ends it.',
  ];
  return `${lines.join('\n')}\n`;
}

export function describeCounts(counts: ProxyCounts): string {
  const { devices, connections, refused, upstreamBytes, downstreamBytes, segments, retransmits } = counts;
  const share = segments === 0 ? 0 : (100 * retransmits) / segments;
  const lines = [
    `${plural(connections, 'connection')} of ${plural(devices, 'device')}${refused > 0 ? `, ${refused} refused` : ''}`,
    `${upstreamBytes} bytes to the relay, ${downstreamBytes} bytes to the devices`,
    `${segments} segments on the links, ${retransmits} of them retransmissions (${share.toFixed(1)} %)`,
  ];
  return `${[...lines, ...describeMqtt(counts.mqtt)].join('\n')}\n`;
}

function describeMqtt(mqtt: MqttCounts | null): string[] {
  if (mqtt === null) return [];
  const { connections, clients, reconnects, takeovers, pings, pongs, silences, longestSilenceMs, willsDue, keepaliveMs } = mqtt;
  const { least, most } = keepaliveMs ?? { least: 0, most: 0 };
  const keepalives = least === most ? formatDuration(least) : `${formatDuration(least)} to ${formatDuration(most)}`;
  return [
    `MQTT: ${plural(connections, 'connection')} of ${plural(clients, 'client')}, keepalive ${keepalives}; ${plural(reconnects, 'reconnect')}, ${plural(takeovers, 'takeover')}; ${plural(pings, 'ping')}, ${pongs} answered`,
    `${plural(silences, 'client')} ended by the broker after a silence of 1.5 keepalives${silences === 0 ? '' : ` (the longest ${formatMs(longestSilenceMs)})`}; ${plural(willsDue, 'last will')} due`,
  ];
}

/** For programs: the contract's names where it has some. */
export function countsDocument(counts: ProxyCounts): Record<string, unknown> {
  const { devices, connections, refused, upstreamBytes, downstreamBytes, segments, retransmits } = counts;
  return {
    version: 1,
    devices,
    connections,
    refused,
    upstream_bytes: upstreamBytes,
    downstream_bytes: downstreamBytes,
    tcp_segments: segments,
    tcp_retransmits: retransmits,
    ...mqttDocument(counts.mqtt),
  };
}

function mqttDocument(mqtt: MqttCounts | null): Record<string, unknown> {
  if (mqtt === null) return {};
  const { connections, clients, reconnects, takeovers, pings, pongs, silences, longestSilenceMs, willsDue } = mqtt;
  return {
    mqtt: {
      connections,
      clients,
      reconnects,
      takeovers,
      pings,
      pongs,
      silences,
      longest_silence_ms: longestSilenceMs,
      wills_due: willsDue,
    },
  };
}
