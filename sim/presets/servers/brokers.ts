/**
 * MQTT brokers: none pings; each ends a client that it has not heard for 1.5 times the keepalive that the
 * client said (MQTT 3.1.1, section 3.1.2.10), and lets a newcomer take over its id (3.1.4).
 */
import type { Fact, ServerPreset } from '../preset.ts';

const KEEPALIVES = 1.5;
/** AWS takes a shorter keepalive for this. */
const AWS_LEAST_KEEPALIVE_MS = 30_000;
const TAKES_OVER: Fact = ['takeover', 'MQTT 3.1.1, section 3.1.4: the older connection of the same id is closed'];
const BY_CLIENT = 'a broker pings nobody, and goes by the keepalive that the client says in CONNECT: set it there';
const cannot = {
  'relay.ping_interval': BY_CLIENT,
  'relay.ping_timeout': BY_CLIENT,
  'relay.duplicate_id': 'MQTT lets a newcomer take over its id',
};
const PLAYED =
  'it only listens; here it pings as often as its client does, and waits for what is left of 1.5 keepalives (of a fleet of several clients the longest)';

export const MOSQUITTO: ServerPreset = {
  about: 'mosquitto 2.0 (eclipse-mosquitto/mosquitto, src/keepalive.c)',
  settings: { 'relay.duplicate_id': TAKES_OVER },
  silenceMs: (keepaliveMs) => KEEPALIVES * keepaliveMs,
  cannot,
  notModelled: [
    PLAYED,
    '2.0 looks only each 6 s (src/keepalive.c, keepalive__check)',
    'last wills and topics: the relay broadcasts or echoes',
  ],
  paste: () => ({ place: 'mosquitto.conf', lines: ['# Nothing to set: it goes by each client’s keepalive (max_keepalive 65535).'] }),
};

export const EMQX: ServerPreset = {
  about: 'EMQX 5 (emqx/emqx 0db1688, apps/emqx/src/emqx_keepalive.erl)',
  settings: { 'relay.duplicate_id': TAKES_OVER },
  silenceMs: (keepaliveMs) => KEEPALIVES * keepaliveMs,
  cannot,
  notModelled: [
    PLAYED,
    'it looks each 30 s, or each half keepalive if that is less (keepalive_check_interval)',
    'last wills and topics: the relay broadcasts or echoes',
  ],
  paste: () => ({ place: 'emqx.conf', lines: ['mqtt.keepalive_multiplier = 1.5 # as it comes; the clients say their keepalive'] }),
};

export const AWS_IOT: ServerPreset = {
  about: 'AWS IoT Core (repost.aws QU_ER8srIYQRaZNNH9od_Q1g)',
  settings: { 'relay.duplicate_id': TAKES_OVER },
  silenceMs: (keepaliveMs) => KEEPALIVES * Math.max(AWS_LEAST_KEEPALIVE_MS, keepaliveMs),
  cannot,
  notModelled: [PLAYED, 'a keepalive below 30 s counts as 30 s', 'last wills and topics: the relay broadcasts or echoes'],
  paste: () => null,
};
