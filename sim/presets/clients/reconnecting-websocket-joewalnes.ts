/** ReconnectingWebSocket by Joe Walnes. */
import type { ClientPreset } from '../preset.ts';

const ASK =
  'browsers cannot ping: send a message of your own from a timer and call socket.refresh() when no answer came, or let the server ping';

export const RECONNECTING_WEBSOCKET_WALNES: ClientPreset = {
  about: 'ReconnectingWebSocket (joewalnes/reconnecting-websocket, reconnecting-websocket.js)',
  settings: {
    board_ping_interval: ['0s', 'reconnecting-websocket.js: none'],
    'backoff.kind': ['exponential', 'reconnecting-websocket.js:124, reconnectDecay 1.5 (played as doubling)'],
    'backoff.min': ['1s', 'reconnecting-websocket.js:121, reconnectInterval'],
    'backoff.max': ['30s', 'reconnecting-websocket.js:122, maxReconnectInterval'],
    'backoff.jitter': ['none', 'reconnecting-websocket.js:121'],
  },
  cannot: {
    board_ping_interval: ASK,
    board_ping_timeout: ASK,
    'backoff.jitter': 'it has none: on "connecting" set socket.reconnectInterval = 1000 + Math.random() * 1000',
  },
  notModelled: ['its waits grow × 1.5; here they double'],
  paste: ({ backoff }) => ({
    place: 'page.js',
    lines: [
      'const socket = new ReconnectingWebSocket("ws://192.168.1.10:8000/", null, {',
      `  reconnectInterval: ${backoff.min_ms},`,
      `  maxReconnectInterval: ${backoff.max_ms},`,
      `  reconnectDecay: ${backoff.kind === 'fixed' ? 1 : 2},`,
      '});',
    ],
  }),
};
