/**
 * What a toxic can be: Toxiproxy's own types under their names, units and defaults, and some that need
 * packets. Not here: slicer, which only cuts bytes into smaller writes, and Toxiproxy's seconds of `latency`
 * for each chunk of a stream: here each packet is late, and a lost one is sent again.
 */
import type { RandomStream } from '../kernel/random.ts';
import { DROP, type Rule } from '../net/link/rule.ts';
import { Bandwidth } from '../net/rules/bandwidth.ts';
import { BurstLoss } from '../net/rules/burst-loss.ts';
import { Latency } from '../net/rules/latency.ts';
import { Loss } from '../net/rules/loss.ts';

/** What one toxic does to one stream of one connection. */
export interface Effect {
  /** Judges the packets of the stream. */
  rule?: Rule;
  /** The end of the stream is passed on so much later, ms. */
  closeDelayMs?: number;
  /** After so many bytes of the stream the connection is closed. */
  limitBytes?: number;
  /** The connection ends so long after the toxic began. */
  ends?: { afterMs: number; by: 'reset' | 'close' };
  /** The relay answers nothing. */
  hangs?: boolean;
  /** A new connection waits so long before anything of it reaches the relay, ms. */
  acceptDelayMs?: number;
}

interface Attribute {
  min: number;
  max: number;
  /**
   * Any number in between, as a share or a mean. Left out: whole numbers, as Toxiproxy reads all of its own.
   */
  isFraction?: true;
  /** When it is not given. Without one it has to be. */
  fallback?: number;
}

export type Attributes = Readonly<Record<string, number>>;

interface ToxicType {
  attributes: Readonly<Record<string, Attribute>>;
  effect(attributes: Attributes, random: RandomStream): Effect;
}

/** A day, ms: longer is for ever. */
const MAX_MS = 86_400_000;
/** As in scenarios: longer delays are a dead link for every timer there is. */
const MAX_DELAY_MS = 60_000;
const MAX_BURST_PACKETS = 1_000;
/** Kilobytes a second, up to 10 Gbit/s as in scenarios. */
const MIN_RATE = 1;
const MAX_RATE = 1_250_000;
const BITS_PER_KILOBYTE = 8_000;

const delay: Attribute = { min: 0, max: MAX_DELAY_MS, fallback: 0 };
const timeout: Attribute = { min: 0, max: MAX_MS, fallback: 0 };
const BLACKHOLE: Rule = { judge: () => DROP };

export const TOXIC_TYPES: Readonly<Record<string, ToxicType>> = {
  latency: {
    attributes: { latency: delay, jitter: delay },
    effect: ({ latency, jitter }, random) => ({ rule: new Latency(latency, jitter, random) }),
  },
  bandwidth: {
    attributes: { rate: { min: MIN_RATE, max: MAX_RATE } },
    effect: ({ rate }) => ({ rule: new Bandwidth(rate * BITS_PER_KILOBYTE) }),
  },
  timeout: {
    attributes: { timeout },
    effect: (attributes) => ({
      rule: BLACKHOLE,
      ...(attributes.timeout > 0 && { ends: { afterMs: attributes.timeout, by: 'close' } }),
    }),
  },
  reset_peer: {
    attributes: { timeout },
    effect: (attributes) => ({ ends: { afterMs: attributes.timeout, by: 'reset' } }),
  },
  slow_close: {
    attributes: { delay },
    effect: (attributes) => ({ closeDelayMs: attributes.delay }),
  },
  limit_data: {
    attributes: { bytes: { min: 0, max: Number.MAX_SAFE_INTEGER } },
    effect: ({ bytes }) => ({ limitBytes: bytes }),
  },
  loss: {
    attributes: {
      rate: { min: 0, max: 1, isFraction: true },
      burst: { min: 1, max: MAX_BURST_PACKETS, fallback: 1, isFraction: true },
    },
    effect: ({ rate, burst }, random) => ({
      rule: burst > 1 && rate < 1 ? new BurstLoss(rate, burst, random) : new Loss(rate, random),
    }),
  },
  blackhole: { attributes: {}, effect: () => ({ rule: BLACKHOLE }) },
  hang: { attributes: {}, effect: () => ({ hangs: true }) },
  slow_accept: {
    attributes: { delay },
    effect: (attributes) => ({ acceptDelayMs: attributes.delay }),
  },
};
