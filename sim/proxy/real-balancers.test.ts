/**
 * What a device and a relay see of a balancer, by one body: at the programs themselves, where they are
 * installed, and at the model of them, with the same limits made short.
 */
import { connect, createServer, type Server } from 'node:net';
import { freePort } from 'relay/testing/free-port';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BALANCER_PRESETS, DEFAULT_BALANCER } from '../net/balancer/settings.ts';
import { listenAt } from './listen.ts';
import { isInstalled, REAL_PROXIES, type RealProxyName } from './testing/real-proxies.ts';
import { Peer, pass, startRig } from './testing/rig.ts';

const LIMIT_MS = 1_000;
const REQUEST =
  'GET /board-1 HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const UPGRADED =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
const UPGRADE_REQUIRED = 'HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
/** Of a request that is whole. */
const isAsked = ({ received }: Peer) => received.includes('\r\n\r\n');

class Stage {
  readonly dialled: Peer[] = [];
  private readonly waiting: ((peer: Peer) => void)[] = [];
  private readonly arrived: Peer[] = [];
  private server: Server | null = null;
  port = 0;

  /** The relay listens at this port, or no longer. */
  async serve(port: number, on: boolean): Promise<void> {
    this.server?.close();
    this.server = null;
    if (!on) return;
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      const peer = new Peer(socket);
      this.arrived.push(peer);
      this.waiting.shift()?.(peer);
    });
    await listenAt(this.server, { host: '127.0.0.1', port }, 'relay');
  }

  /** A device's request, and how the relay's end of it looks, if it gets there. */
  ask(): { device: Peer; relay: Promise<Peer> } {
    const relay = new Promise<Peer>((resolve) => this.waiting.push(resolve));
    const device = new Peer(connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true }));
    this.dialled.push(device);
    device.send(REQUEST);
    return { device, relay };
  }

  async asked(): Promise<{ device: Peer; relay: Peer }> {
    const { device, relay: coming } = this.ask();
    const relay = await coming;
    await relay.when(isAsked);
    return { device, relay };
  }

  async open(): Promise<{ device: Peer; relay: Peer }> {
    const pair = await this.asked();
    pair.relay.send(UPGRADED);
    await pair.device.when(isAsked);
    return pair;
  }

  close(): void {
    this.server?.close();
    for (const { socket } of [...this.dialled, ...this.arrived]) socket.destroy();
  }
}

async function stage(name: RealProxyName, which: 'real' | 'model'): Promise<{ stage: Stage; relayPort: number }> {
  const made = new Stage();
  onTestFinished(() => made.close());
  const relayPort = await freePort();
  await made.serve(relayPort, true);
  if (which === 'real') {
    made.port = await freePort();
    await REAL_PROXIES[name].start(made.port, relayPort, LIMIT_MS / 1000);
  } else {
    const limits = { idleCloseMs: LIMIT_MS, answerTimeoutMs: LIMIT_MS };
    const balancer = { ...DEFAULT_BALANCER, ...BALANCER_PRESETS[name].settings, ...limits };
    const rig = await startRig({}, { upstream: { host: '127.0.0.1', port: relayPort }, balancer });
    made.port = rig.proxy.address.port;
  }
  return { stage: made, relayPort };
}

const endOf = async (peer: Peer): Promise<'FIN' | 'RST'> => {
  await peer.when(({ ended, closed }) => ended || closed);
  return peer.ended ? 'FIN' : 'RST';
};
const statusAt = async (device: Peer): Promise<number> => {
  await device.when(isAsked);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(device.received)?.[1]);
};

const BEHIND_A_TUNNEL = ['nginx', 'haproxy'] as const;
const EXPECTED = {
  nginx: { relayIdle: 'FIN', away: 502, awayAfterMs: 0 },
  haproxy: { relayIdle: 'RST', away: 503, awayAfterMs: 3_000 },
} as const;

for (const which of ['real', 'model'] as const) {
  for (const name of BEHIND_A_TUNNEL) {
    describe.skipIf(which === 'real' && !isInstalled(name))(`${name}, the ${which} one`, () => {
      it('closes what was idle: to the device with FIN, to the relay as it does', async () => {
        const { stage: scene } = await stage(name, which);
        const { device, relay } = await scene.open();
        const atMs = performance.now();
        expect([await endOf(device), await endOf(relay)]).toEqual(['FIN', EXPECTED[name].relayIdle]);
        expect(performance.now() - atMs).toBeGreaterThan(LIMIT_MS / 2);
      });

      it.for(['device', 'relay'] as const)('keeps a connection in which only the %s speaks', async (speaker) => {
        const { stage: scene } = await stage(name, which);
        const pair = await scene.open();
        for (let sent = 0; sent < 8; sent++) {
          pair[speaker].send('x');
          await pass(LIMIT_MS / 4);
        }
        expect([pair.device.ended, pair.device.closed, pair.relay.ended, pair.relay.closed]).toEqual([false, false, false, false]);
      });

      it('says 504 for a relay that does not answer, 502 for one that ends instead', async () => {
        const { stage: scene } = await stage(name, which);
        expect(await statusAt((await scene.asked()).device)).toBe(504);
        const closing = await scene.asked();
        closing.relay.socket.end();
        expect(await statusAt(closing.device)).toBe(502);
      });

      it('passes an end of the relay on as FIN, be it FIN or RST', async () => {
        const { stage: scene } = await stage(name, which);
        const ended = await scene.open();
        ended.relay.socket.end();
        const reset = await scene.open();
        reset.relay.socket.resetAndDestroy();
        expect([await endOf(ended.device), await endOf(reset.device)]).toEqual(['FIN', 'FIN']);
      });

      it('connects while the relay is away, and says its status after its tries', async () => {
        const { stage: scene, relayPort } = await stage(name, which);
        await scene.serve(relayPort, false);
        const atMs = performance.now();
        const { device } = scene.ask();
        expect(await statusAt(device)).toBe(EXPECTED[name].away);
        const tookMs = performance.now() - atMs;
        expect(Math.round(tookMs / 1000) * 1000).toBe(EXPECTED[name].awayAfterMs);
      });
    });
  }

  it.skipIf(which === 'real' && !isInstalled('nginx-plain'))(
    `nginx without the two lines, the ${which} one, asks for no upgrade`,
    async () => {
      const { stage: scene } = await stage('nginx-plain', which);
      const { device, relay } = await scene.asked();
      expect(relay.received).toMatch(/^GET \/board-1 HTTP\/1\.0\r\n/);
      expect(relay.received.toLowerCase()).toContain('connection: close');
      expect(relay.received.toLowerCase()).not.toContain('upgrade');
      expect(relay.received).toContain('Sec-WebSocket-Key');
      relay.send(UPGRADE_REQUIRED);
      relay.socket.end();
      // Who ends what is left of the connection is not compared: nginx keeps it for a next request.
      expect(await statusAt(device)).toBe(426);
    },
  );
}
