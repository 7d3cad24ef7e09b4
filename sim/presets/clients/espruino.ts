/** Espruino's `ws` module. */
import { backoffWords, JAVASCRIPT, seconds, waitCode } from '../code.ts';
import type { ClientPreset } from '../preset.ts';

export const ESPRUINO: ClientPreset = {
  about: 'Espruino’s ws module (espruino/EspruinoDocs 60ae9bba, modules/ws.js)',
  settings: {
    board_ping_interval: ['0s', 'modules/ws.js:83 pings each 60 s, but :159 a pong is only an event: it ends nothing'],
    'backoff.kind': ['fixed', 'the module does not reconnect: a program that tries again each 5 s is assumed'],
    'backoff.min': ['5s', 'the module does not reconnect: a program that tries again each 5 s is assumed'],
    'backoff.jitter': ['none', 'the module does not reconnect: a program that tries again each 5 s is assumed'],
  },
  cannot: {
    board_ping_interval:
      'nobody waits for the pong: note the time in ws.on("pong") and call ws.close() when it is older than keepAlive and a timeout',
    board_ping_timeout:
      'nobody waits for the pong: note the time in ws.on("pong") and call ws.close() when it is older than keepAlive and a timeout',
  },
  notModelled: [
    'its ping of 60 s, which keeps a NAT from forgetting the connection and lets TCP find a dead link after minutes; here it sends none',
  ],
  paste: ({ backoff }) => ({
    place: 'the program',
    lines: [
      `// ${backoffWords(backoff)}; the server has to ping.`,
      'var n = 0;',
      'function open() {',
      `  var ws = new WebSocket("192.168.1.10", { path: "/", port: 8000, keepAlive: ${seconds(60_000)} });`,
      '  ws.on("open", function () { n = 0; });',
      '  ws.on("close", function () {',
      ...waitCode(backoff, JAVASCRIPT).before.map((line) => `    ${line}`),
      `    setTimeout(open, ${waitCode(backoff, JAVASCRIPT).wait});`,
      '    n++;',
      '  });',
      '}',
    ],
  }),
};
