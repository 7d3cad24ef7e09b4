/** reconnecting-websocket by Pedro Ladaria (and partysocket, its successor). */
import type { ClientPreset } from '../preset.ts';

const ASK =
  'browsers cannot ping: send a message of your own from a timer and call socket.reconnect() when no answer came, or let the server ping';

export const RECONNECTING_WEBSOCKET_LADARIA: ClientPreset = {
  about: 'reconnecting-websocket 4 (pladaria/reconnecting-websocket 05a2f7cb)',
  settings: {
    board_ping_interval: ['0s', 'reconnecting-websocket.ts: none'],
    'backoff.kind': ['exponential', 'reconnecting-websocket.ts:309, reconnectionDelayGrowFactor 1.3 (played as doubling)'],
    'backoff.min': ['1s', 'reconnecting-websocket.ts:41, minReconnectionDelay 1 to 5 s'],
    'backoff.max': ['10s', 'reconnecting-websocket.ts:40, maxReconnectionDelay'],
    'backoff.jitter': ['equal', 'reconnecting-websocket.ts:41: drawn once for each page (played as equal)'],
  },
  cannot: {
    board_ping_interval: ASK,
    board_ping_timeout: ASK,
    'backoff.jitter':
      'it draws once for each page: give it another minReconnectionDelay and maxReconnectionDelay each, or patch _getNextDelay()',
  },
  notModelled: ['its first wait is drawn once for each page, then × 1.3 until all wait exactly 10 s; here each wait is drawn'],
  paste: ({ backoff }) => ({
    place: 'page.js',
    lines: [
      'const socket = new ReconnectingWebSocket("ws://192.168.1.10:8000/", [], {',
      `  minReconnectionDelay: ${backoff.min_ms} + Math.random() * ${backoff.min_ms},`,
      `  maxReconnectionDelay: ${backoff.max_ms},`,
      `  reconnectionDelayGrowFactor: ${backoff.kind === 'fixed' ? 1 : 2},`,
      '});',
    ],
  }),
};
