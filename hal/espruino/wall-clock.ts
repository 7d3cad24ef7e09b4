/**
 * The calendar: Espruino's own clock, which begins at 1970, and the time client of its `Wifi` module, which
 * tells nobody how it fared.
 */
import type { WallClock } from '../index.ts';

/**
 * When to look whether the time client has set the clock, ms: an answer comes within a second or two, or it
 * was lost and asked for again.
 */
const SNTP_LOOK_MS = 5000;
/** A clock before this has not been set, ms since 1970: 2020. */
const SET_MIN_MS = 1577836800000;

export function createWallClock(): WallClock {
  return {
    now: () => Date.now(),
    set: (epochMs) => setTime(epochMs / 1000),
    parse: (date) => Date.parse(date),
    synchronize: (server, done) => {
      try {
        require('Wifi').setSNTP(server, '0');
        setTimeout(() => done(Date.now() < SET_MIN_MS ? 'no answer' : null), SNTP_LOOK_MS);
      } catch {
        setTimeout(() => done('no time client'), 0);
      }
    },
  };
}
