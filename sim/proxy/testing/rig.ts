/**
 * A proxy on loopback between real sockets: a relay that the test plays, and devices that connect through.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createRealClock } from 'relay/server/real-clock';
import { onTestFinished } from 'vitest';
import { DEFAULT_LINK, type LinkSettings } from '../../net/link/settings.ts';
import { listenAt } from '../listen.ts';
import { LinkProxy, type ProxySettings } from '../proxy.ts';

const ANY_PORT = { host: '127.0.0.1', port: 0 };
/** What a wait in these tests may take on a busy machine, ms. */
const PATIENCE_MS = 10_000;

export const FAST_LINK: LinkSettings = { ...DEFAULT_LINK, latencyMs: 2, jitterMs: 0, rateBps: 1_000_000_000 };

/** A real socket, and what it has met: bytes, `end`, `reset`, `closed`. */
export class Peer {
  readonly socket: Socket;
  received = '';
  ended = false;
  reset = false;
  closed = false;
  private readonly watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.received += bytes.toString('latin1');
    });
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.reset = error.code === 'ECONNRESET';
    });
    socket.on('close', () => {
      this.closed = true;
    });
    for (const event of ['data', 'end', 'close']) socket.on(event, () => this.look());
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Until this is so. */
  when(isSo: (peer: Peer) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const impatience = setTimeout(() => reject(new Error(`in vain: ${this.describe()}`)), PATIENCE_MS);
      const watch = () => {
        if (!isSo(this)) return;
        clearTimeout(impatience);
        this.watchers.delete(watch);
        resolve();
      };
      this.watchers.add(watch);
      watch();
    });
  }

  private look(): void {
    for (const watch of [...this.watchers]) watch();
  }

  private describe(): string {
    return `${this.received.length} bytes, ended ${this.ended}, reset ${this.reset}, closed ${this.closed}`;
  }
}

export interface Rig {
  proxy: LinkProxy;
  log: string[];
  /** A device's connection, and the relay's end of it. */
  pair(): Promise<{ device: Peer; relay: Peer }>;
  /** A device that nobody waits for. */
  dial(): Peer;
  /** The relay's end of the next connection that reaches it. */
  arrival(): Promise<Peer>;
  arrivals: Peer[];
}

export async function startRig(link: Partial<LinkSettings> = {}, settings: Partial<ProxySettings> = {}): Promise<Rig> {
  const arrivals: Peer[] = [];
  const waiting: ((peer: Peer) => void)[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = new Peer(socket);
    arrivals.push(peer);
    waiting.shift()?.(peer);
  });
  const upstream = await listenAt(server, ANY_PORT, 'relay');
  const log: string[] = [];
  const proxy = new LinkProxy(
    { listen: ANY_PORT, upstream, link: { ...FAST_LINK, ...link }, balancer: null, seed: 1, stack: 'linux', ...settings },
    createRealClock(),
    (text) => log.push(text),
  );
  await proxy.start();
  const dialled: Peer[] = [];
  onTestFinished(() => {
    proxy.close();
    server.close();
    for (const { socket } of [...dialled, ...arrivals]) socket.destroy();
  });
  const dial = () => {
    const peer = new Peer(connect({ ...proxy.address, allowHalfOpen: true }));
    dialled.push(peer);
    return peer;
  };
  const arrival = () => new Promise<Peer>((resolve) => waiting.push(resolve));
  const pair = async () => {
    const arrived = arrival();
    const device = dial();
    return { device, relay: await arrived };
  };
  return { proxy, log, pair, dial, arrival, arrivals };
}

/** So much time of the proxy's own clock. */
export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
