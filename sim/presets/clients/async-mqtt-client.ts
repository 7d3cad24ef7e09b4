/** AsyncMqttClient for the ESP8266 and ESP32. */
import { ARDUINO, waitCode, wholeSeconds } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

/** Of its keepalive: when it pings, and how long it waits (src/AsyncMqttClient.cpp, _onPoll). */
const PING_SHARE = 0.7;
const TIMEOUT_KEEPALIVES = 2;

export const ASYNC_MQTT_CLIENT: ClientPreset = {
  about: 'AsyncMqttClient (marvinroger/async-mqtt-client 5b4f5bf)',
  settings: {
    board_ping_interval: ['10500ms', 'src/AsyncMqttClient.cpp: _keepAlive(15); _onPoll pings after 0.7 of it'],
    board_ping_timeout: ['30s', 'src/AsyncMqttClient.cpp, _onPoll: a ping unanswered for twice the keepalive'],
    'backoff.kind': ['fixed', 'examples/FullyFeatured-ESP32: a timer of 2 s; the library does not reconnect'],
    'backoff.min': ['2s', 'examples/FullyFeatured-ESP32: xTimerCreate(…, pdMS_TO_TICKS(2000), …)'],
    'backoff.jitter': ['none', 'examples/FullyFeatured-ESP32'],
  },
  timeoutMs: (intervalMs) => Math.round((intervalMs / PING_SHARE) * TIMEOUT_KEEPALIVES),
  stepMs: 700, // of whole seconds of its keepalive
  keepaliveMs: (intervalMs) => Math.round(intervalMs / PING_SHARE),
  cannot: { board_ping_timeout: 'it waits twice its keepalive: lower it by setKeepAlive()' },
  notModelled: [
    'it pings when it has sent or heard nothing; here when it has heard nothing',
    'MQTT’s packets: a ping is 2 bytes there, 6 and an id here',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'sketch.ino, setup()',
    lines: [
      `mqttClient.setKeepAlive(${wholeSeconds(keepalive.ping_interval_ms / PING_SHARE)}); // pings after 0.7 of it, the broker gives up at 1.5 times`,
      `mqttReconnectTimer = xTimerCreate("mqttTimer", pdMS_TO_TICKS(${backoff.min_ms}), pdFALSE, nullptr, connectToMqtt);`,
      ...(backoff.kind === 'fixed' && backoff.jitter === 'none'
        ? []
        : [
            '// In onMqttDisconnect(), in place of xTimerStart; n counts the attempts since onMqttConnect().',
            ...waitCode(backoff, ARDUINO).before,
            `xTimerChangePeriod(mqttReconnectTimer, pdMS_TO_TICKS(${waitCode(backoff, ARDUINO).wait}), 0);`,
          ]),
    ],
  }),
};
