/** Python's websockets as a server, and uvicorn, which serves by it. */
import { seconds } from '../code.ts';
import type { ServerPreset, ServerValues } from '../preset.ts';

function python({ pingIntervalMs, pingTimeoutMs }: ServerValues): string[] {
  if (pingIntervalMs === 0) return ['ping_interval=None,'];
  return [`ping_interval=${seconds(pingIntervalMs)},`, `ping_timeout=${seconds(pingTimeoutMs)},`];
}

export const WEBSOCKETS_SERVER: ServerPreset = {
  about: 'Python websockets (python-websockets/websockets 04e599ca, src/websockets/asyncio/server.py)',
  settings: {
    'relay.ping_interval': ['20s', 'asyncio/server.py, serve(ping_interval=20)'],
    'relay.ping_timeout': ['20s', 'asyncio/server.py, serve(ping_timeout=20)'],
    'relay.duplicate_id': ['takeover', 'it knows no ids: whoever comes is let in'],
  },
  cannot: {},
  notModelled: ['it sends the next ping only after the last was answered; here each interval'],
  paste: (values) => ({
    place: 'server.py',
    lines: ['async with websockets.serve(', '    handler, "0.0.0.0", 8000,', ...python(values).map((line) => `    ${line}`), '):'],
  }),
};

export const UVICORN: ServerPreset = {
  ...WEBSOCKETS_SERVER,
  about: 'uvicorn (encode/uvicorn, uvicorn/config.py), which serves by Python websockets',
  settings: {
    'relay.ping_interval': ['20s', 'uvicorn/config.py:190, ws_ping_interval'],
    'relay.ping_timeout': ['20s', 'uvicorn/config.py:191, ws_ping_timeout'],
    'relay.duplicate_id': ['takeover', 'it knows no ids: whoever comes is let in'],
  },
  paste: (values) => ({
    place: 'main.py',
    lines: ['uvicorn.run(', '    "main:app", host="0.0.0.0", port=8000,', ...python(values).map((line) => `    ws_${line}`), ')'],
  }),
};
