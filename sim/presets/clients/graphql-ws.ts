/** The client of graphql-ws. */
import { JAVASCRIPT, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

const UNANSWERED =
  'nobody waits for the pong of its keepAlive: on "ping" start a timer that calls socket.close(4408), on "pong" end it (graphql-ws recipes)';

export const GRAPHQL_WS_CLIENT: ClientPreset = {
  about: 'graphql-ws 6 (enisdenjo/graphql-ws af4f5c9)',
  settings: {
    board_ping_interval: ['0s', 'src/client.ts:462, keepAlive 0'],
    'backoff.kind': ['exponential', 'src/client.ts:466, retryWait'],
    'backoff.min': ['1s', 'src/client.ts:466: 1 s, doubled'],
    'backoff.max': ['60s', 'src/client.ts:462: 5 tries, of which the last waits 16 s'],
    'backoff.jitter': ['equal', 'src/client.ts:475: 0.3 to 3 s more at random (played as equal)'],
  },
  cannot: { board_ping_interval: UNANSWERED, board_ping_timeout: UNANSWERED },
  notModelled: [
    'it gives up after 5 tries (retryAttempts); here it goes on',
    'a wait is 2^n s and 0.3 to 3 s more; here U(½, 1) of 2^(n + 1) s',
    'its keepAlive is a message of the protocol, and nobody waits for the answer',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'client.js',
    lines: [
      'const client = createClient({',
      '  url: "ws://192.168.1.10:8000/graphql",',
      ...(keepalive.ping_interval_ms === 0 ? [] : [`  keepAlive: ${keepalive.ping_interval_ms},`]),
      '  retryAttempts: Infinity,',
      '  shouldRetry: () => true,',
      '  retryWait: (n) => {',
      ...waitCode(backoff, JAVASCRIPT).before.map((line) => `    ${line}`),
      `    return new Promise((resolve) => setTimeout(resolve, ${waitCode(backoff, JAVASCRIPT).wait}));`,
      '  },',
      '});',
    ],
  }),
};
