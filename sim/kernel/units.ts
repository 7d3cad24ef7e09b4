/** The world counts integer microseconds; the HAL, configuration and results count milliseconds. This is the one place where they meet. */

export const US_PER_MS = 1000;

/** Rounded up: a delay in milliseconds is "not before". */
export function usFromMs(ms: number): number {
  return Math.ceil(ms * US_PER_MS - 1e-6);
}

export function msFromUs(us: number): number {
  return us / US_PER_MS;
}
