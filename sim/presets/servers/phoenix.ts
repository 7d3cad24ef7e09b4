/** A Phoenix socket. */
import type { ServerPreset } from '../preset.ts';

export const PHOENIX_SOCKET: ServerPreset = {
  about: 'a Phoenix socket (phoenixframework/phoenix 167c46950, lib/phoenix/endpoint.ex)',
  settings: {
    'relay.ping_interval': ['30s', 'endpoint.ex:1018, timeout 60 s of silence (played as a ping and its wait)'],
    'relay.ping_timeout': ['30s', 'endpoint.ex:1018, timeout 60 s of silence'],
    'relay.duplicate_id': ['takeover', 'each connection is a process of its own'],
  },
  cannot: {},
  notModelled: ['it pings nobody and ends who was silent for 60 s, since its client sends a heartbeat each 30 s; here the relay pings'],
  paste: ({ pingIntervalMs, pingTimeoutMs }) => ({
    place: 'endpoint.ex',
    lines: [
      `socket "/socket", MyAppWeb.UserSocket, websocket: [timeout: ${(pingIntervalMs + pingTimeoutMs).toLocaleString('en').replaceAll(',', '_')}]`,
    ],
  }),
};
