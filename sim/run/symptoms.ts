/**
 * What people report, in their words: the scenario that shows it, and the setting that cures it. A row a
 * report; its test plays the scenario ill and cured, and writes the table of scenarios/README.md.
 */

interface Symptom {
  /** What a user sees. */
  says: string;
  /** What it is. */
  because: string;
  /** A file of scenarios/, without its ending. It is the cured one. */
  scenario: string;
  /** `--set` that make it as the user has it, so that `shows` is missed. */
  ill: readonly string[];
  /** The setting that cures it, and where it belongs. */
  cure: string;
  /** A threshold of the scenario, to the letter: what tells ill from cured. */
  shows: string;
}

export const SYMPTOMS: readonly Symptom[] = [
  {
    says: 'The relay shows boards as connected that have been gone for a minute',
    because: 'half-open connections: packets vanish without FIN or RST, and only a ping can tell',
    scenario: 'half-open',
    ill: ['relay.ping_interval=40s', 'boards.board_ping_interval=0s'],
    cure: 'a shorter `ping_interval` of the relay: detection takes at most interval and timeout together',
    shows: 'max(detect_ms) <= 20500',
  },
  {
    says: 'Drops when nothing was sent for a while',
    because: 'a NAT or proxy on the way forgets idle flows',
    scenario: 'nat-idle',
    ill: ['relay.ping_interval=50s'],
    cure: 'a `ping_interval` shorter than what the path remembers',
    shows: 'disconnects == 6',
  },
  {
    says: 'After a deploy all reconnect at once, again and again',
    because: 'a fixed delay of reconnecting, the same for all: they come in step',
    scenario: 'relay-restart',
    ill: ['boards.backoff={kind: fixed, min: 1s}'],
    cure: '`backoff: { kind: exponential, jitter: full }` in the firmware',
    shows: 'connects_per_s_peak < 120',
  },
  {
    says: 'Boards that work are thrown out, more of them when the Wi-Fi is bad',
    because: 'a ping timeout shorter than a board that reads slowly needs for its answer',
    scenario: 'ping-too-fast',
    ill: ['boards.config.socket_delay_ms=600'],
    cure: 'a `ping_timeout` of more than the slowest answer, or a smaller `socket_delay_ms`',
    shows: 'false_disconnects == 0',
  },
  {
    says: 'Refused for a minute after each short outage',
    because: 'with `duplicate_id: reject` the old, dead session holds the id until the relay finds it dead',
    scenario: 'duplicate-id',
    ill: ['relay.duplicate_id=reject'],
    cure: '`duplicate_id: replace` on the relay',
    shows: 'disconnects.refused_duplicate == 0',
  },
  {
    says: 'Online, Wi-Fi is fine, but the server does not answer any more',
    because: 'the process of the server hangs while its machine acknowledges every packet',
    scenario: 'relay-hang',
    ill: ['boards.board_ping_interval=0s'],
    cure: 'a keepalive of the board’s own, `board_ping_interval`',
    shows: 'disconnects.board_ping_timeout == 20',
  },
];
