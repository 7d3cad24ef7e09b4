/** esp_websocket_client, the WebSocket client of ESP-IDF. */
import { C, seconds, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const ESP_WEBSOCKET_CLIENT: ClientPreset = {
  about: 'esp_websocket_client 1.8 of ESP-IDF (espressif/esp-protocols 940bf48b1, components/esp_websocket_client)',
  settings: {
    board_ping_interval: ['10s', 'esp_websocket_client.c:61, WEBSOCKET_PING_INTERVAL_SEC'],
    board_ping_timeout: ['120s', 'esp_websocket_client.c:62, WEBSOCKET_PINGPONG_TIMEOUT_SEC'],
    'backoff.kind': ['fixed', 'esp_websocket_client.c:1306, wait_timeout_ms'],
    'backoff.min': ['10s', 'esp_websocket_client.c:59, WEBSOCKET_RECONNECT_TIMEOUT_MS'],
    'backoff.jitter': ['none', 'esp_websocket_client.c:1306, wait_timeout_ms'],
  },
  cannot: {
    'backoff.kind':
      'reconnect_timeout_ms is one fixed wait: on WEBSOCKET_EVENT_DISCONNECTED call esp_websocket_client_set_reconnect_timeout()',
    'backoff.jitter':
      'reconnect_timeout_ms is one fixed wait: on WEBSOCKET_EVENT_DISCONNECTED call esp_websocket_client_set_reconnect_timeout(client, 1000 + esp_random() % 59000)',
  },
  seconds: ['board_ping_interval', 'board_ping_timeout'],
  notModelled: [
    'it pings every interval, also when it has heard something; here only after silence',
    'after a close frame of the server it stays away unless enable_close_reconnect is set; here it comes back',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'main.c',
    lines: [
      'const esp_websocket_client_config_t config = {',
      '    .uri = "ws://192.168.1.10:8000/",',
      ...(keepalive.ping_interval_ms === 0
        ? ['    .ping_interval_sec = 86400, // 0 would be the default, 10']
        : [`    .ping_interval_sec = ${seconds(keepalive.ping_interval_ms)},`]),
      ...(keepalive.ping_interval_ms === 0
        ? ['    .disable_pingpong_discon = true,']
        : [`    .pingpong_timeout_sec = ${seconds(keepalive.ping_timeout_ms)},`]),
      `    .reconnect_timeout_ms = ${backoff.min_ms},`,
      '    .enable_close_reconnect = true,',
      '};',
      ...(backoff.kind === 'fixed' && backoff.jitter === 'none'
        ? []
        : [
            '// On WEBSOCKET_EVENT_DISCONNECTED; n counts the attempts since the last WEBSOCKET_EVENT_CONNECTED.',
            ...waitCode(backoff, C).before,
            `esp_websocket_client_set_reconnect_timeout(client, ${waitCode(backoff, C).wait});`,
          ]),
    ],
  }),
};
