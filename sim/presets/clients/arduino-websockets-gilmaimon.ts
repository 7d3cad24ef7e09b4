/** Gil Maimon's ArduinoWebsockets. */

import type { ClientPreset } from '../preset.ts';
import { arduinoRetry } from '../retry.ts';

export const ARDUINO_WEBSOCKETS_GILMAIMON: ClientPreset = {
  about: 'ArduinoWebsockets (gilmaimon/ArduinoWebsockets 26eecea)',
  settings: {
    board_ping_interval: ['0s', 'src/websockets_client.cpp: ping() is the sketch’s to call'],
    'backoff.kind': ['fixed', 'the library does not reconnect: a sketch that tries again each 5 s is assumed'],
    'backoff.min': ['5s', 'the library does not reconnect: a sketch that tries again each 5 s is assumed'],
    'backoff.jitter': ['none', 'the library does not reconnect: a sketch that tries again each 5 s is assumed'],
  },
  cannot: {
    board_ping_interval:
      'it has no keepalive: call client.ping() from a timer, note the time in onEvent(GotPong), and close() when it is too old',
    board_ping_timeout:
      'it has no keepalive: call client.ping() from a timer, note the time in onEvent(GotPong), and close() when it is too old',
  },
  notModelled: ['connect() blocks the sketch, up to 18 s of lwIP’s SYNs and 1 s for the answer (ws_config_defs.hpp:5); here nothing waits'],
  paste: ({ backoff }) => ({
    place: 'sketch.ino',
    lines: [
      '// No keepalive of its own: the server has to ping.',
      ...arduinoRetry(backoff, 'client.available()', 'client.connect("ws://192.168.1.10:8000/")'),
    ],
  }),
};
