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
    says: 'Drops after exactly 40 seconds, again and again',
    because: 'pings every 20 s that wait 20 s for an answer, and a WebSocket library that sends no pongs',
    scenario: 'pings-unanswered',
    ill: ['boards.firmware=scenarios/apps/answers-no-ping.ts'],
    cure: 'a library, or a line in its handler of frames, that answers each ping (RFC 6455 section 5.5.2)',
    shows: 'disconnects.ping_timeout == 0',
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
    cure: '`duplicate_id: takeover` on the relay',
    shows: 'disconnects.refused_duplicate == 0',
  },
  {
    says: 'The server was restarted, and is overloaded since; most devices do not get in for an hour',
    because:
      'who waits longer for an answer than its library has patience tries again a second later: the server works for those who have left',
    scenario: 'overload',
    ill: ['fleet.new.share=0'],
    cure: 'a backoff that grows, with jitter, in most of the firmware: here in 32 of 40 boards',
    shows: 'channel_availability > 0.95',
  },
  {
    says: 'After an update over the air some boards run the old firmware again, others need minutes for it',
    because:
      'new firmware is rolled back when its board is reset before its channel opens, and with `duplicate_id: reject` the session of the old one keeps it out for up to 40 seconds',
    scenario: 'update-over-the-air',
    ill: ['relay.duplicate_id=reject'],
    cure: '`duplicate_id: takeover` on the relay',
    shows: 'update_rollbacks == 0',
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
    says: 'Gone every 50 seconds, and refused for a while each time',
    because:
      'the access point sends stations away (an idle limit, steering), and the relay still holds the session that it never heard the end of',
    scenario: 'deauth-loop',
    ill: ['relay.duplicate_id=reject'],
    cure: '`duplicate_id: takeover` on the relay; the access point’s idle limit or steering off',
    shows: 'p95(reconnect_ms) < 3500',
  },
  {
    says: 'Works on the bench, dies in the hall',
    because:
      'a weak signal, many boards and other networks on one channel: slow frames and retries fill the air, and answers miss the ping timeout',
    scenario: 'weak-hall',
    ill: ['aps=1', 'steps.1.rssi=-95'],
    cure: 'access points nearer to the boards, on channels of their own (1, 6, 11)',
    shows: 'disconnects == 0',
  },
  {
    says: 'Loses its connection on the way from one access point to another',
    because: 'an ESP32 does not roam: it stays with an access point as long as it hears a beacon in six seconds',
    scenario: 'moving-board',
    ill: ['boards.roam=never'],
    cure: 'ESP-IDF’s roaming (`CONFIG_ESP_WIFI_ENABLE_ROAMING_APP`, 15 dB); here `boards.roam: 15`',
    shows: 'max(reconnect_ms) < 5000',
  },
  {
    says: 'All are gone at the same moment, for ten seconds, at odd hours',
    because: 'the access point changes its channel without announcing it, and stations miss its beacons',
    scenario: 'channel-change',
    ill: ['steps.1.announced=false'],
    cure: 'an access point that announces the change (CSA), or a fixed channel',
    shows: 'disconnects == 0',
  },
  {
    says: 'After a power cut some boards do not come back, others each time',
    because: 'the router associates no more stations than it has places for',
    scenario: 'ap-full',
    ill: ['aps=1'],
    cure: 'a second access point, or one with more places (`max_num_sta` of hostapd)',
    shows: 'channel_availability > 0.95',
  },
  {
    says: 'A few boards drop every ten minutes, or on the hour',
    because: 'the access point renews its group keys, and who misses that is sent away (reason 16); its old session holds its id',
    scenario: 'rekey-fails',
    ill: ['relay.duplicate_id=reject'],
    cure: '`duplicate_id: takeover` on the relay; a longer `wpa_group_rekey` at the access point',
    shows: 'max(reconnect_ms) < 4000',
  },
  {
    says: 'After a power cut some boards need seconds longer than others, and the server counts "listen queue overflowed"',
    because: 'all connect in the same second, and the server’s accept queue is shorter than the crowd',
    scenario: 'herd-after-outage',
    ill: ['relay.backlog=16'],
    cure: 'a longer `backlog` (and net.core.somaxconn) on the server’s machine',
    shows: 'accept_overflows == 0',
  },
  {
    says: 'After a deploy the small server is overrun although it is up again',
    because: 'no jitter: all connect in the same moment, more than its accept queue holds',
    scenario: 'herd-after-outage',
    ill: ['boards.backoff={kind: fixed, min: 1s, jitter: none}'],
    cure: '`jitter: full` in the firmware’s backoff',
    shows: 'accept_overflows == 0',
  },
  {
    says: 'The certificate was renewed; browsers are fine, half the fleet is out',
    because: 'the intermediate certificate is not sent: boards do not fetch it. Who was connected stays so, until its next reconnect',
    scenario: 'cert-renewed',
    ill: ['steps.0.chain=no_intermediate'],
    cure: 'the whole chain in the server’s certificate file',
    shows: 'tls_failures == 0',
  },
  {
    says: 'Boards drop at random, several at once, when the server is busy',
    because: 'its process pauses (garbage collection) for longer than the boards’ ping timeout',
    scenario: 'gc-pauses',
    ill: ['boards.board_ping_timeout=1s'],
    cure: 'a `board_ping_timeout` longer than the longest pause',
    shows: 'disconnects.board_ping_timeout == 0',
  },
  {
    says: 'Runs for days; when the Wi-Fi was away it resets over and over',
    because: 'brownout: the supply sags when the radio begins to join',
    scenario: 'brownout-loop',
    ill: ['steps.0.chance=1'],
    cure: 'a supply that holds 500 mA: a shorter cable, a larger capacitor, a charged battery',
    shows: 'brownouts < 100',
  },
  {
    says: 'The server’s machine was restarted, and the boards took minutes to notice',
    because: 'a machine that dies sends neither FIN nor RST',
    scenario: 'relay-machine-gone',
    ill: ['boards.board_ping_interval=0s'],
    cure: 'a keepalive of the board’s own, `board_ping_interval`',
    shows: 'max(recovery_ms) < 30000',
  },
  {
    says: '502 for a minute after boards reconnected, though the server is up',
    because: 'the proxy has no port left for connections to the server: the old ones wait in TIME_WAIT',
    scenario: 'proxy-ports',
    ill: ['balancer.ports=24'],
    cure: 'more ports (net.ipv4.ip_local_port_range, or a second address of the server), and clients that reconnect less often',
    shows: 'disconnects.refused == 0',
  },
  {
    says: 'Works with small messages, hangs with a large one',
    because: 'a path-MTU black hole: a tunnel carries less than 1,500 bytes, and a firewall swallows the ICMP that would say so',
    scenario: 'mtu-black-hole',
    ill: ['link.mtu_icmp=false'],
    cure: 'let ICMP through (type 3 code 4), clamp the MSS at the tunnel, or lower the MTU of the server’s interface',
    shows: 'disconnects == 0',
  },
  {
    says: 'Upload works, nothing comes down',
    because: 'the way down is dead; the server hangs up, and that does not come down either',
    scenario: 'one-way',
    ill: ['boards.board_ping_interval=0s'],
    cure: 'a keepalive of the board’s own, `board_ping_interval`',
    shows: 'max(board_detect_ms) <= 21000',
  },
  {
    says: 'In the train it takes half a minute after a tunnel until messages come again',
    because: 'nobody notices a dead connection before the next ping, which is a minute away, and the network is back before that',
    scenario: 'train',
    ill: ['relay.ping_interval=60s', 'boards.board_ping_interval=60s'],
    cure: 'pings every 10 s from both sides, a short backoff, `duplicate_id: takeover`',
    shows: 'p90(recovery_ms) < 15000',
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
