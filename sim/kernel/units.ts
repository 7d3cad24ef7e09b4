/**
 * The world counts integer microseconds; the HAL, configuration and results count milliseconds. This is the
 * one place where they meet.
 */
import * as units from 'host/units';

/** A constant of this module's own: what is read most often costs no way through another's exports. */
export const { US_PER_MS } = units;

/**
 * What a double can be off by after a month, µs: less than this above a whole microsecond is rounding, not a
 * delay.
 */
const ROUNDING_US = 1e-3;

/** Rounded up: a delay in milliseconds is "not before". At least 0. */
export function usFromMs(ms: number): number {
  return Math.max(0, Math.ceil(ms * US_PER_MS - ROUNDING_US)); // max also turns -0, which is slow as an integer, into 0
}

export function msFromUs(us: number): number {
  return us / US_PER_MS;
}
