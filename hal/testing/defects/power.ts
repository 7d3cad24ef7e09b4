/** Ways to break resets and sleep: see index.ts. */
import type { ResetReason } from '../../index.ts';
import { capability, type Defects } from '../damage.ts';

export const powerDefects: Defects = {
  'the reset reason has a word, which stays the same': {
    'a number of the chip': capability('system', () => ({ resetReason: () => '0x10' as ResetReason })),
    'told once': capability('system', ({ resetReason }) => {
      let told = false;
      return {
        resetReason: () => {
          const reason = told ? 'unknown' : resetReason();
          told = true;
          return reason;
        },
      };
    }),
  },
  'there are bytes of memory left': {
    kilobytes: capability('system', ({ freeMemory }) => ({ freeMemory: () => freeMemory() / 1024 })),
    'not counted': capability('system', () => ({ freeMemory: () => 0 })),
  },
  'a time to sleep or to watch that is out of range is refused': {
    'a sleep is cut': capability('power', ({ deepSleep }) => ({ deepSleep: (ms, ...pin) => deepSleep(Math.min(ms, 2_147_483), ...pin) })),
    'a light sleep of 0 ms is none': capability('power', ({ lightSleep }) => ({
      lightSleep: (ms, done) => (ms === 0 ? done() : lightSleep(ms, done)),
    })),
    'any watchdog is taken': capability('system', ({ watchdog }) => ({
      watchdog: (ms) => watchdog(Math.max(1000, Math.min(ms, 3_600_000))),
    })),
  },
  'a watchdog that nobody has set needs no food': {
    'food sets one': capability('system', ({ restart }, { clock }) => ({ feed: () => void clock.setTimeout(() => restart(''), 50) })),
  },
  'a restart ends its handler and all timers, and the next boot knows why': {
    'the handler goes on': capability('system', ({ restart }, { clock }) => ({
      restart: (why) => void clock.setTimeout(() => restart(why), 0),
    })),
    'a power-on': capability('system', () => ({ resetReason: () => 'power_on' })),
  },
  'a deep sleep ends its handler and all timers, and a boot follows, not before its time': {
    'it wakes early': capability('power', ({ deepSleep }) => ({ deepSleep: (ms, ...pin) => deepSleep(ms / 2, ...pin) })),
    'the handler goes on': capability('power', ({ deepSleep }, { clock }) => ({
      deepSleep: (...sleep) => void clock.setTimeout(() => deepSleep(...sleep), 0),
    })),
    'a restart': capability('power', (_power, { system }) => ({ deepSleep: () => system.restart('') })),
  },
  'a pin wakes a board from a deep sleep, and another level does not': {
    'any level does': capability('power', ({ deepSleep }) => ({ deepSleep: (ms, pin) => deepSleep(ms, pin, 1) })),
    'no pin does': capability('power', ({ deepSleep }) => ({ deepSleep: (ms) => deepSleep(Math.max(ms, 1_000_000)) })),
  },
  'a watchdog resets a board that does not feed it, and only that': {
    'food is not taken': capability('system', () => ({ feed: () => {} })),
    'it never bites': capability('system', () => ({ watchdog: () => {} })),
    'it is a restart': capability('system', ({ restart }, { clock }) => {
      let timer = 0;
      const watch = () => {
        clock.clearTimeout(timer);
        timer = clock.setTimeout(() => restart(''), 1000);
      };
      return { watchdog: watch, feed: watch };
    }),
  },
  'a light sleep calls back once, not before its time, and holds up other timers': {
    'it only waits': capability('power', (_power, { clock }) => ({ lightSleep: (ms, done) => void clock.setTimeout(done, ms) })),
    'it wakes early': capability('power', ({ lightSleep }) => ({ lightSleep: (ms, done) => lightSleep(ms / 2, done) })),
    'it wakes twice': capability('power', ({ lightSleep }) => ({
      lightSleep: (ms, done) =>
        lightSleep(ms, () => {
          done();
          done();
        }),
    })),
  },
};
