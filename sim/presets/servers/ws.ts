/** ws for Node as it comes, which pings nobody, and the recipe of its README. */
import type { ServerPreset } from '../preset.ts';

const SWEEP = 'its recipe ends whoever has not answered the last sweep: the wait is the interval; a timer for each client would be another';

export const WS: ServerPreset = {
  about: 'ws 8 as it comes (websockets/ws a2f4e7c0)',
  settings: {
    'relay.ping_interval': ['0s', 'doc/ws.md: none; README.md:452 is a recipe (ws-recipe)'],
    'relay.duplicate_id': ['takeover', 'it knows no ids: whoever comes is let in'],
  },
  timeoutMs: (intervalMs) => intervalMs,
  cannot: { 'relay.ping_timeout': SWEEP },
  notModelled: [],
  paste: ({ pingIntervalMs }) =>
    pingIntervalMs === 0
      ? null
      : {
          place: 'server.js',
          lines: [
            'wss.on("connection", (ws) => {',
            '  ws.isAlive = true;',
            '  ws.on("pong", () => { ws.isAlive = true; });',
            '});',
            'setInterval(() => {',
            '  for (const ws of wss.clients) {',
            '    if (!ws.isAlive) { ws.terminate(); continue; }',
            '    ws.isAlive = false;',
            '    ws.ping();',
            '  }',
            `}, ${pingIntervalMs});`,
          ],
        },
};

export const WS_RECIPE: ServerPreset = {
  ...WS,
  about: 'ws 8 with the recipe of its README (websockets/ws a2f4e7c0)',
  settings: {
    ...WS.settings,
    'relay.ping_interval': ['30s', 'README.md:452, setInterval(…, 30000)'],
    'relay.ping_timeout': ['30s', 'README.md:470: terminated at the next sweep'],
  },
  notModelled: ['all are pinged in the same moment; here spread over the interval'],
};
