/** SignalR's JavaScript client. */
import type { ClientPreset } from '../preset.ts';

const TRIES = 4;

export const SIGNALR_CLIENT: ClientPreset = {
  about: 'SignalR’s JavaScript client (dotnet/aspnetcore, src/SignalR/clients/ts/signalr)',
  settings: {
    board_ping_interval: ['15s', 'HubConnection.ts, DEFAULT_PING_INTERVAL_IN_MS'],
    board_ping_timeout: ['15s', 'HubConnection.ts, DEFAULT_TIMEOUT_IN_MS: 30 s of silence, 15 of them after a ping'],
    'backoff.kind': ['exponential', 'DefaultReconnectPolicy.ts, when asked for by withAutomaticReconnect()'],
    'backoff.min': ['2s', 'DefaultReconnectPolicy.ts: 0, 2, 10, 30 s'],
    'backoff.max': ['30s', 'DefaultReconnectPolicy.ts: 0, 2, 10, 30 s'],
    'backoff.jitter': ['none', 'DefaultReconnectPolicy.ts'],
  },
  cannot: {},
  notModelled: [
    'its waits are 0, 2, 10 and 30 s, then it gives up; here 2, 4, 8, 16, 30, 30 … s',
    'it pings every interval, also when it has heard something; here only after silence',
    'without withAutomaticReconnect() it does not come back at all',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'client.js',
    lines: [
      'const connection = new signalR.HubConnectionBuilder()',
      '  .withUrl("http://192.168.1.10:8000/hub")',
      `  .withKeepAliveInterval(${keepalive.ping_interval_ms})`,
      `  .withServerTimeout(${keepalive.ping_interval_ms + keepalive.ping_timeout_ms})`,
      backoff.jitter === 'none'
        ? `  .withAutomaticReconnect([${Array.from({ length: TRIES }, (_, n) => Math.min(backoff.max_ms, backoff.min_ms * (backoff.kind === 'fixed' ? 1 : 2 ** n))).join(', ')}])`
        : `  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount: n }) => ${backoff.min_ms} + Math.random() * (Math.min(${backoff.max_ms}, ${backoff.min_ms} * 2 ** (n + 1)) - ${backoff.min_ms}) })`,
      '  .build();',
    ],
  }),
};
