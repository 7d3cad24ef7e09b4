/** A page with the browser's own WebSocket. */
import { backoffWords, JAVASCRIPT, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

const ASK =
  'browsers cannot ping: send a message of your own from a timer and call socket.close() when no answer came, or let the server ping';
const ASSUMED = 'no browser reconnects: a page that tries again each 5 s is assumed';

export const BROWSER: ClientPreset = {
  about: 'a page with the browser’s WebSocket (WHATWG WebSockets)',
  settings: {
    board_ping_interval: ['0s', 'WHATWG WebSockets: no API for pings'],
    'backoff.kind': ['fixed', ASSUMED],
    'backoff.min': ['5s', ASSUMED],
    'backoff.jitter': ['none', ASSUMED],
  },
  cannot: { board_ping_interval: ASK, board_ping_timeout: ASK },
  notModelled: [
    'a browser delays further connects to a host that has failed (Chromium, Firefox: network.websocket.delay-failed-reconnects)',
  ],
  paste: ({ backoff }) => ({
    place: 'page.js',
    lines: [
      `// Reconnects after ${backoffWords(backoff)}; the server has to ping.`,
      'let n = 0;',
      'function open() {',
      '  const socket = new WebSocket("ws://192.168.1.10:8000/");',
      '  socket.onopen = () => { n = 0; };',
      '  socket.onclose = () => {',
      ...waitCode(backoff, JAVASCRIPT).before.map((line) => `    ${line}`),
      `    setTimeout(open, ${waitCode(backoff, JAVASCRIPT).wait});`,
      '    n++;',
      '  };',
      '}',
    ],
  }),
};
