/** Why connections end, in the words of the metrics and in words for people. */
import { isOfGroup } from '../measure/registry.ts';
import type { Segment, Summary } from '../measure/result.ts';

const CAUSE_WORDS: Record<string, string> = {
  ping_timeout: "relay's keepalive got no pong",
  board_ping_timeout: "board's keepalive heard nothing",
  wifi_lost: 'Wi-Fi lost',
  peer_closed: 'closed by the other side',
  reset: 'reset (RST, TCP gave up, reboot)',
  refused_duplicate: 'refused: id still connected',
  refused: 'refused by the server',
  protocol_error: 'protocol error',
  tls: 'TLS',
};

/** Words of the relay for what boards only see as its close. */
const CLOSED_BY_RELAY = ['takeover', 'shutdown', 'policy'];

export function causeWords(cause: string): string {
  return CAUSE_WORDS[cause] ?? cause;
}

/**
 * How a channel ended, from the segments after it last carried data: what was told up to the moment when the
 * board left it. A station that was sent away may have left only the access point's reason; a board that
 * reboots or loses its power says nothing.
 */
export function causeOf(chain: readonly Segment[]): string {
  const left = chain.findIndex(({ state }) => state !== 'dead');
  for (const { cause } of chain.slice(0, left + 1)) {
    if (Object.hasOwn(CAUSE_WORDS, cause)) return cause;
    if (CLOSED_BY_RELAY.includes(cause)) return 'peer_closed';
  }
  return chain[left].state === 'wifi' && chain[left].cause !== '' ? 'wifi_lost' : 'reset';
}

/** Those that occurred, the most frequent first. */
export function countedCauses(metrics: Summary['metrics']): { cause: string; count: number }[] {
  return counted(metrics, 'disconnects.').map(({ name, count }) => ({ cause: name, count }));
}

/**
 * The counters of a family that counted anything, the most frequent first. @param prefix up to the dot
 * @returns names without it
 */
export function counted(metrics: Summary['metrics'], prefix: string): { name: string; count: number }[] {
  return Object.entries(metrics)
    .filter(([name]) => name.startsWith(prefix) && !isOfGroup(name))
    .map(([name, count]) => ({ name: name.slice(prefix.length), count: count as number }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
