/** Socket.IO, client and server, with a ping each 3 s and 2 s to answer. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { type LiveLibrary, spread } from './library.ts';
import { listening } from './program.ts';

const PING_INTERVAL_MS = 3_000;
const PING_TIMEOUT_MS = 2_000;

export const SOCKET_IO: LiveLibrary = {
  name: 'socket.io-client 4.8.4, socket.io 4.8.4',
  client: 'Socket.IO',
  server: 'Socket.IO',
  keepalive: {
    boards: { board_ping_interval: '3s', board_ping_timeout: '2s' },
    relay: { ping_interval: '3s', ping_timeout: '2s' },
  },
  lateMs: 0,
  clientLateMs: 0,
  differs: ['its jitter comes before the cap: after some tries all come each 5 s, more of them in the same second'],
  missing: () => null,
  tells: true,
  serve: async (port, onLost) => {
    const http = createServer();
    const server = new Server(http, { transports: ['websocket'], pingInterval: PING_INTERVAL_MS, pingTimeout: PING_TIMEOUT_MS });
    server.on('connection', (socket) => socket.on('disconnect', onLost));
    const stop = await listening(http, port);
    return {
      stop: async () => {
        await stop();
        server.engine.close();
      },
    };
  },
  connect: (count, port, spreadMs, tell) =>
    spread(count, spreadMs, (client) => {
      const one = io(`ws://127.0.0.1:${port}/`, { transports: ['websocket'], forceNew: true });
      one.on('connect', () => tell(client, 'open'));
      one.on('disconnect', () => tell(client, 'lost'));
      return { close: () => void one.disconnect() };
    }),
};
