/** Links2004's arduinoWebSockets. */
import { ARDUINO, backoffWords, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const ARDUINO_WEBSOCKETS_LINKS2004: ClientPreset = {
  about: 'arduinoWebSockets (Links2004/arduinoWebSockets 175e80f)',
  settings: {
    board_ping_interval: ['0s', 'src/WebSocketsClient.cpp:33, no heartbeat before enableHeartbeat()'],
    'backoff.kind': ['fixed', 'src/WebSocketsClient.cpp:33, _reconnectInterval'],
    'backoff.min': ['500ms', 'src/WebSocketsClient.cpp:33, _reconnectInterval'],
    'backoff.jitter': ['none', 'src/WebSocketsClient.cpp:33, _reconnectInterval'],
  },
  cannot: {
    'backoff.kind': 'setReconnectInterval() is one fixed wait: call it anew on WStype_DISCONNECTED',
    'backoff.jitter': 'setReconnectInterval() is one fixed wait: on WStype_DISCONNECTED call setReconnectInterval(random(1000, 60000))',
  },
  notModelled: [
    'loop() blocks up to 5 s in connect() (WebSockets.h:125) and 5 s for the answer; here nothing waits',
    'with a heartbeat it pings every interval, also when it has heard something; here only after silence',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'sketch.ino, setup()',
    lines: [
      'webSocket.begin("192.168.1.10", 8000, "/");',
      keepalive.ping_interval_ms === 0
        ? '// No heartbeat of its own: the server has to ping.'
        : `webSocket.enableHeartbeat(${keepalive.ping_interval_ms}, ${keepalive.ping_timeout_ms}, 1); // ping, wait, misses`,
      `webSocket.setReconnectInterval(${backoff.min_ms});`,
      ...(backoff.kind === 'fixed' && backoff.jitter === 'none'
        ? []
        : [
            `// In the event handler, on WStype_DISCONNECTED; n counts the attempts since WStype_CONNECTED (${backoffWords(backoff)}).`,
            ...waitCode(backoff, ARDUINO).before,
            `webSocket.setReconnectInterval(${waitCode(backoff, ARDUINO).wait});`,
          ]),
    ],
  }),
};
