/** Phoenix's JavaScript client. */
import { JAVASCRIPT, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const PHOENIX_CLIENT: ClientPreset = {
  about: 'Phoenix’s JavaScript client (phoenixframework/phoenix 167c46950, assets/js/phoenix/socket.js)',
  settings: {
    board_ping_interval: ['30s', 'socket.js:120, heartbeatIntervalMs'],
    board_ping_timeout: ['30s', 'socket.js:669: dead when the next heartbeat is due and the last is unanswered'],
    'backoff.kind': ['exponential', 'socket.js:182, reconnectAfterMs'],
    'backoff.min': ['100ms', 'socket.js:182: 10, 50, 100 … 2000 ms; the least wait that the kit has'],
    'backoff.max': ['5s', 'socket.js:182: then 5 s'],
    'backoff.jitter': ['none', 'socket.js:182'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  cannot: { board_ping_timeout: 'the answer may take until the next heartbeat: lower heartbeatIntervalMs' },
  notModelled: [
    'its waits are 10, 50, 100, 150, 200, 250, 500, 1000, 2000 ms, then 5 s; here 100 ms, doubled, to 5 s',
    'a heartbeat is a message of Phoenix’s channels, each 30 s whatever was heard; here a ping after silence',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'app.js',
    lines: [
      'const socket = new Socket("/socket", {',
      `  heartbeatIntervalMs: ${keepalive.ping_interval_ms},`,
      '  reconnectAfterMs: (tries) => {',
      '    const n = tries - 1;',
      ...waitCode(backoff, JAVASCRIPT).before.map((line) => `    ${line}`),
      `    return ${waitCode(backoff, JAVASCRIPT).wait};`,
      '  },',
      '});',
    ],
  }),
};
