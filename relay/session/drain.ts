/**
 * How a relay that is replaced parts with its clients: one after the other, evenly over a time, so that those
 * who come back at once come to the next one as evenly.
 */
import type { Clock } from 'hal';
import { SERVICE_RESTART } from 'host/close-codes';
import type { Session } from './session.ts';

/**
 * Closes each session with 1012, the first at once, the last when one share of the time is left. One that
 * ended meanwhile keeps its place.
 * @param overMs 0: all at once
 * @returns when the time is over, or at once when there is nobody
 */
export function drain(clock: Clock, sessions: readonly Session[], overMs: number): Promise<void> {
  const beganAtMs = clock.now();
  let told = 0;
  return new Promise((resolve) => {
    const tell = (): void => {
      const passedMs = clock.now() - beganAtMs;
      while (told < sessions.length && (told * overMs) / sessions.length <= passedMs) {
        sessions[told++].close('shutdown', SERVICE_RESTART, 'the relay restarts');
      }
      const nextAtMs = (told * overMs) / sessions.length;
      if (sessions.length === 0 || nextAtMs <= passedMs) resolve();
      else clock.setTimeout(tell, nextAtMs - passedMs);
    };
    tell();
  });
}
