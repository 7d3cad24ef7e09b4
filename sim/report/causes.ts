/** Why connections end, in the words of the metrics and in words for people. */
import type { Summary } from '../measure/result.ts';

const CAUSE_PREFIX = 'disconnects.';

const CAUSE_WORDS: Record<string, string> = {
  ping_timeout: "relay's keepalive got no pong",
  board_ping_timeout: "board's keepalive heard nothing",
  wifi_lost: 'Wi-Fi lost',
  peer_closed: 'closed by the other side',
  reset: 'reset (RST, TCP gave up, reboot)',
  refused_duplicate: 'refused: id still connected',
  protocol_error: 'protocol error',
  tls: 'TLS',
};

/** Words of the relay for what boards only see as its close. */
const CLOSED_BY_RELAY = ['takeover', 'shutdown', 'policy'];

export function causeWords(cause: string): string {
  return CAUSE_WORDS[cause] ?? cause;
}

/** The first that tells how a channel ended; a board that reboots or loses its power says nothing. */
export function causeOf(told: readonly string[]): string {
  for (const word of told) {
    if (Object.hasOwn(CAUSE_WORDS, word)) return word;
    if (CLOSED_BY_RELAY.includes(word)) return 'peer_closed';
  }
  return 'reset';
}

/** Those that occurred, the most frequent first. */
export function countedCauses(metrics: Summary['metrics']): { cause: string; count: number }[] {
  return Object.keys(metrics)
    .filter((name) => name.startsWith(CAUSE_PREFIX))
    .map((name) => ({ cause: name.slice(CAUSE_PREFIX.length), count: metrics[name] as number }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
