/**
 * What is measured of a relay, on fresh processes. Results are numbers whose names say their unit; what they
 * should be is in goals.ts.
 */

import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS, US_PER_MS } from 'host/units';
import { Load } from './load.ts';
import { KINDS, type Kind } from './server.ts';

/** Deliveries of the messages before a measurement, which let V8 optimise. */
const WARM_DELIVERIES = 20_000;
/** What the relay gets to read what was sent, ms. */
const SETTLE_MS = 100;

async function start(entry: string, kind: Kind, clients: number): Promise<Load> {
  const load = await Load.start(entry, kind, clients);
  for (let left = WARM_DELIVERIES; left > 0 && clients > 0; left -= clients) await load.sendAndWait(1);
  return load;
}

/** Runs `measure` on a relay with so many clients and ends the relay. */
async function on<T>(entry: string, kind: Kind, clients: number, measure: (load: Load) => Promise<T>): Promise<T> {
  const load = await start(entry, kind, clients);
  try {
    return await measure(load);
  } finally {
    load.end();
  }
}

/**
 * Both relays are up, and are measured by turns of a second or less: what else the computer does meets both.
 * @param warmTurns that are not counted, and let V8 optimise
 * @returns the mean for each
 */
export async function sideBySide(
  entry: string,
  clients: number,
  warmTurns: number,
  turns: number,
  measure: (load: Load) => Promise<number>,
): Promise<Record<Kind, number>> {
  const loads = { naive: await start(entry, 'naive', clients), ours: await start(entry, 'ours', clients) };
  const sums = { naive: 0, ours: 0 };
  try {
    for (let turn = -warmTurns; turn < turns; turn++) {
      for (const kind of turn % 2 === 0 ? KINDS : KINDS.toReversed()) {
        const figure = await measure(loads[kind]);
        if (turn >= 0) sums[kind] += figure;
      }
    }
  } finally {
    for (const load of Object.values(loads)) load.end();
  }
  return { naive: sums.naive / turns, ours: sums.ours / turns };
}

/** CPU time of a delivery when there is time between two messages. */
export async function cpuUsPerDelivery(load: Load, messagesPerS: number, durationMs: number): Promise<number> {
  const [before, { cpuUs }] = [load.deliveries, await load.usage()];
  await load.sendSteadily(messagesPerS, durationMs);
  await load.drain();
  return ((await load.usage()).cpuUs - cpuUs) / (load.deliveries - before);
}

/**
 * All clients lose their connection at once and come back at once: time for each, from the first to the last.
 */
export async function stormUsPerConnect(load: Load): Promise<number> {
  const { clients } = load;
  load.drop();
  // Until the relay has seen that they are gone, as their ids must be free.
  await load.usage();
  await sleep(SETTLE_MS);
  const startMs = performance.now();
  await load.open(clients);
  return ((performance.now() - startMs) * US_PER_MS) / clients;
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
      deliveriesPerS: ((load.deliveries - before) / (performance.now() - startMs)) * SECOND_MS,
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
    return ((load.deliveries - before) / (performance.now() - startMs)) * SECOND_MS;
  });
}

/** Memory of a client that is connected and says nothing but a pong. */
export function idleBytesPerClient(entry: string, kind: Kind, clients: number): Promise<number> {
  return on(entry, kind, 0, async (load) => {
    const open = async (count: number): Promise<number> => {
      await load.open(count);
      load.pong();
      await sleep(SETTLE_MS);
      return (await load.usage('collect')).memoryBytes;
    };
    // The first ones also pay for code that is compiled on the way.
    const before = await open(clients / 5);
    return ((await open(clients)) - before) / clients;
  });
}

/**
 * Lag of the event loop, 99th percentile, when the only work is to keep so many clients alive: from the first
 * ping on, which the clients get as close together as they came.
 */
export function keepaliveLagMs(entry: string, kind: Kind, clients: number, durationMs: number): Promise<number> {
  return on(entry, kind, clients, async (load) => {
    if (kind === 'ours') await load.pinged();
    await load.usage();
    await sleep(durationMs);
    return (await load.usage()).lagP99Ms;
  });
}
