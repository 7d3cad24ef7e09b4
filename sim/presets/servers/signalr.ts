/** A SignalR hub. */
import { seconds } from '../code.ts';
import type { ServerPreset } from '../preset.ts';

export const SIGNALR_HUB: ServerPreset = {
  about: 'a SignalR hub (dotnet/aspnetcore, src/SignalR/server/Core/src/HubOptionsSetup.cs)',
  settings: {
    'relay.ping_interval': ['15s', 'HubOptionsSetup.cs, DefaultKeepAliveInterval'],
    'relay.ping_timeout': ['15s', 'HubOptionsSetup.cs, DefaultClientTimeoutInterval: 30 s of silence'],
    'relay.duplicate_id': ['takeover', 'each connection has an id of its own'],
  },
  cannot: {},
  notModelled: ['it ends who was silent for 30 s and waits for no answer to its own pings; here a ping and its wait are as long together'],
  paste: ({ pingIntervalMs, pingTimeoutMs }) => ({
    place: 'Program.cs',
    lines: [
      'builder.Services.AddSignalR(options => {',
      `    options.KeepAliveInterval = TimeSpan.FromSeconds(${seconds(pingIntervalMs)});`,
      `    options.ClientTimeoutInterval = TimeSpan.FromSeconds(${seconds(pingIntervalMs + pingTimeoutMs)});`,
      '});',
    ],
  }),
};
