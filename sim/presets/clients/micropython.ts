/** The async WebSocket client of MicroPython, with the loop of its example. */
import { backoffWords, PYTHON, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const MICROPYTHON: ClientPreset = {
  about: 'micropython_async_websocket_client (Vovaman f33c399), in its example’s loop (Vovaman/example_async_websocket f83d586)',
  settings: {
    board_ping_interval: ['0s', 'async_websocket_client/ws.py: no pings of its own'],
    'backoff.kind': ['fixed', 'src/main_f/func.py:137: sleep_ms(1000) is not awaited'],
    'backoff.min': ['100ms', 'src/main_f/func.py:137: at once; the least wait that the kit has'],
    'backoff.jitter': ['none', 'src/main_f/func.py:137'],
  },
  cannot: {
    board_ping_interval:
      'it has no keepalive: send a message of your own from a task and close() when no answer came, or let the server ping',
    board_ping_timeout:
      'it has no keepalive: send a message of your own from a task and close() when no answer came, or let the server ping',
  },
  notModelled: [
    'at the end of TCP a_read polls for ever (b"" is taken for "nothing yet"); here the end is noticed. The firmware in MicroPython itself plays it: relay/README.md',
    'connecting blocks asyncio up to 18 s; --device micropython-esp32 plays that',
    'a refused handshake is tried again at once; here after 100 ms',
  ],
  paste: ({ backoff }) => ({
    place: 'main.py',
    lines: [
      `# ${backoffWords(backoff)}; the server has to ping, since this client does not.`,
      'n = 0',
      'while True:',
      '    try:',
      '        await ws.handshake("ws://192.168.1.10:8000/")',
      '        n = 0',
      '        while await ws.open():',
      '            handle(await ws.recv())',
      '    except OSError:',
      '        pass',
      ...waitCode(backoff, PYTHON).before.map((line) => `    ${line}`),
      `    await asyncio.sleep_ms(int(${waitCode(backoff, PYTHON).wait}))`,
      '    n += 1',
    ],
  }),
};
