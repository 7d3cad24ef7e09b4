/** MQTT.js, for Node and browsers. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const MQTT_JS: ClientPreset = {
  about: 'MQTT.js 5 (mqttjs/MQTT.js aa03369)',
  settings: {
    board_ping_interval: ['60s', 'src/lib/client.ts:57, keepalive'],
    board_ping_timeout: ['30s', 'src/lib/KeepaliveManager.ts:86: dead at 1.5 times the keepalive'],
    'backoff.kind': ['fixed', 'src/lib/client.ts:62, reconnectPeriod'],
    'backoff.min': ['1s', 'src/lib/client.ts:62, reconnectPeriod'],
    'backoff.jitter': ['none', 'src/lib/client.ts:62, reconnectPeriod'],
  },
  timeoutMs: (intervalMs) => Math.round(intervalMs / 2),
  keepaliveMs: (intervalMs) => intervalMs,
  cannot: {
    board_ping_timeout: 'it gives up at 1.5 times its keepalive: lower keepalive',
    'backoff.kind': 'reconnectPeriod is one fixed wait: set it to 0 and call client.reconnect() from a timer on "close"',
    'backoff.jitter':
      'reconnectPeriod is one fixed wait: set it to 0 and on "close" call setTimeout(() => client.reconnect(), 1000 + Math.random() * 59000)',
  },
  seconds: ['board_ping_interval'],
  notModelled: [
    'it pings when it has sent nothing for the keepalive; here when it has heard nothing',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'client.js',
    lines: [
      'const client = mqtt.connect("mqtt://192.168.1.10", {',
      `  keepalive: ${seconds(keepalive.ping_interval_ms)}, // s; the broker gives up at 1.5 times`,
      `  reconnectPeriod: ${backoff.min_ms},`,
      '});',
    ],
  }),
};
