/**
 * When a Linux timer fires: timeouts count in jiffies, and the timer wheel (kernel/time/timer.c) rounds
 * longer ones up to coarser grains, an eighth of the delay at most.
 */
import { US_PER_MS } from '../../kernel/units.ts';

/** Delays in jiffies below which the wheel's level has a grain of 1, 8, 64, 512 jiffies. */
const LEVELS = [63, 504, 4032, 32_256];
const BITS_PER_LEVEL = 3;

/**
 * @param delayMs at least 0
 * @param offsetUs where the host's jiffies lie against virtual time, 0 up to one jiffy
 * @returns the time of the timer, µs
 */
export function wheelDeadlineUs(nowUs: number, delayMs: number, jiffyMs: number, offsetUs: number): number {
  const jiffyUs = jiffyMs * US_PER_MS;
  const delay = Math.max(1, Math.ceil(delayMs / jiffyMs - 1e-9));
  const expires = Math.floor((nowUs + offsetUs) / jiffyUs) + delay;
  let level = 0;
  while (level < LEVELS.length && delay >= LEVELS[level]) level++;
  const grain = 2 ** (BITS_PER_LEVEL * level);
  const due = (Math.floor(expires / grain) + 1) * grain * jiffyUs - offsetUs;
  return Math.max(due, nowUs);
}
