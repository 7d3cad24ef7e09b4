/** The client of Python's websockets. */
import { backoffWords, PYTHON, seconds, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const WEBSOCKETS_CLIENT: ClientPreset = {
  about: 'Python websockets (python-websockets/websockets 04e599ca, src/websockets/asyncio/client.py)',
  settings: {
    board_ping_interval: ['20s', 'asyncio/client.py:317, ping_interval'],
    board_ping_timeout: ['20s', 'asyncio/client.py:317, ping_timeout'],
    'backoff.kind': ['fixed', 'client.py:360, backoff() (played as a spread of 5 s)'],
    'backoff.min': ['2500ms', 'client.py:360, BACKOFF_INITIAL_DELAY: 0 to 5 s'],
    'backoff.jitter': ['full', 'client.py:360: the first wait is random'],
  },
  cannot: {},
  notModelled: [
    'its program learns of a dead link when the close is over, two close_timeouts (20 s) later (version 10.4, measured)',
    'its waits are 0 to 5 s at random, then 3.1 s × 1.618 up to 90 s without jitter; here 2.5 to 5 s each time',
    'it pings every interval, also when it has heard something; here only after silence',
  ],
  paste: ({ keepalive, backoff }) => ({
    place: 'client.py',
    lines: [
      `# Reconnects after ${backoffWords(backoff)}.`,
      'n = 0',
      'while True:',
      '    try:',
      '        async with websockets.connect(',
      '            "ws://192.168.1.10:8000/",',
      ...(keepalive.ping_interval_ms === 0
        ? ['            ping_interval=None,']
        : [
            `            ping_interval=${seconds(keepalive.ping_interval_ms)},`,
            `            ping_timeout=${seconds(keepalive.ping_timeout_ms)},`,
          ]),
      '        ) as websocket:',
      '            n = 0',
      '            async for message in websocket:',
      '                handle(message)',
      '    except (OSError, websockets.WebSocketException):',
      '        pass',
      ...waitCode(backoff, PYTHON).before.map((line) => `    ${line}`),
      `    await asyncio.sleep((${waitCode(backoff, PYTHON).wait}) / 1000)`,
      '    n += 1',
    ],
  }),
};
