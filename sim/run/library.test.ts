/**
 * Every scenario of the library can fail: with one setting worse, the check or threshold that watches it
 * breaks.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIBRARY, playFromLibrary } from './testing/library.ts';

/**
 * Per scenario: what is changed, and what then fails. Large fleets are made small, long runs short, where the
 * break needs neither.
 */
const BREAKS: Record<string, { set: string[]; fails: string }> = {
  'ap-reboot': { set: ['boards.count=20', 'steps.0.for=3m', 'thresholds=["p95(recovery_ms) < 60000"]'], fails: 'expect channel.open' },
  'ap-full': { set: ['aps=1'], fails: 'expect channel.open within 1m' },
  'balancer-idle': { set: ['relay.ping_interval=70s'], fails: 'disconnects <= 20' },
  'brownout-loop': { set: ['steps.0.chance=1'], fails: 'brownouts < 100' },
  'burst-loss': { set: ['link.burst=20', 'link.loss=0.2'], fails: 'channel_availability > 0.97' },
  'captive-portal': { set: ['steps.0.for=5m'], fails: 'expect channel.open within 70s' },
  'cert-expires': { set: ['steps.6.to=2060-01-01T00:00:00Z'], fails: 'expect channel.open within 70s' },
  'cert-renewed': { set: ['steps.0.chain=no_intermediate'], fails: 'tls_failures == 0' },
  'channel-change': { set: ['steps.1.announced=false'], fails: 'wifi_losses == 0' },
  'clock-2000': { set: ['boards.config={clock: {source: none}}'], fails: 'expect channel.open' },
  'cold-store': { set: ['boards.light_sleep=false'], fails: 'energy_mah_per_day < 70' },
  'crowded-air': { set: ['duration=90s', 'steps.0.neighbours=0.9'], fails: 'p99(broadcast_latency_ms) < 200' },
  'dead-access-point': { set: ['boards.config={wifi: {rejoin_after: 0}}'], fails: 'wifi_joins > 3' },
  'deauth-loop': { set: ['relay.duplicate_id=reject'], fails: 'p95(reconnect_ms) < 3500' },
  'deploy-502': { set: ['boards.backoff={kind: fixed, min: 1s}'], fails: 'disconnects.refused < 200' },
  'dhcp-exhausted': { set: ['steps.1.for=7m'], fails: 'expect channel.open within 90s' },
  'dns-fail': { set: ['steps.0.for=4m'], fails: 'expect channel.open within 90s' },
  'drop-10': { set: ['link.loss=0.5'], fails: 'messages_lost < 30' },
  'duplicate-id': { set: ['relay.duplicate_id=reject'], fails: 'disconnects.refused_duplicate == 0' },
  'gc-pauses': { set: ['boards.board_ping_timeout=1s'], fails: 'disconnects.board_ping_timeout == 0' },
  'half-open': { set: ['relay.ping_interval=30s'], fails: 'max(detect_ms) <= 20500' },
  'herd-after-outage': {
    set: ['relay.accept_time=200ms', 'relay.backlog=4', 'boards.count=40', 'boards.boot_spread=0s', 'duration=30s', 'steps=[]'],
    fails: 'accept_overflows == 0',
  },
  'message-burst': { set: ['steps.0.messages=2000'], fails: 'max(main_loop_stall_ms) < 1000' },
  'moving-board': { set: ['boards.roam=never'], fails: 'max(reconnect_ms) < 5000' },
  'mtu-black-hole': { set: ['link.mtu_icmp=false', 'duration=3m'], fails: 'disconnects == 0' },
  'nat-idle': { set: ['relay.ping_interval=50s'], fails: 'disconnects == 6' },
  'new-address': { set: ['relay.ping_interval=40s', 'boards.board_ping_interval=0s'], fails: 'max(detect_ms) <= 20500' },
  'one-way': { set: ['boards.board_ping_interval=0s'], fails: 'max(board_detect_ms) <= 21000' },
  'ping-too-fast': { set: ['boards.config.socket_delay_ms=600'], fails: 'false_disconnects == 0' },
  overload: { set: ['fleet.new.share=0'], fails: 'channel_availability > 0.95' },
  'pings-unanswered': { set: ['boards.firmware=scenarios/apps/answers-no-ping.ts'], fails: 'disconnects.ping_timeout == 0' },
  'power-cycle': { set: ['relay.mode=echo', 'relay.ping_interval=2m'], fails: 'max(reconnect_ms) < 35000' },
  'proxy-ports': { set: ['balancer.ports=24'], fails: 'disconnects.refused == 0' },
  'rekey-fails': { set: ['relay.duplicate_id=reject'], fails: 'max(reconnect_ms) < 4000' },
  'relay-hang': { set: ['boards.board_ping_interval=0s'], fails: 'disconnects.board_ping_timeout == 20' },
  'relay-machine-gone': { set: ['boards.board_ping_interval=0s'], fails: 'max(recovery_ms) < 30000' },
  'relay-moved': { set: ['steps.0.ttl=1h'], fails: 'count(reconnect_ms) == 10' },
  'relay-restart': { set: ['boards.backoff={kind: fixed, min: 1s}'], fails: 'connects_per_s_peak < 120' },
  roaming: { set: ['relay.mode=echo', 'relay.ping_interval=30s'], fails: 'p50(reconnect_ms) < 4000' },
  'sleeping-sensor': { set: ['steps.2.chance=0.01'], fails: 'brownouts > 5' },
  smoke: { set: ['link.loss=0.3'], fails: 'messages_lost == 0' },
  'soak-drawn': { set: ['vars.outage=3m'], fails: 'channel_availability > 0.97' },
  'soak-24h': { set: ['duration=5h', 'steps=[]', 'link.loss=0.5'], fails: 'channel_availability > 0.98' },
  train: { set: ['boards.board_ping_interval=60s', 'relay.ping_interval=60s'], fails: 'p90(recovery_ms) < 15000' },
  'unseeded-random': { set: ['boards.seed_random=false'], fails: 'connects_per_s_peak < 40' },
  'update-over-the-air': { set: ['relay.duplicate_id=reject'], fails: 'update_rollbacks == 0' },
  'upgrade-dropped': { set: ['balancer.upgrade=drop'], fails: 'channel_availability > 0.85' },
  'weak-hall': { set: ['aps=1', 'steps.1.rssi=-95'], fails: 'disconnects == 0' },
  'weak-rssi': { set: ['steps.0.rssi=-97'], fails: 'disconnects == 0' },
  'wrong-wifi-password': { set: ['steps.0.for=9m'], fails: 'expect channel.open within 3m' },
};

it('has a break for each file', () => {
  const names = readdirSync(LIBRARY)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''));
  expect(Object.keys(BREAKS).sort()).toEqual(names.sort());
});

it.each(Object.entries(BREAKS))('%s fails when it should', async (name, { set, fails }) => {
  const summary = await playFromLibrary(name, set);
  const broken = [...summary.checks.map(({ name, ok }) => [name, ok]), ...summary.thresholds.map(({ expr, ok }) => [expr, ok])];
  expect(broken.filter(([, ok]) => !ok).map(([what]) => what)).toContainEqual(expect.stringContaining(fails));
});
