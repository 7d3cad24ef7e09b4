/** Resets and sleep: power.ts, and what of system.ts belongs to them. */
import type { Hal, ResetReason } from '../index.ts';
import { check, eventually, QUIET_MS, quiet, refusal, same } from './expect.ts';
import type { ConformanceCase, Rig } from './rig.ts';

const REASONS: readonly ResetReason[] = ['power_on', 'restart', 'watchdog', 'brownout', 'deep_sleep', 'unknown'];
const WATCHDOG_MS = 1000;
const SLEEP_MS = 600;
/** Of one clock against another, ms: a backend may measure by two. */
const CLOCK_ERROR_MS = 2;

export const POWER_CASES: readonly ConformanceCase[] = [
  {
    name: 'the reset reason has a word, which stays the same',
    async run(rig) {
      const reason = rig.hal.system.resetReason();
      check(REASONS.indexOf(reason) >= 0, `reset reason ${reason}`);
      await rig.advance(5);
      same(rig.hal.system.resetReason(), reason, 'the second answer');
    },
  },
  {
    name: 'there are bytes of memory left',
    async run({ hal }) {
      const bytes = hal.system.freeMemory();
      check(bytes > 0 && bytes < 2 ** 50 && bytes === Math.round(bytes), `free memory ${bytes}, not a number of bytes`);
    },
  },
  {
    name: 'a time to sleep or to watch that is out of range is refused',
    async run({ hal }) {
      const { power, system } = hal;
      const calls: Record<string, () => void> = {
        'a deep sleep of 0 ms': () => power.deepSleep(0),
        'a deep sleep below 0': () => power.deepSleep(-1),
        'a deep sleep of no number': () => power.deepSleep(Number.NaN),
        'a deep sleep of 36 minutes': () => power.deepSleep(36 * 60_000),
        'a light sleep of 0 ms': () => power.lightSleep(0, () => {}),
        'a light sleep of 36 minutes': () => power.lightSleep(36 * 60_000, () => {}),
        'a watchdog of 999 ms': () => system.watchdog(999),
        'a watchdog of 61 minutes': () => system.watchdog(61 * 60_000),
      };
      for (const [what, call] of Object.entries(calls)) check(refusal(call).indexOf(': expected ') > 0, `${what} was not refused`);
    },
  },
  {
    name: 'a watchdog that nobody has set needs no food',
    async run(rig) {
      const { clock, system } = rig.hal;
      const reason = system.resetReason();
      let ran = false;
      clock.setTimeout(() => {
        ran = true;
      }, 100);
      system.feed();
      await quiet(rig);
      same(ran, true, 'a timer afterwards');
      same(system.resetReason(), reason, 'reset reason');
    },
  },
  {
    name: 'a restart ends its handler and all timers, and the next boot knows why',
    needs: 'boots',
    run: (rig) => resets(rig, 'restart', ({ system }) => system.restart('a test')),
  },
  {
    name: 'a deep sleep ends its handler and all timers, and a boot follows, not before its time',
    needs: 'boots',
    async run(rig) {
      const fromMs = rig.hal.wallClock.now();
      await resets(rig, 'deep_sleep', ({ power }) => power.deepSleep(SLEEP_MS));
      const tookMs = rig.hal.wallClock.now() - fromMs - QUIET_MS;
      check(tookMs >= SLEEP_MS - CLOCK_ERROR_MS, `awake after ${tookMs} ms of ${SLEEP_MS}`);
    },
  },
  {
    name: 'a pin wakes a board from a deep sleep, and another level does not',
    needs: 'boots',
    async run(rig) {
      const [, pin] = rig.pins;
      const boots = rig.boots ?? 0;
      rig.drivePin?.(pin, 1);
      inHandler(rig, ({ power }) => power.deepSleep(0, pin));
      await quiet(rig);
      same(rig.boots, boots, 'boots while the pin is high');
      rig.drivePin?.(pin, 0);
      await eventually(rig, () => rig.boots === boots + 1, 'the pin wakes the board');
      same(rig.hal.system.resetReason(), 'deep_sleep', 'reset reason');
    },
  },
  {
    name: 'a watchdog resets a board that does not feed it, and only that',
    needs: 'boots',
    async run(rig) {
      const boots = rig.boots ?? 0;
      rig.hal.system.watchdog(WATCHDOG_MS);
      for (let fed = 0; fed < 4; fed++) {
        await rig.advance(WATCHDOG_MS * 0.6);
        rig.hal.system.feed();
      }
      same(rig.boots, boots, 'boots while it is fed');
      await rig.advance(WATCHDOG_MS * 0.9);
      same(rig.boots, boots, 'boots before its time');
      await eventually(rig, () => rig.boots === boots + 1, 'the watchdog resets the board');
      same(rig.hal.system.resetReason(), 'watchdog', 'reset reason');
    },
  },
  {
    name: 'a light sleep calls back once, not before its time, and holds up other timers',
    needs: 'sleepsLightly',
    async run(rig) {
      const { clock, power } = rig.hal;
      const told: string[] = [];
      const fromMs = clock.now();
      let awakeMs = 0;
      clock.setTimeout(() => told.push(clock.now() - fromMs >= SLEEP_MS ? 'late' : 'early'), SLEEP_MS / 2);
      power.lightSleep(SLEEP_MS, () => {
        awakeMs = clock.now() - fromMs;
        told.push('awake');
      });
      same(told.join(), '', 'calls from within lightSleep');
      await eventually(rig, () => told.length === 2, 'the board wakes up');
      await quiet(rig);
      same(told.slice().sort().join(), 'awake,late', 'what was called');
      check(awakeMs >= SLEEP_MS, `awake after ${awakeMs} ms of ${SLEEP_MS}`);
    },
  },
];

/** From within a timer: calls that never return end a handler, not a case. */
function inHandler(rig: Rig, act: (hal: Hal) => void): void {
  const { hal } = rig;
  hal.clock.setTimeout(() => act(hal), 1);
}

async function resets(rig: Rig, reason: ResetReason, act: (hal: Hal) => void): Promise<void> {
  const boots = rig.boots ?? 0;
  const ran: string[] = [];
  rig.hal.clock.setTimeout(() => ran.push('a timer'), 3);
  inHandler(rig, (hal) => {
    act(hal);
    ran.push('the rest of the handler');
  });
  await eventually(rig, () => rig.boots === boots + 1, 'the board boots');
  await quiet(rig);
  same(ran.join(), '', 'what ran after it');
  same(rig.boots, boots + 1, 'boots');
  same(rig.hal.system.resetReason(), reason, 'reset reason');
}
