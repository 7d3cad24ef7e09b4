/** ESPHome's MQTT component on an ESP32, which is ESP-MQTT with settings of its own. */
import { seconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';
import { ESP_MQTT } from './esp-mqtt.ts';

export const ESPHOME: ClientPreset = {
  ...ESP_MQTT,
  about: 'ESPHome’s mqtt component on an ESP32 (esphome/esphome 07cd8c6), over ESP-MQTT',
  settings: {
    ...ESP_MQTT.settings,
    board_ping_interval: ['7500ms', 'components/mqtt/__init__.py, CONF_KEEPALIVE 15 s; ESP-MQTT pings at half of it'],
    board_ping_timeout: ['7500ms', 'ESP-MQTT, mqtt_client.c:815: dead when the keepalive is over'],
    'backoff.min': ['5s', 'components/mqtt/mqtt_client.cpp, MQTT_CLIENT_DISCONNECTED: 5000 ms after the last try began'],
  },
  seconds: [],
  stepMs: 500, // of whole seconds of its keepalive
  cannot: {
    board_ping_timeout: 'the answer may take as long as is left of the keepalive: lower keepalive',
    'backoff.kind': 'it tries again each 5 s: patch 5000 in MQTTClientComponent::loop() (mqtt_client.cpp)',
    'backoff.min': 'it tries again each 5 s: patch 5000 in MQTTClientComponent::loop() (mqtt_client.cpp)',
    'backoff.max': 'it tries again each 5 s: patch 5000 in MQTTClientComponent::loop() (mqtt_client.cpp)',
    'backoff.jitter':
      'it tries again each 5 s: patch 5000 to 5000 + random_uint32() % 55000 in MQTTClientComponent::loop() (mqtt_client.cpp)',
  },
  notModelled: [...ESP_MQTT.notModelled, 'it reboots when it had no broker for 15 minutes (reboot_timeout); here it goes on trying'],
  paste: ({ keepalive }) => ({
    place: 'device.yaml',
    lines: [
      'mqtt:',
      '  broker: 192.168.1.10',
      `  keepalive: ${seconds(keepalive.ping_interval_ms * 2)}s # pings at half of it, the broker gives up at 1.5 times`,
      '  reboot_timeout: 15min # without a broker for so long it reboots; 0s: never',
    ],
  }),
};
