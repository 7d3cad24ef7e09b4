/** The same of the kit's boards and relay with the presets of that library, in virtual time. */

import type { Settings } from '../../api/settings.ts';
import { simulate } from '../../api/simulate.ts';
import { type Figures, type Plan, peakOf } from './figures.ts';
import type { LiveLibrary } from './library.ts';

const FIRMWARE = 'firmware/apps/button.ts';
const text = (ms: number): `${number}ms` => `${ms}ms`;

export async function measureModel(library: LiveLibrary, plan: Plan, seeds: readonly number[]): Promise<Figures> {
  const runs: Figures[] = [];
  for (const seed of seeds) runs.push({ ...(await deadLinks(library, plan, seed)), ...(await serverDown(library, plan, seed)) });
  const all = (name: 'detectMs' | 'clientDetectMs' | 'backMs') => runs.flatMap((run) => run[name]);
  const mean = (name: 'tries' | 'peak') => runs.reduce((sum, run) => sum + run[name], 0) / runs.length;
  return {
    detectMs: all('detectMs'),
    clientDetectMs: all('clientDetectMs'),
    backMs: all('backMs'),
    tries: mean('tries'),
    peak: mean('peak'),
  };
}

function settingsOf({ client, server, keepalive }: LiveLibrary, plan: Plan, seed: number): Settings {
  const camel = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), value]));
  return {
    seed,
    air: 'private',
    link: { latency: '2ms', jitter: '0ms' },
    relay: { mode: 'echo', server, ...camel(keepalive.relay) },
    boards: {
      count: plan.clients,
      firmware: FIRMWARE,
      device: 'ideal',
      bootSpread: text(plan.spreadMs),
      client,
      ...camel(keepalive.boards),
    },
  } as Settings;
}

/** Joining Wi-Fi takes boards a few seconds. */
const JOINED_MS = 10_000;

async function deadLinks(library: LiveLibrary, plan: Plan, seed: number): Promise<Pick<Figures, 'detectMs' | 'clientDetectMs'>> {
  const atMs = plan.spreadMs + JOINED_MS;
  const found = { detectMs: [] as number[], clientDetectMs: [] as number[] };
  const known = new Set<string>();
  await simulate({
    ...settingsOf(library, plan, seed),
    duration: text(atMs + plan.deadMs),
    steps: [{ at: text(atMs), action: 'link.blackhole' }],
    onWorld: (world) => {
      world.events$.subscribe((event) => {
        const sinceMs = event.t - atMs;
        const { board } = event;
        if (sinceMs < 0 || typeof board !== 'string') return;
        if (event.event === 'ws.close') found.detectMs.push(sinceMs);
        if (event.event !== 'channel.state' || event.state !== 'waiting' || known.has(board)) return;
        known.add(board);
        found.clientDetectMs.push(sinceMs);
      });
    },
  });
  return found;
}

async function serverDown(library: LiveLibrary, plan: Plan, seed: number): Promise<Pick<Figures, 'tries' | 'peak' | 'backMs'>> {
  const atMs = plan.spreadMs + JOINED_MS;
  const opensMs: number[] = [];
  let tries = 0;
  await simulate({
    ...settingsOf(library, plan, seed),
    duration: text(atMs + plan.downMs + plan.backMs),
    steps: [{ at: text(atMs), action: 'relay.stop', for: text(plan.downMs) }],
    onWorld: (world) => {
      world.events$.subscribe((event) => {
        if (event.event !== 'channel.state' || event.t < atMs) return;
        if (event.state === 'tcp' && event.t < atMs + plan.downMs) tries++;
        if (event.state === 'open' && event.t >= atMs + plan.downMs) opensMs.push(event.t);
      });
    },
  });
  return { tries: tries / plan.clients, peak: peakOf(opensMs), backMs: opensMs.map((at) => at - atMs - plan.downMs) };
}
