/** Tasmota, whose MQTT is PubSubClient with settings of its own. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const TASMOTA: ClientPreset = {
  about: 'Tasmota (arendst/Tasmota 00c0639)',
  settings: {
    board_ping_interval: ['30s', 'tasmota/my_user_config.h, MQTT_KEEPALIVE'],
    board_ping_timeout: ['30s', 'its PubSubClient: dead when the next ping is due and the last is unanswered'],
    'backoff.kind': ['exponential', 'xdrv_02_9_mqtt.ino, MqttDisconnected: 10 s more each time (played as doubling)'],
    'backoff.min': ['10s', 'tasmota.h, MQTT_RETRY_SECS'],
    'backoff.max': ['120s', 'xdrv_02_9_mqtt.ino, MqttDisconnected: no more from 120 s on'],
    'backoff.jitter': ['none', 'xdrv_02_9_mqtt.ino, MqttDisconnected'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  keepaliveMs: (intervalMs) => intervalMs,
  cannot: {
    board_ping_timeout: 'the answer may take as long as the keepalive: lower it by MqttKeepAlive',
    'backoff.kind': 'it waits MqttRetry seconds more each time: patch MqttDisconnected() (xdrv_02_9_mqtt.ino)',
    'backoff.max': 'it stops at 120 s: patch 120 in MqttDisconnected() (xdrv_02_9_mqtt.ino)',
    'backoff.jitter':
      'it has none: patch MqttDisconnected() (xdrv_02_9_mqtt.ino) to Settings->mqtt_retry + random(delay), or set another MqttRetry on each device',
  },
  seconds: ['board_ping_interval', 'backoff.min'],
  notModelled: [
    'its waits are 10, 20, 30 … 120 s; here 10, 20, 40, 80, 120 s',
    'connecting blocks its loop up to 4 s (MQTT_SOCKET_TIMEOUT); here nothing waits',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'the console',
    lines: [`Backlog MqttKeepAlive ${seconds(keepalive.ping_interval_ms)}; MqttRetry ${seconds(backoff.min_ms)}`],
  }),
};
