/** graphql-ws over ws. */
import type { ServerPreset } from '../preset.ts';

export const GRAPHQL_WS_SERVER: ServerPreset = {
  about: 'graphql-ws 6 over ws (enisdenjo/graphql-ws af4f5c9, src/use/ws.ts)',
  settings: {
    'relay.ping_interval': ['12s', 'src/use/ws.ts:53, keepAlive 12_000'],
    'relay.ping_timeout': ['12s', 'src/use/ws.ts:111: terminated when the last is unanswered at the next'],
    'relay.duplicate_id': ['takeover', 'it knows no ids: whoever comes is let in'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  cannot: { 'relay.ping_timeout': 'whoever has not answered is ended at the next ping: lower keepAlive' },
  notModelled: [],
  paste: ({ pingIntervalMs }) => ({
    place: 'server.js',
    lines: [`useServer({ schema }, wsServer, ${pingIntervalMs}); // keepAlive, ms; 0: none`],
  }),
};
