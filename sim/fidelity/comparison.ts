/**
 * A figure of the model beside the kernel's, and the verdict: how far the model may be off is a share of the
 * kernel's figure, or the kernel's own 95 % interval where that is wider.
 */
import type { Interval } from './statistics.ts';

export interface Comparison {
  /** What is compared: conditions, and the figure. */
  condition: string;
  figure: string;
  model: number | null;
  kernel: number;
  /** The model may lie from here to there; null when the figure is shown but not judged. */
  allowed: Interval | null;
  /** The bound is told as figures rather than as a ratio. */
  absolute?: true;
  /** Outside the bound of its own; only the wider interval for several rows together lets it pass. */
  onlyTogether: boolean;
  /** Why the bound is what it is, or why there is none; may be empty. */
  note: string;
}

/** A measurement of which no spread is known. */
const NO_SPREAD: Interval = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** @param own the measurement's own 95 % interval, if it is known: the bound where it is wider */
export function judged(
  names: readonly [condition: string, figure: string],
  model: number | null,
  kernel: number,
  tolerance: number,
  own: Interval = NO_SPREAD,
): Comparison {
  const low = Math.min(kernel * (1 - tolerance), own[0]);
  const high = Math.max(kernel * (1 + tolerance), own[1]);
  const note = low === own[0] || high === own[1] ? 'bound: the measurement’s own 95 %' : '';
  return { condition: names[0], figure: names[1], model, kernel, allowed: [low, high], onlyTogether: false, note };
}

/** Allows what lies in an interval of its own. */
export function judgedWithin(
  names: readonly [condition: string, figure: string],
  model: number | null,
  measured: number,
  allowed: Interval,
): Comparison {
  return { condition: names[0], figure: names[1], model, kernel: measured, allowed, absolute: true, onlyTogether: false, note: '' };
}

/**
 * A figure that misses its own bound may still pass by an interval that holds for several rows together, and
 * then says so.
 */
export function judgedTogether(alone: Comparison, together: Interval): Comparison {
  if (alone.allowed === null || !isOutside(alone)) return alone;
  const allowed: Interval = [Math.min(alone.allowed[0], together[0]), Math.max(alone.allowed[1], together[1])];
  const widened = { ...alone, allowed };
  return isOutside(widened)
    ? widened
    : { ...widened, onlyTogether: true, note: 'MISSES its own bound, passes by that of the rows together' };
}

export function shown(names: readonly [condition: string, figure: string], model: number | null, kernel: number, note: string): Comparison {
  return { condition: names[0], figure: names[1], model, kernel, allowed: null, onlyTogether: false, note };
}

export function isOutside({ model, allowed }: Comparison): boolean {
  return allowed !== null && (model === null || model < allowed[0] || model > allowed[1]);
}
