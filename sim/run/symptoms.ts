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
  {
    says: 'Drops every 60 seconds when nobody presses a button',
    because: 'a balancer closes what was idle for that long: nginx 60 s, HAProxy 50 s, AWS 60 s, Cloudflare 100 s',
    scenario: 'balancer-idle',
    ill: ['relay.ping_interval=70s'],
    cure: 'a `ping_interval` of less than half of the balancer’s patience: pings count',
    shows: 'disconnects <= 20',
  },
  {
    says: '“426 Upgrade Required” or 404, only behind the proxy',
    because: 'the proxy passes the request on without `Upgrade`, so the relay sees a page’s',
    scenario: 'upgrade-dropped',
    ill: ['balancer.upgrade=drop'],
    cure: 'in nginx `proxy_http_version 1.1` and `proxy_set_header` for `Upgrade` and `Connection`',
    shows: 'channel_availability > 0.85',
  },
  {
    says: 'During a deploy the proxy’s log is full of 502',
    because: 'boards that ask again every second for as long as the relay is away',
    scenario: 'deploy-502',
    ill: ['boards.backoff={kind: fixed, min: 1s}'],
    cure: '`backoff: { kind: exponential, jitter: full }` in the firmware, which a 502 counts for too',
    shows: 'disconnects.refused < 200',
  },
  {
    says: 'We moved the server, and the boards stay away until they are switched off and on',
    because: 'they remember the old address for as long as DNS had said that they may',
    scenario: 'relay-moved',
    ill: ['steps.0.ttl=1h'],
    cure: 'a TTL of a minute, from before the move by as much as the old one was',
    shows: 'count(reconnect_ms) == 10',
  },
  {
    says: 'Every night, when the provider changes the address, boards are gone for minutes',
    because: 'old connections lead nowhere, and nobody is told',
    scenario: 'new-address',
    ill: ['relay.ping_interval=40s', 'boards.board_ping_interval=0s'],
    cure: 'a shorter `ping_interval` of either side',
    shows: 'max(detect_ms) <= 20500',
  },
  {
    says: 'Connected, but no data; comes back only after a power cycle',
    because: 'an access point or router that leads nowhere until the board leaves it and joins anew',
    scenario: 'dead-access-point',
    ill: ['boards.config={wifi: {rejoin_after: 0}}'],
    cure: '`wifi.rejoin_after` of config.json (10 as it comes): after so many connects in vain the board joins anew',
    shows: 'wifi_joins > 3',
  },
];
