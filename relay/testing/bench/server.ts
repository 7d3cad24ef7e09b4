/**
 * The process whose cost is measured: a relay on a port of this computer, which tells on demand what it has
 * used so far.
 *
 * `ours` is the relay as its command line runs it, metrics included, without the log. `naive` is what is
 * written first with ws: `send(string)` for each client.
 */
import { createServer, type Server } from 'node:http';

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { WebSocketServer } from 'ws';
import { DEFAULT_CONFIG } from '../../config.ts';
import { NULL_LOG } from '../../log.ts';
import { createMetrics } from '../../metrics/metrics.ts';
import { createRelay, type Relay } from '../../relay.ts';
import { createRealClock } from '../../server/real-clock.ts';
import { listen } from '../../server/server.ts';

export const KINDS = ['naive', 'ours'] as const;
export type Kind = (typeof KINDS)[number];

export const HOST = '127.0.0.1';

/** What the process has used since it began; `lag` since it was asked last. */
export interface Usage {
  /** User and system time, from the operating system. */
  cpuUs: number;
  /** Resident, from the operating system. */
  memoryBytes: number;
  /** Of the event loop, at its 99th percentile. */
  lagP99Ms: number;
}

/** What the process does before it tells: collecting garbage takes it some milliseconds. */
export type Ask = 'collect' | 'at once';

/** As finely as Node can look at its event loop. */
const LAG_RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

/**
 * Until it is killed, or whoever measures is gone. Tells its parent the port, and then its usage each time it
 * is sent a message.
 */
export async function serve(kind: Kind): Promise<void> {
  const server = kind === 'naive' ? naiveServer() : ourServer();
  const { port } = await listen(server, HOST, 0);
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  process.on('disconnect', () => process.exit());
  process.on('message', (ask: Ask) => {
    if (ask === 'collect') globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const lagP99Ms = Math.max(0, lag.percentile(99) / NS_PER_MS - LAG_RESOLUTION_MS);
    process.send?.({ cpuUs: user + system, memoryBytes: process.memoryUsage.rss(), lagP99Ms } satisfies Usage, () => lag.reset());
  });
  process.send?.(port);
}

function naiveServer(): Server {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url = '/' }) => {
    socket.on('message', (data) => {
      socket.send('Server got your message!');
      for (const other of sockets.clients) if (other !== socket) other.send(`Mes from ${url.slice(1)}: ${data}`);
    });
  });
  return server;
}

function ourServer(): Server {
  const clock = createRealClock();
  const { observer } = createMetrics(clock, () => relay);
  // The load is one client that speaks for many.
  const config = { ...DEFAULT_CONFIG, maxMessageRate: 1_000_000 };
  const relay: Relay = createRelay({
    clock,
    epochMs: () => 0,
    random: () => 0.5,
    config,
    log: NULL_LOG,
    observer,
    afterTurn: setImmediate,
  });
  return relay.server;
}
