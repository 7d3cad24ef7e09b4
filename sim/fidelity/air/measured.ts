/**
 * What ns-3 measured of the shared air (its file's `meta` says how), and the model's cell under the same
 * conditions. Points that differ in their seed alone are one row; where their phases are published, the model
 * plays the same.
 */
import { US_PER_S } from 'host/units';
import { CW_MAX } from '../../net/wifi/air/edca.ts';
import { MCS_7, type PhyRate, rateNamed } from '../../net/wifi/air/phy.ts';
import { frameBytes } from '../../net/wifi/air/radio.ts';
import type { QueueSettings } from '../../net/wifi/air/transmit-queue.ts';
import data from '../wifi-air.json' with { type: 'json' };
import type { CellConditions } from './cell.ts';

export type Point = (typeof data.points)[number];

/** ns-3's WifiMacQueue: first in, first out, 500 packets, each for half a second. */
export const MAC_QUEUE: QueueSettings = { listPackets: 500, waitingPackets: 0, quantumBytes: 1, lifetimeUs: 500_000 };
/**
 * FqCoDel before it, with a quantum of an MTU; its CoDel, which lets the last MTU of each station alone, is
 * not modelled.
 */
export const DEEP_QUEUE: QueueSettings = { ...MAC_QUEUE, waitingPackets: 10_240, quantumBytes: 1514 };
/** In saturation nothing becomes too old. */
export const SATURATED_QUEUE: QueueSettings = { ...MAC_QUEUE, lifetimeUs: 30_000_000 };

/** The neighbour's frames, and the air that one takes, acknowledgement included. */
const NEIGHBOUR_FRAME_US = MCS_7.airUs(frameBytes(1500, 1)) + MCS_7.ackUs;

/** The phases of the measurement were drawn by it (mulberry32), a generator for each board: 0 to below 1. */
export function publishedPhase(seed: number, board: number): number {
  const state = (seed * 1_000_003 + board + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Points with the same conditions. */
export interface Row {
  name: string;
  points: readonly Point[];
}

export function rows(): Row[] {
  const byConditions = new Map<string, Point[]>();
  for (const point of data.points) {
    if (point.rts === 1) continue; // not modelled
    const key = JSON.stringify([nameOf(point), point.dur_s, hasPublishedPhases(point)]);
    byConditions.set(key, [...(byConditions.get(key) ?? []), point]);
  }
  return [...byConditions.values()].map((points) => ({ name: nameOf(points[0]), points }));
}

export function conditionsOf(point: Point): CellConditions {
  const saturated = point.mode === 'sat';
  return {
    stations: point.n,
    rate: rateOf(point.rate),
    slow: point.slow === '' ? null : rateOf(point.slow),
    boardTries: point.staTries,
    boardQueue: saturated ? SATURATED_QUEUE : MAC_QUEUE,
    accessPointTries: point.apTries,
    accessPointCwMax: CW_MAX,
    accessPointQueue: point.qdisc === 'none' ? MAC_QUEUE : DEEP_QUEUE,
    aggregate: point.apAgg === 1,
    neighbours: (point.intf_pps * NEIGHBOUR_FRAME_US) / US_PER_S,
    hiddenHalves: point.hidden === 1,
  };
}

/** Results of the later batches, whose traffic began a second before the window instead of a period. */
export function hasPublishedPhases(point: Point): boolean {
  return point.mode === 'sos' && point._src.startsWith('results2/3');
}

function rateOf(name: string): PhyRate {
  const rate = rateNamed(name.replace('HtMcs', 'mcs'));
  if (rate === null) throw new Error(`the file names a rate that is not modelled: ${name}`);
  return rate;
}

function nameOf(point: Point): string {
  const traffic = { sat: 'saturated', sos: 'SOS', poisson: `${point.poisson_pps} packets/s each` }[point.mode];
  return [
    `${traffic}, ${point.n} board${point.n > 1 ? 's' : ''}, ${point.rate}`,
    ...(point.mode === 'sos' ? [] : [`${point.payload} B`]),
    ...(point.slow === '' ? [] : [`one at ${point.slow}`]),
    ...(point.intf_pps === 0 ? [] : [`a neighbour of ${point.intf_pps} frames/s`]),
    ...(point.hidden === 1 ? ['two hidden halves'] : []),
    ...(point.rts === 1 ? ['RTS'] : []),
    ...(point.apAgg === 1 ? ['A-MPDU'] : []),
    ...(hasPublishedPhases(point) ? ['the same phases'] : []),
  ].join(', ');
}
