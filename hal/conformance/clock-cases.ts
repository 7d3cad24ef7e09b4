/**
 * clock.ts and wall-clock.ts, sentence by sentence. How late a timer may be is the platform's affair and not
 * tested.
 */
import { check, eventually, quiet, same } from './expect.ts';
import type { ConformanceCase } from './rig.ts';

const LONGEST_DELAY_MS = 2_147_483_647;
/** Between two looks at two clocks, ms. */
const CALENDAR_SLACK_MS = 100;

/** RFC 9110 section 5.6.7's example, both ends of a leap day, and a century that has none. */
const HTTP_DATES: readonly [date: string, epochMs: number][] = [
  ['Sun, 06 Nov 1994 08:49:37 GMT', 784111777000],
  ['Thu, 29 Feb 2024 00:00:00 GMT', 1709164800000],
  ['Fri, 01 Mar 2024 00:00:00 GMT', 1709251200000],
  ['Sun, 22 Nov 2026 23:59:59 GMT', 1795391999000],
  ['Mon, 01 Mar 2100 00:00:00 GMT', 4107542400000],
];

export const CLOCK_CASES: readonly ConformanceCase[] = [
  {
    name: 'the clock advances and never goes back',
    async run(rig) {
      const start = rig.hal.clock.now();
      let last = start;
      for (let i = 0; i < 10; i++) {
        await rig.advance(2);
        const now = rig.hal.clock.now();
        check(now >= last, `the clock went back from ${last} to ${now}`);
        last = now;
      }
      check(last - start >= 10, `the clock advanced ${last - start} ms while 20 ms passed`);
    },
  },
  {
    name: 'a timer runs once and not before its delay',
    async run(rig) {
      const { clock } = rig.hal;
      for (const delayMs of [0, 1, 7, 20]) {
        const start = clock.now();
        const ranAfterMs: number[] = [];
        clock.setTimeout(() => ranAfterMs.push(clock.now() - start), delayMs);
        await eventually(rig, () => ranAfterMs.length > 0, `the timer of ${delayMs} ms runs`);
        await rig.advance(50);
        same(ranAfterMs.length, 1, `runs of the timer of ${delayMs} ms`);
        check(ranAfterMs[0] >= delayMs, `the timer of ${delayMs} ms ran after ${ranAfterMs[0]} ms`);
      }
    },
  },
  {
    name: 'a timer never runs within the call that sets it, inside a timer or outside',
    async run(rig) {
      const { clock } = rig.hal;
      const log: string[] = [];
      clock.setTimeout(() => {
        clock.setTimeout(() => log.push('inner'), 0);
        log.push('outer');
      }, 0);
      log.push('set');
      await eventually(rig, () => log.length === 3, 'both timers run');
      same(log.join(' '), 'set outer inner', 'order');
    },
  },
  {
    name: 'timers that are due at the same time run in the order they were set',
    async run(rig) {
      const ran: number[] = [];
      for (let i = 0; i < 20; i++) rig.hal.clock.setTimeout(() => ran.push(i), 10);
      await eventually(rig, () => ran.length === 20, 'all timers run');
      same(ran.join(), Array.from({ length: 20 }, (_, i) => i).join(), 'order');
    },
  },
  {
    name: 'a timer that is due earlier runs first, whenever it was set',
    async run(rig) {
      const ran: number[] = [];
      // Further apart than a busy computer may pause between two of these calls.
      for (const delayMs of [600, 0, 300]) rig.hal.clock.setTimeout(() => ran.push(delayMs), delayMs);
      await eventually(rig, () => ran.length === 3, 'all timers run');
      same(ran.join(), '0,300,600', 'order');
    },
  },
  {
    name: 'a cleared timer does not run, even when it was already due',
    async run(rig) {
      const { clock } = rig.hal;
      const ran: string[] = [];
      clock.clearTimeout(clock.setTimeout(() => ran.push('cleared at once'), 5));
      clock.setTimeout(() => {
        ran.push('first');
        clock.clearTimeout(second);
      }, 10);
      const second = clock.setTimeout(() => ran.push('second'), 10);
      await quiet(rig);
      same(ran.join(), 'first', 'timers that ran');
    },
  },
  {
    name: 'clearing 0 or a timer that has run touches no other timer',
    async run(rig) {
      const { clock } = rig.hal;
      let first = false;
      let second = false;
      const done = clock.setTimeout(() => {
        first = true;
      }, 0);
      await eventually(rig, () => first, 'the first timer runs');
      clock.setTimeout(() => {
        second = true;
      }, 20);
      clock.clearTimeout(done);
      clock.clearTimeout(0);
      await eventually(rig, () => second, 'the second timer runs');
    },
  },
  {
    name: 'pending timers have ids of their own, at least 1',
    async run(rig) {
      const ids = [1, 2, 3].map(() => rig.hal.clock.setTimeout(() => {}, 1000));
      for (const id of ids) check(typeof id === 'number' && id >= 1, `timer id ${String(id)}`);
      same(new Set(ids).size, ids.length, 'different ids');
      for (const id of ids) rig.hal.clock.clearTimeout(id);
    },
  },
  {
    name: 'the longest delay does not run at once',
    async run(rig) {
      let ran = false;
      const timer = rig.hal.clock.setTimeout(() => {
        ran = true;
      }, LONGEST_DELAY_MS);
      await quiet(rig);
      check(!ran, 'a timer of 24.8 days ran');
      rig.hal.clock.clearTimeout(timer);
    },
  },
  {
    name: 'the calendar goes on at the pace of the clock',
    async run(rig) {
      const { clock, wallClock } = rig.hal;
      const startMs = clock.now();
      const startEpochMs = wallClock.now();
      await rig.advance(200);
      const passedMs = clock.now() - startMs;
      const calendarMs = wallClock.now() - startEpochMs;
      check(Math.abs(calendarMs - passedMs) < CALENDAR_SLACK_MS, `${calendarMs} ms of the calendar while ${passedMs} ms passed`);
    },
  },
  {
    name: 'the calendar reads the dates of HTTP, and knows what is none',
    async run({ hal }) {
      for (const [date, epochMs] of HTTP_DATES) same(hal.wallClock.parse(date), epochMs, date);
      for (const text of ['', 'soon', '7']) same(hal.wallClock.parse(text), 0, JSON.stringify(text));
    },
  },
  {
    name: 'a time server is asked without a callback from within, and calls back at most once',
    async run(rig) {
      let calls = 0;
      rig.hal.wallClock.synchronize(rig.host, () => {
        calls++;
      });
      same(calls, 0, 'callbacks from within synchronize');
      await quiet(rig);
      check(calls <= 1, `${calls} callbacks`);
    },
  },
];
