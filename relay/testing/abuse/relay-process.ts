/**
 * A relay in a process of its own, with bounds that a test can reach, which tells what it holds: memory is
 * only its own, and no attacker shares its event loop.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { DEFAULT_CONFIG, type RelayConfig } from '../../config.ts';
import { NULL_LOG } from '../../log.ts';
import { NULL_OBSERVER, type RelayObserver } from '../../observer.ts';
import { createRelay } from '../../relay.ts';
import type { Answer } from '../../server/http.ts';
import { createRealClock } from '../../server/real-clock.ts';
import { listen } from '../../server/server.ts';

export const HOST = '127.0.0.1';

export interface Holdings {
  /** Reachable memory, V8's and outside it, after a collection. */
  memoryBytes: number;
  /** Of the process, the listening one left out. */
  sockets: number;
  timers: number;
  clients: number;
  pending: number;
  /**
   * How many connections were refused for which reason, how sessions ended, and what else was asked for or
   * lost: `timeout 3`, `policy 1008`, `pages`, `dropped`, `paused`.
   */
  counts: Record<string, number>;
}

/** As large as what Prometheus is told. */
const PAGE: Answer = { status: 200, body: 'x'.repeat(20_000) };

export class RelayProcess {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  static async start(config: Partial<RelayConfig>): Promise<RelayProcess> {
    const child = fork(__filename, [JSON.stringify(config)], { execArgv: ['--import', 'tsx', '--expose-gc'] });
    const [port] = await once(child, 'message');
    return new RelayProcess(child, port);
  }

  async holdings(): Promise<Holdings> {
    this.child.send('holdings');
    const [holdings] = await once(this.child, 'message');
    return holdings;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

async function serve(config: Partial<RelayConfig>): Promise<void> {
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const observer: RelayObserver = {
    ...NULL_OBSERVER,
    refused: (_stream, _id, reason) => count(reason),
    sessionClosed: (_session, cause, code) => count(`${cause} ${code}`),
    messageDropped: () => count('dropped'),
    readingPaused: () => count('paused'),
  };
  const relay = createRelay({
    clock: createRealClock(),
    epochMs: Date.now,
    random: Math.random,
    config: { ...DEFAULT_CONFIG, ...config },
    log: NULL_LOG,
    observer,
    pages: async () => {
      count('pages');
      return PAGE;
    },
    afterTurn: setImmediate,
  });
  const { port } = await listen(relay.server, HOST, 0);
  process.on('message', async () => {
    // Buffers are let go by one collection and freed by the next.
    for (let i = 0; i < 2; i++) {
      globalThis.gc?.();
      await new Promise(setImmediate);
    }
    const { heapUsed, external } = process.memoryUsage();
    const resources = process.getActiveResourcesInfo();
    const open = (name: string) => resources.filter((resource) => resource === name).length;
    process.send?.({
      memoryBytes: heapUsed + external,
      sockets: open('TCPSocketWrap'),
      timers: open('Timeout'),
      clients: relay.clients,
      pending: relay.pending,
      counts,
    } satisfies Holdings);
  });
  process.send?.(port);
}

if (require.main === module) void serve(JSON.parse(process.argv[2]));
