/** Socket.IO's server. */
import type { ServerPreset } from '../preset.ts';

export const SOCKET_IO_SERVER: ServerPreset = {
  about: 'Socket.IO 4 (socketio/socket.io d2d753fe, packages/engine.io/lib/server.ts)',
  settings: {
    'relay.ping_interval': ['25s', 'server.ts:196, pingInterval'],
    'relay.ping_timeout': ['20s', 'server.ts:197, pingTimeout'],
    'relay.duplicate_id': ['takeover', 'each connection has an id of its own'],
  },
  cannot: {},
  notModelled: [
    'its pings are messages of Engine.IO, and the next comes an interval after the answer; here pings of WebSocket each interval',
  ],
  paste: ({ pingIntervalMs, pingTimeoutMs }) => ({
    place: 'server.js',
    lines: [`const io = new Server(8000, { pingInterval: ${pingIntervalMs}, pingTimeout: ${pingTimeoutMs} });`],
  }),
};
