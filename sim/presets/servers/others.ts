/** The chat example of Go's gorilla/websocket, uWebSockets, and Home Assistant. */
import { seconds, wholeSeconds } from '../code.ts';
import type { Fact, ServerPreset } from '../preset.ts';

const LETS_IN: Fact = ['takeover', 'it knows no ids: whoever comes is let in'];

export const GORILLA_CHAT: ServerPreset = {
  about: 'the chat example of gorilla/websocket (examples/chat/client.go)',
  settings: {
    'relay.ping_interval': ['54s', 'client.go:24, pingPeriod = pongWait × 9 / 10'],
    'relay.ping_timeout': ['6s', 'client.go:21, pongWait 60 s: what is left of it after a ping'],
    'relay.duplicate_id': LETS_IN,
  },
  cannot: {},
  notModelled: ['only pongs move its read deadline; here too, but from the ping on'],
  paste: ({ pingIntervalMs, pingTimeoutMs }) => ({
    place: 'client.go',
    lines: [
      `pongWait   = ${seconds(pingIntervalMs + pingTimeoutMs)} * time.Second`,
      `pingPeriod = ${seconds(pingIntervalMs)} * time.Second`,
    ],
  }),
};

/** So long before its idleTimeout is over it pings: the most that leaves as much before it. */
const MARGINS_MS = [16_000, 8_000];
const LEAST_MARGIN_MS = 4_000;
const IDLE_TIMEOUT_LEFT =
  'it pings 16 s (of short ones 8 or 4 s) before idleTimeout is over (src/WebSocketContextData.h:86): lower idleTimeout';

export const U_WEBSOCKETS: ServerPreset = {
  about: 'uWebSockets (uNetworking/uWebSockets, src/App.h)',
  settings: {
    'relay.ping_interval': ['104s', 'src/App.h:274, idleTimeout 120 s; src/WebSocketContextData.h:86 pings 16 s before'],
    'relay.ping_timeout': ['16s', 'src/WebSocketContextData.h:86'],
    'relay.duplicate_id': LETS_IN,
  },
  timeoutMs: (intervalMs) => MARGINS_MS.find((ms) => intervalMs >= ms) ?? LEAST_MARGIN_MS,
  cannot: { 'relay.ping_timeout': IDLE_TIMEOUT_LEFT },
  seconds: ['relay.ping_interval'],
  notModelled: ['it pings only who was silent; here everybody each interval'],
  paste: ({ pingIntervalMs, pingTimeoutMs }) => ({
    place: 'server.cpp',
    lines: [
      `.idleTimeout = ${wholeSeconds(pingIntervalMs + pingTimeoutMs)}, // s; pings ${seconds(pingTimeoutMs)} s before`,
      '.sendPingsAutomatically = true,',
    ],
  }),
};

export const HOME_ASSISTANT: ServerPreset = {
  about: 'Home Assistant (home-assistant/core, components/websocket_api/http.py)',
  settings: {
    'relay.ping_interval': ['55s', 'http.py, WebSocketResponse(heartbeat=55)'],
    'relay.ping_timeout': ['27500ms', 'aiohttp/web_ws.py: waits half of its heartbeat'],
    'relay.duplicate_id': LETS_IN,
  },
  cannot: {
    'relay.ping_interval': 'heartbeat=55 stands in components/websocket_api/http.py: patch it there',
    'relay.ping_timeout': 'aiohttp waits half of its heartbeat: patch heartbeat in components/websocket_api/http.py',
  },
  notModelled: [],
  paste: () => null,
};
