/** Whether a board stays joined between two readings, or sleeps deeply. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';

const PERIODS = ['1m', '5m', '15m', '30m'];
const MINUTES_PER_DAY = 1_440;
/** Once in so many minutes, the longest that was tried. */
const LONGEST = 30;

export const deepSleep: Findings = {
  figures: ['battery_days'],
  text(table) {
    const days = new Cells(table, 'battery_days');
    const mah = new Cells(table, 'energy_mah_per_day');
    const joins = new Cells(table, 'energy_mah_per_day.joins');
    // What is the same however often it wakes falls out of the difference of two periods.
    const wakeMah = (mah.mean('wakes every 5m') - mah.mean(`wakes every ${LONGEST}m`)) / (MINUTES_PER_DAY / 5 - MINUTES_PER_DAY / LONGEST);
    const breakEven = (way: string) => MINUTES_PER_DAY / ((mah.mean(`${way}, every 5m`) - DEEP_MAH) / wakeMah);
    const light = breakEven('light-sleep');
    const findings = bullets([
      `A wake costs ${short(wakeMah)} mAh: boot, join, DHCP, connect. So a board that would stay joined with light-sleep does better by deep-sleep from a reading every ${short(light)} min on, one with modem-sleep alone from one every ${short(breakEven('modem-sleep') * 60)} s on.`,
      `With a reading a minute deep-sleep lasts ${days.say('wakes every 1m')} days on 2,000 mAh, light-sleep ${days.say('light-sleep, every 1m')}, modem-sleep ${days.say('modem-sleep, every 1m')}; with one every half hour it is ${days.say('wakes every 30m')}, ${days.say('light-sleep, every 30m')} and ${days.say('modem-sleep, every 30m')} days.`,
      `Most of a wake is the join: ${joins.say('wakes every 5m')} of ${mah.say('wakes every 5m')} mAh a day at 5 min. With a fixed address a board was measured to need 0.73 s instead of 1.63 s from its wake (glenn20, ESPNowvsWifiEnergyUsage), which is not tried here.`,
      'What deep-sleep does not do is listen: nothing reaches the board between two readings.',
    ]);
    const rows = PERIODS.map((period) => [
      period,
      days.say(`wakes every ${period}`),
      days.say(`light-sleep, every ${period}`),
      days.say(`modem-sleep, every ${period}`),
    ]);
    return `${findings}

${markdownTable(['a reading every', 'deep-sleep, days on 2,000 mAh', 'joined, light-sleep', 'joined, modem-sleep'], rows)}

An ESP32-C3 alone at DTIM 3, the relay pings each minute. Break-even: where the charge of a wake, divided by the time between two, is what staying joined draws. The board’s boot takes 1 s here [assumed]; batteries lose charge by themselves as well, which bounds the longest of these.`;
  },
};

/** Of deep-sleep alone, a day: 4.8 µA. */
const DEEP_MAH = 0.0048 * 24;

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
