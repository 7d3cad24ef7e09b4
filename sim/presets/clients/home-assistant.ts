/** The WebSocket client of Home Assistant's pages. */
import type { ClientPreset } from '../preset.ts';

const ASK =
  'it has no keepalive of its own: call connection.ping() from a timer and connection.reconnect() when it is not answered in time';
const FIXED = 'it waits 0, 1, 2, 3, 4, 5, 5 … s: patch _handleClose() (lib/connection.ts)';

export const HOME_ASSISTANT_CLIENT: ClientPreset = {
  about: 'home-assistant-js-websocket (lib/connection.ts)',
  settings: {
    board_ping_interval: ['0s', 'lib/connection.ts: ping() is the page’s to call'],
    'backoff.kind': ['exponential', 'lib/connection.ts:460 (played as doubling)'],
    'backoff.min': ['1s', 'lib/connection.ts:489: 0, 1, 2, 3, 4, 5 s'],
    'backoff.max': ['5s', 'lib/connection.ts:489'],
    'backoff.jitter': ['none', 'lib/connection.ts:489'],
  },
  cannot: {
    board_ping_interval: ASK,
    board_ping_timeout: ASK,
    'backoff.kind': FIXED,
    'backoff.min': FIXED,
    'backoff.max': FIXED,
    'backoff.jitter': FIXED,
  },
  notModelled: ['its waits are 0, 1, 2, 3, 4, 5, 5 … s; here 1, 2, 4, 5, 5 … s'],
  paste: () => ({ place: 'the page', lines: ['// Nothing to set: the server has to ping (Home Assistant does, each 55 s).'] }),
};
