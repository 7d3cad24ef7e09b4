/** All servers by name. A new one is a file here, a line below, and its name in ../names.ts. */
import type { ServerName } from '../names.ts';
import type { ServerPreset } from '../preset.ts';
import { AWS_IOT, EMQX, MOSQUITTO } from './brokers.ts';
import { GRAPHQL_WS_SERVER } from './graphql-ws.ts';
import { GORILLA_CHAT, HOME_ASSISTANT, U_WEBSOCKETS } from './others.ts';
import { PHOENIX_SOCKET } from './phoenix.ts';
import { HAPROXY, NGINX } from './proxies.ts';
import { UVICORN, WEBSOCKETS_SERVER } from './python.ts';
import { SIGNALR_HUB } from './signalr.ts';
import { SOCKET_IO_SERVER } from './socket-io.ts';
import { WS, WS_RECIPE } from './ws.ts';

export const SERVER_PRESETS: Record<ServerName, ServerPreset> = {
  websockets: WEBSOCKETS_SERVER,
  uvicorn: UVICORN,
  ws: WS,
  'ws-recipe': WS_RECIPE,
  'Socket.IO': SOCKET_IO_SERVER,
  SignalR: SIGNALR_HUB,
  Phoenix: PHOENIX_SOCKET,
  'graphql-ws': GRAPHQL_WS_SERVER,
  'gorilla-chat': GORILLA_CHAT,
  uWebSockets: U_WEBSOCKETS,
  'Home-Assistant': HOME_ASSISTANT,
  nginx: NGINX,
  HAProxy: HAPROXY,
  mosquitto: MOSQUITTO,
  EMQX,
  'AWS-IoT': AWS_IOT,
};
