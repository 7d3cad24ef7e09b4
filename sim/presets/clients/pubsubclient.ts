/** PubSubClient, Arduino's usual MQTT client. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';
import { arduinoRetry } from '../retry.ts';

export const PUBSUBCLIENT: ClientPreset = {
  about: 'PubSubClient 2.8 (knolleary/pubsubclient)',
  settings: {
    board_ping_interval: ['15s', 'src/PubSubClient.h:31, MQTT_KEEPALIVE'],
    board_ping_timeout: ['15s', 'src/PubSubClient.cpp:374, dead when the next ping is due and the last is unanswered'],
    'backoff.kind': ['fixed', 'examples/mqtt_esp8266: delay(5000); the library does not reconnect'],
    'backoff.min': ['5s', 'examples/mqtt_esp8266: delay(5000)'],
    'backoff.jitter': ['none', 'examples/mqtt_esp8266: delay(5000)'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  keepaliveMs: (intervalMs) => intervalMs,
  cannot: { board_ping_timeout: 'the answer may take as long as the keepalive: lower it by setKeepAlive()' },
  seconds: ['board_ping_interval'],
  notModelled: [
    'connect() blocks loop() up to 15 s for CONNACK (MQTT_SOCKET_TIMEOUT), the example delay() for 5 s; here nothing waits',
    'it pings when it has sent or heard nothing for the keepalive; here when it has heard nothing',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'sketch.ino',
    lines: [
      `client.setKeepAlive(${seconds(keepalive.ping_interval_ms)}); // in setup(); the broker gives up at 1.5 times`,
      ...arduinoRetry(backoff, 'client.connected()', 'client.connect(CLIENT_ID)'),
    ],
  }),
};
