/** The real library through the proxy: its links die, and beside that its server is down for a while. */
import { createRealClock } from 'relay/server/real-clock';
import { DEFAULT_LINK } from '../../net/link/settings.ts';
import { LinkProxy } from '../../proxy/proxy.ts';
import { type Figures, type Plan, peakOf } from './figures.ts';
import type { LiveLibrary, LiveServer } from './library.ts';
import { freePort } from './program.ts';
import { startWitness } from './witness.ts';

const LOOK_MS = 10;

interface Rig {
  proxy: LinkProxy;
  server: LiveServer;
  serverPort: number;
  close(): Promise<void>;
}

const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function openRig(library: LiveLibrary, onServerEnd: () => void): Promise<Rig> {
  const serverPort = await freePort();
  const rig = { server: await library.serve(serverPort, onServerEnd) };
  const witness = await startWitness(() => serverPort, library.tells ? () => {} : onServerEnd);
  const proxy = new LinkProxy(
    {
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port: witness.port },
      link: { ...DEFAULT_LINK, latencyMs: 2, jitterMs: 0 },
      balancer: null,
      seed: 1,
      stack: 'linux',
    },
    createRealClock(),
    () => {},
  );
  await proxy.start();
  return Object.assign(rig, {
    proxy,
    serverPort,
    close: async () => {
      proxy.close();
      witness.close();
      await rig.server.stop();
    },
  });
}

export async function measureLive(library: LiveLibrary, plan: Plan): Promise<Figures> {
  const [dead, down] = await Promise.all([deadLinks(library, plan), serverDown(library, plan)]);
  return { ...dead, ...down };
}

async function deadLinks(library: LiveLibrary, plan: Plan): Promise<Pick<Figures, 'detectMs' | 'clientDetectMs'>> {
  const detectMs: number[] = [];
  const clientDetectMs: number[] = [];
  const known = new Set<number>();
  let cutAtMs = Number.POSITIVE_INFINITY;
  const sinceMs = () => performance.now() - cutAtMs;
  const rig = await openRig(library, () => sinceMs() >= 0 && detectMs.push(sinceMs()));
  const clients = library.connect(plan.clients, rig.proxy.address.port, plan.spreadMs, (client, what) => {
    if (what === 'open' || sinceMs() < 0 || known.has(client)) return;
    known.add(client);
    clientDetectMs.push(sinceMs());
  });
  await pass(plan.spreadMs + plan.settleMs);
  rig.proxy.kernel.enter(() => rig.proxy.cutAll('blackhole', true));
  cutAtMs = performance.now();
  await pass(plan.deadMs);
  cutAtMs = Number.POSITIVE_INFINITY;
  clients.close();
  await rig.close();
  return { detectMs: detectMs.slice(0, plan.clients), clientDetectMs };
}

async function serverDown(library: LiveLibrary, plan: Plan): Promise<Pick<Figures, 'tries' | 'peak' | 'backMs'>> {
  const opensMs: number[] = [];
  let isBack = false;
  const rig = await openRig(library, () => {});
  const clients = library.connect(plan.clients, rig.proxy.address.port, plan.spreadMs, (_, what) => {
    if (isBack && what === 'open') opensMs.push(performance.now());
  });
  await pass(plan.spreadMs + plan.settleMs);
  await rig.server.stop();
  const before = rig.proxy.counts.connections;
  await pass(plan.downMs);
  const tries = (rig.proxy.counts.connections - before) / plan.clients;
  isBack = true;
  rig.server = await library.serve(rig.serverPort, () => {});
  const backAtMs = performance.now();
  const until = backAtMs + plan.backMs;
  while (opensMs.length < plan.clients && performance.now() < until) await pass(LOOK_MS);
  clients.close();
  await rig.close();
  return { tries, peak: peakOf(opensMs), backMs: opensMs.map((at) => Math.max(0, at - backAtMs)) };
}
