/** What is measured of a relay, each on a fresh process. Results are numbers whose names say their unit; what they should be is in goals.ts. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.ts';
import type { Kind } from './server.ts';

const MS_PER_S = 1_000;
/** What comes before a measurement and lets V8 optimise: deliveries, and storms. */
const WARM_DELIVERIES = 20_000;
const WARM_STORMS = 6;
/** What the relay gets to read what was sent, ms. */
const SETTLE_MS = 100;

/** Runs `measure` on a relay with so many clients and ends the relay. */
async function on<T>(entry: string, kind: Kind, clients: number, measure: (load: Load) => Promise<T>): Promise<T> {
  const load = await Load.start(entry, kind, clients);
  try {
    for (let left = WARM_DELIVERIES; left > 0 && clients > 0; left -= clients) await load.sendAndWait(1);
    return await measure(load);
  } finally {
    load.end();
  }
}

/** CPU time of a delivery when there is time between two messages. */
export function cpuUsPerDelivery(entry: string, kind: Kind, clients: number, messagesPerS: number, durationMs: number): Promise<number> {
  return on(entry, kind, clients, async (load) => {
    const [before, startUs] = [load.deliveries, (await load.usage()).cpuUs];
    await load.sendSteadily(messagesPerS, durationMs);
    await load.drain();
    return ((await load.usage()).cpuUs - startUs) / (load.deliveries - before);
  });
}

export interface Overload {
  deliveriesPerS: number;
  /** Messages that were sent and not delivered to all: in the middle and at the end. */
  middleQueue: number;
  endQueue: number;
}

/** What it delivers of more messages than it may be able to. */
export function overload(entry: string, kind: Kind, clients: number, messagesPerS: number, durationMs: number): Promise<Overload> {
  return on(entry, kind, clients, async (load) => {
    const queue = () => load.sent - load.deliveries / load.clients;
    const [before, startMs] = [load.deliveries, performance.now()];
    await load.sendSteadily(messagesPerS, durationMs / 2);
    const middleQueue = queue();
    await load.sendSteadily(messagesPerS, durationMs / 2);
    return {
      deliveriesPerS: ((load.deliveries - before) / (performance.now() - startMs)) * MS_PER_S,
      middleQueue,
      endQueue: queue(),
    };
  });
}

/** Deliveries a second when the next bundle of messages comes as soon as all have the one before. */
export function closedLoopPerS(entry: string, kind: Kind, clients: number, bundle: number, durationMs: number): Promise<number> {
  return on(entry, kind, clients, async (load) => {
    const [before, startMs] = [load.deliveries, performance.now()];
    while (performance.now() - startMs < durationMs) await load.sendAndWait(bundle);
    return ((load.deliveries - before) / (performance.now() - startMs)) * MS_PER_S;
  });
}

/** Memory of a client that is connected and says nothing but a pong. */
export function idleBytesPerClient(entry: string, kind: Kind, clients: number): Promise<number> {
  return on(entry, kind, 0, async (load) => {
    const open = async (count: number): Promise<number> => {
      await load.open(count);
      load.pong();
      await sleep(SETTLE_MS);
      return (await load.usage()).memoryBytes;
    };
    // The first ones also pay for code that is compiled on the way.
    const before = await open(clients / 5);
    return ((await open(clients)) - before) / clients;
  });
}

/** Connects a second when all clients lose their connection at once and come back at once. */
export function stormPerS(entry: string, kind: Kind, clients: number, storms: number): Promise<number> {
  return on(entry, kind, clients, async (load) => {
    let elapsedMs = 0;
    for (let storm = -WARM_STORMS; storm < storms; storm++) {
      load.drop();
      // Until the relay has seen that they are gone, as their ids must be free.
      await load.usage();
      await sleep(SETTLE_MS);
      const startMs = performance.now();
      await load.open(clients);
      if (storm >= 0) elapsedMs += performance.now() - startMs;
    }
    return (clients * storms * MS_PER_S) / elapsedMs;
  });
}

/** Lag of the event loop, 99th percentile, when the only work is to keep so many clients alive. */
export function keepaliveLagMs(entry: string, kind: Kind, clients: number, durationMs: number): Promise<number> {
  return on(entry, kind, clients, async (load) => {
    await load.usage();
    await sleep(durationMs);
    return (await load.usage()).lagP99Ms;
  });
}
