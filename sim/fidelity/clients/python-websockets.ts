/** Python's websockets as Debian has it, client and server, with a ping each 3 s and 2 s to answer. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LiveLibrary } from './library.ts';
import { startProgram } from './program.ts';

const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const MS_PER_S = 1_000;
const PING = 'ping_interval=3, ping_timeout=2';

const SERVER = (port: number) => `
import asyncio, websockets
async def handler(websocket, path=None):
    await websocket.wait_closed()
async def main():
    async with websockets.serve(handler, "127.0.0.1", ${port}, ${PING}):
        await asyncio.Future()
asyncio.run(main())
`;

/** Its own iterator reconnects; each event is a line. */
const CLIENTS = (count: number, port: number, spreadMs: number) => `
import asyncio, logging, websockets
logging.disable(logging.CRITICAL)
async def client(number):
    await asyncio.sleep(number * ${spreadMs / MS_PER_S} / ${count})
    async for websocket in websockets.connect("ws://127.0.0.1:${port}/", ${PING}):
        print(number, "open", flush=True)
        await websocket.wait_closed()
        print(number, "lost", flush=True)
async def main():
    await asyncio.gather(*(client(number) for number in range(${count})))
asyncio.run(main())
`;

export const PYTHON_WEBSOCKETS: LiveLibrary = {
  name: 'Python websockets, client and server',
  client: 'websockets',
  server: 'websockets',
  keepalive: {
    boards: { board_ping_interval: '3s', board_ping_timeout: '2s' },
    relay: { ping_interval: '3s', ping_timeout: '2s' },
  },
  lateMs: 0,
  clientLateMs: 21_000,
  differs: [
    'the client’s program learns of a dead link when the close is over, two close_timeouts (20 s) later',
    'its waits are 0 to 5 s, then 1.92 s × 1.618 (version 10) or 3.1 s × 1.618; the model’s 2.5 to 5 s',
  ],
  missing: () => {
    const { status } = spawnSync(PYTHON, ['-c', 'import websockets']);
    return status === 0 ? null : 'python3-websockets';
  },
  serve: (port) => startProgram(PYTHON, () => ['-c', SERVER(port)], {}, port),
  connect: (count, port, spreadMs, tell) => {
    const child = spawn(PYTHON, ['-c', CLIENTS(count, port, spreadMs)], { stdio: ['ignore', 'pipe', 'ignore'] });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [client, what] = line.split(' ');
      tell(Number(client), what as 'open' | 'lost');
    });
    return { close: () => void child.kill('SIGKILL') };
  },
};
