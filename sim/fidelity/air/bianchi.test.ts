/**
 * Bianchi's formula for saturated 802.11 (IEEE JSAC 18, 2000), with the retry limit of Wu et al. (2002): for
 * n radios that always have something to send it tells how often a try collides and how many frames per
 * second arrive. It knows no other traffic; the model must agree with it on this one.
 */
import { describe, expect, it } from 'vitest';
import { CW_MAX, CW_MIN } from '../../net/wifi/air/edca.ts';
import { MAC_OVERHEAD_BYTES, type PhyRate, rateNamed, SIFS_US, SLOT_US } from '../../net/wifi/air/phy.ts';
import data from '../wifi-air.json' with { type: 'json' };
import type { CellConditions } from './cell.ts';
import { figuresOf } from './figures.ts';
import { SATURATED_QUEUE } from './measured.ts';
import { runCell } from './run-cell.ts';
import { Saturated, UDP_HEADER_BYTES } from './traffic.ts';

const TRIES = 7;
/** Frames that arrive in a run of the model. */
const FRAMES = 20_000;
const AIFS_US = SIFS_US + 3 * SLOT_US;
/** A beacon of 1,360 µs every 102,400. */
const BEACON_SHARE = 1360 / 102_400;

/** @returns share of tries that collide, and frames per second that arrive */
function bianchi(n: number, rate: PhyRate, payloadBytes: number): { p: number; perS: number } {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const p = (low + high) / 2;
    if (1 - (1 - attemptShare(p)) ** (n - 1) > p) low = p;
    else high = p;
  }
  const p = (low + high) / 2;
  const tau = attemptShare(p);
  const frameUs = rate.airUs(payloadBytes + UDP_HEADER_BYTES + MAC_OVERHEAD_BYTES);
  const idle = (1 - tau) ** n;
  const success = n * tau * (1 - tau) ** (n - 1);
  // A slot in which somebody sends lasts as long as the exchange, and AIFS; its own slot is one that EDCA
  // counts.
  const successUs = frameUs + SIFS_US + rate.ackUs + AIFS_US;
  const collisionUs = frameUs + AIFS_US;
  const meanUs = idle * SLOT_US + success * successUs + (1 - idle - success) * collisionUs;
  return { p, perS: (success / meanUs) * 1e6 * (1 - BEACON_SHARE) };
}

/** The share of slots in which a radio sends whose tries collide with probability p. */
function attemptShare(p: number): number {
  let [tries, slots, reach, window] = [0, 0, 1, CW_MIN];
  for (let k = 0; k < TRIES; k++) {
    tries += reach;
    slots += reach * (1 + window / 2);
    reach *= p;
    window = Math.min(2 * window + 1, CW_MAX);
  }
  return tries / slots;
}

async function model(n: number, rate: PhyRate, payloadBytes: number): Promise<{ p: number; perS: number }> {
  const conditions: CellConditions = {
    stations: n,
    rate,
    slow: null,
    boardTries: TRIES,
    boardQueue: SATURATED_QUEUE,
    accessPointTries: TRIES,
    accessPointCwMax: CW_MAX,
    accessPointQueue: SATURATED_QUEUE,
    aggregate: false,
    neighbours: 0,
    hiddenHalves: false,
  };
  const windowUs = (FRAMES / bianchi(n, rate, payloadBytes).perS) * 1e6;
  const { boardsFail, upPerS } = figuresOf([await runCell(conditions, 1, 1e6, windowUs, (span) => new Saturated(span, payloadBytes))]);
  return { p: boardsFail!, perS: upPerS };
}

const CASES = Object.entries(data.meta.bianchi).map(([key, expected]) => {
  const [rate, payload, n] = key.split('/');
  return { rate: rate.replace('HtMcs', 'mcs'), payload: Number(payload), n: Number(n), expected };
});

describe('Bianchi’s formula', () => {
  it.each(CASES)('is what it is in the file: $n radios, $rate, $payload B', ({ rate, payload, n, expected }) => {
    const { p, perS } = bianchi(n, rateNamed(rate)!, payload);
    expect(p).toBeCloseTo(expected.p, 3);
    expect(perS / expected.pps_less_beacons).toBeCloseTo(1, 2);
  });

  it.each(CASES)('holds in the model: $n radios, $rate, $payload B', async ({ rate, payload, n }) => {
    const theory = bianchi(n, rateNamed(rate)!, payload);
    const played = await model(n, rateNamed(rate)!, payload);
    expect(Math.abs(played.perS / theory.perS - 1)).toBeLessThan(0.025);
    expect(Math.abs(played.p - theory.p)).toBeLessThan(0.02);
  });
});
