/** Ways to break clock and calendar: see index.ts. */
import { capability, type Defects } from '../damage.ts';

export const clockDefects: Defects = {
  'the clock advances and never goes back': {
    'it stands still': capability('clock', () => ({ now: () => 5 })),
    'it steps back': capability('clock', ({ now }) => ({ now: () => now() - (now() % 10 > 5 ? 20 : 0) })),
  },
  'a timer runs once and not before its delay': {
    'it runs early': capability('clock', ({ setTimeout }) => ({ setTimeout: (run, delayMs) => setTimeout(run, delayMs / 2) })),
    'it runs twice': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => {
        setTimeout(run, delayMs + 1);
        return setTimeout(run, delayMs);
      },
    })),
  },
  'a timer never runs within the call that sets it, inside a timer or outside': {
    'a delay of 0 runs at once': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => {
        if (delayMs > 0) return setTimeout(run, delayMs);
        run();
        return 1;
      },
    })),
  },
  'timers that are due at the same time run in the order they were set': {
    'the last one set runs first': capability('clock', ({ setTimeout }) => {
      let set = 0;
      return { setTimeout: (run, delayMs) => setTimeout(run, delayMs + 1 - set++ / 1000) };
    }),
  },
  'a timer that is due earlier runs first, whenever it was set': {
    'delays do not matter': capability('clock', ({ setTimeout }) => ({ setTimeout: (run) => setTimeout(run, 10) })),
  },
  'a cleared timer does not run, even when it was already due': {
    'clearing does nothing': capability('clock', () => ({ clearTimeout: () => {} })),
  },
  'clearing 0 or a timer that has run touches no other timer': {
    'clearing 0 clears all': capability('clock', ({ setTimeout, clearTimeout }) => {
      const ids: number[] = [];
      return {
        setTimeout: (run, delayMs) => ids[ids.push(setTimeout(run, delayMs)) - 1],
        clearTimeout: (timer) => (timer === 0 ? ids.forEach(clearTimeout) : clearTimeout(timer)),
      };
    }),
  },
  'pending timers have ids of their own, at least 1': {
    'ids start at 0': capability('clock', ({ setTimeout }) => ({ setTimeout: (run, delayMs) => setTimeout(run, delayMs) - 1 })),
    'all ids are the same': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => Math.min(1, setTimeout(run, delayMs)),
    })),
  },
  'the longest delay does not run at once': {
    'long delays overflow': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => setTimeout(run, delayMs % 2_147_483_647),
    })),
  },
  'the calendar goes on at the pace of the clock': {
    'it stands still': capability('wallClock', () => ({ now: () => 5 })),
    'it counts seconds': capability('wallClock', ({ now }) => ({ now: () => now() / 1000 })),
  },
  'the calendar reads the dates of HTTP, and knows what is none': {
    'it reads none': capability('wallClock', () => ({ parse: () => 0 })),
    'it reads numbers': capability('wallClock', () => ({ parse: (date) => Date.parse(date) || 0 })),
    'it says that it cannot': capability('wallClock', () => ({ parse: (date) => Date.parse(/\d{4}/.test(date) ? date : '') })),
    'it reads local time': capability('wallClock', ({ parse }) => ({ parse: (date) => parse(date) && parse(date) - 3_600_000 })),
    'it knows no leap day': capability('wallClock', ({ parse }) => ({
      parse: (date) => parse(date) - (date.includes('Mar 2024') ? 86_400_000 : 0),
    })),
  },
  'a time server is asked without a callback from within, and calls back at most once': {
    'from within': capability('wallClock', () => ({ synchronize: (_server, done) => done(null) })),
    'it tells twice': capability('wallClock', ({ synchronize }) => ({
      synchronize: (server, done) => {
        synchronize(server, done);
        synchronize(server, done);
      },
    })),
  },
};
