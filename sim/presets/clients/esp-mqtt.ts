/** ESP-MQTT, the MQTT client of ESP-IDF. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

/** It pings at half of its keepalive (mqtt_client.c:787), and is dead at the end of it. */
const PINGS_PER_KEEPALIVE = 2;

export const ESP_MQTT: ClientPreset = {
  about: 'ESP-MQTT (espressif/esp-mqtt 5a9ba05)',
  settings: {
    board_ping_interval: ['60s', 'lib/include/mqtt_config.h:56, MQTT_KEEPALIVE_TICK 120 s; mqtt_client.c:787 pings at half of it'],
    board_ping_timeout: ['60s', 'mqtt_client.c:815, dead when the keepalive is over'],
    'backoff.kind': ['fixed', 'lib/include/mqtt_config.h:57'],
    'backoff.min': ['10s', 'lib/include/mqtt_config.h:57, MQTT_RECON_DEFAULT_MS'],
    'backoff.jitter': ['none', 'mqtt_client.c, wait_timeout_ms'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  keepaliveMs: (intervalMs) => intervalMs * PINGS_PER_KEEPALIVE,
  cannot: {
    board_ping_timeout: 'the answer may take as long as is left of the keepalive: lower session.keepalive',
    'backoff.kind':
      'reconnect_timeout_ms is one fixed wait: set disable_auto_reconnect and call esp_mqtt_client_reconnect() from a timer of your own',
    'backoff.jitter':
      'reconnect_timeout_ms is one fixed wait: set disable_auto_reconnect and call esp_mqtt_client_reconnect() from a timer of 1000 + esp_random() % 59000 ms',
  },
  seconds: ['board_ping_interval'],
  notModelled: [
    'it pings when it has sent nothing for half of its keepalive; here when it has heard nothing',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'main.c',
    lines: [
      'const esp_mqtt_client_config_t config = {',
      '    .broker.address.uri = "mqtt://192.168.1.10",',
      keepalive.ping_interval_ms === 0
        ? '    .session.disable_keepalive = true,'
        : `    .session.keepalive = ${seconds(keepalive.ping_interval_ms * PINGS_PER_KEEPALIVE)}, // pings at half of it, the broker gives up at 1.5 times`,
      `    .network.reconnect_timeout_ms = ${backoff.min_ms},`,
      '};',
    ],
  }),
};
