/** Socket.IO's client. */
import type { ClientPreset } from '../preset.ts';

const FACTOR = 0.5;

export const SOCKET_IO_CLIENT: ClientPreset = {
  about: 'socket.io-client 4.8 (socketio/socket.io d2d753fe, packages/socket.io-client)',
  settings: {
    board_ping_interval: ['25s', 'the server’s: engine.io/lib/server.ts:196, pingInterval; the client expects it'],
    board_ping_timeout: ['20s', 'the server’s: engine.io/lib/server.ts:197, pingTimeout; engine.io-client/lib/socket.ts:660'],
    'backoff.kind': ['exponential', 'lib/manager.ts:172, contrib/backo2.ts:30'],
    'backoff.min': ['1s', 'lib/manager.ts:175, reconnectionDelay'],
    'backoff.max': ['5s', 'lib/manager.ts:176, reconnectionDelayMax'],
    'backoff.jitter': ['equal', 'lib/manager.ts:177, randomizationFactor 0.5 (played as equal)'],
  },
  cannot: {
    board_ping_interval: 'the server pings: set pingInterval there',
    board_ping_timeout: 'the server pings: set pingTimeout there',
  },
  notModelled: [
    'its jitter (±50 %) comes before the cap, so from the fifth wait on all wait exactly 5 s; here the jitter comes after it',
    'the server pings and the client only waits for that; here it also asks after as long a silence',
    'Engine.IO’s packets, and its polling before the upgrade',
  ],
  paste: ({ backoff }) => ({
    place: 'client.js',
    lines: [
      'const socket = io("ws://192.168.1.10:8000/", {',
      '  transports: ["websocket"],',
      `  reconnectionDelay: ${backoff.min_ms},`,
      `  reconnectionDelayMax: ${backoff.kind === 'fixed' ? backoff.min_ms : backoff.max_ms},`,
      `  randomizationFactor: ${backoff.jitter === 'none' ? 0 : FACTOR},`,
      '});',
    ],
  }),
};
