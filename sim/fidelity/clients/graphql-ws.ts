/** graphql-ws, client and server (over ws), with a ping each 3 s. */
import { createServer } from 'node:http';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import WebSocket, { WebSocketServer } from 'ws';
import { type LiveLibrary, spread } from './library.ts';
import { listening } from './program.ts';

const KEEPALIVE_MS = 3_000;
const SCHEMA = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }) });

export const GRAPHQL_WS: LiveLibrary = {
  name: 'graphql-ws 6.4.2, client and server',
  client: 'graphql-ws',
  server: 'graphql-ws',
  keepalive: { boards: {}, relay: { ping_interval: '3s', ping_timeout: '3s' } },
  lateMs: 0,
  clientLateMs: 0,
  differs: ['it gives up after 5 tries, the model does not'],
  missing: () => null,
  serve: async (port) => {
    const http = createServer();
    const server = new WebSocketServer({ server: http, path: '/graphql' });
    useServer({ schema: SCHEMA }, server, KEEPALIVE_MS);
    return { stop: await listening(http, port) };
  },
  connect: (count, port, spreadMs, tell) =>
    spread(count, spreadMs, (client) => {
      const one = createClient({
        url: `ws://127.0.0.1:${port}/graphql`,
        webSocketImpl: WebSocket,
        lazy: false,
        onNonLazyError: () => {},
        shouldRetry: () => true,
        on: { connected: () => tell(client, 'open'), closed: () => tell(client, 'lost') },
      });
      return { close: () => void Promise.resolve(one.dispose()).catch(() => {}) };
    }),
};
