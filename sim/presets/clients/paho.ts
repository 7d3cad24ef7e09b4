/** Eclipse Paho for Python. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const PAHO: ClientPreset = {
  about: 'Eclipse Paho for Python 2 (eclipse-paho/paho.mqtt.python 1d04072, src/paho/mqtt/client.py)',
  settings: {
    board_ping_interval: ['60s', 'client.py:771, keepalive'],
    board_ping_timeout: ['60s', 'client.py:3292: dead when the ping is unanswered for another keepalive'],
    'backoff.kind': ['exponential', 'client.py:4555, _reconnect_wait'],
    'backoff.min': ['1s', 'client.py:772, _reconnect_min_delay'],
    'backoff.max': ['120s', 'client.py:772, _reconnect_max_delay'],
    'backoff.jitter': ['none', 'client.py:4555, _reconnect_wait'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  keepaliveMs: (intervalMs) => intervalMs,
  cannot: {
    board_ping_timeout: 'the answer may take another keepalive: lower keepalive',
    'backoff.jitter':
      'reconnect_delay_set() has no jitter: in on_disconnect call client.reconnect_delay_set(min_delay=random.uniform(1, 60))',
  },
  seconds: ['board_ping_interval', 'backoff.min', 'backoff.max'],
  notModelled: [
    'it pings when it has sent or heard nothing for the keepalive; here when it has heard nothing',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'client.py',
    lines: [
      `client.reconnect_delay_set(min_delay=${seconds(backoff.min_ms)}, max_delay=${seconds(backoff.kind === 'fixed' ? backoff.min_ms : backoff.max_ms)})`,
      `client.connect("192.168.1.10", keepalive=${seconds(keepalive.ping_interval_ms)})  # the broker gives up at 1.5 times`,
      'client.loop_forever()',
    ],
  }),
};
