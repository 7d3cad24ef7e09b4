/** What pings and beacons cost a board on a battery. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';

const RADIOS = [
  'always on',
  'modem-sleep, DTIM 3',
  'light-sleep, DTIM 1',
  'light-sleep, DTIM 3',
  'light-sleep, DTIM 10',
  'light-sleep, every 30th beacon',
];
const INTERVALS = ['5s', '20s', '1m', '5m'];

export const energy: Findings = {
  figures: ['battery_days', 'energy_mah_per_day-keepalive'],
  text(table) {
    const days = new Cells(table, 'battery_days');
    const keepalive = new Cells(table, 'energy_mah_per_day.keepalive');
    const detect = new Cells(table, 'mean(detect_ms)');
    const rtt = new Cells(table, 'mean(ping_rtt_ms)');
    const findings = bullets([
      `A radio that never sleeps makes the interval indifferent: the battery lasts ${days.say('always on', '5s')} days with a ping each 5 s, ${days.say('always on', '5m')} with one each 5 min. So it is with modem-sleep alone, where the CPU is what costs: ${days.say('modem-sleep, DTIM 3', '5s')} and ${days.say('modem-sleep, DTIM 3', '5m')} days.`,
      `With light-sleep each ping counts, as the radio stays awake for 50 ms after it: at DTIM 3 pings take ${keepalive.say('light-sleep, DTIM 3', '5s')} mAh a day at 5 s, ${keepalive.say('light-sleep, DTIM 3', '20s')} at 20 s, ${keepalive.say('light-sleep, DTIM 3', '5m')} at 5 min, and the battery lasts ${days.say('light-sleep, DTIM 3', '5s')}, ${days.say('light-sleep, DTIM 3', '20s')} and ${days.say('light-sleep, DTIM 3', '5m')} days.`,
      `The beacons count as well: at 20 s it is ${days.say('light-sleep, DTIM 1', '20s')} days at DTIM 1, ${days.say('light-sleep, DTIM 10', '20s')} at DTIM 10, and ${days.say('light-sleep, every 30th beacon', '20s')} with a listen interval of 30, where a ping takes ${rtt.say('light-sleep, every 30th beacon', '20s')} instead of ${rtt.say('always on', '20s')}.`,
      `A minute is a good bargain: from 20 s to 1 min a board with light-sleep at DTIM 10 gains as far as ${days.say('light-sleep, DTIM 10', '1m')} days, from 1 min to 5 min it gets to ${days.say('light-sleep, DTIM 10', '5m')}, and its death is found after ${detect.say('light-sleep, DTIM 10', '1m')} or ${detect.say('light-sleep, DTIM 10', '5m')}.`,
    ]);
    const rows = RADIOS.map((radio) => [radio, ...INTERVALS.map((interval) => days.say(radio, interval))]);
    return `${findings}

${markdownTable(['days on 2,000 mAh', ...INTERVALS.map((interval) => `ping each ${interval}`)], rows)}

An ESP32-C3 alone, of whose battery 80 % can be used; a regulator and a USB chip come on top, and an app that computes or sends. Means are of one hour with its boot and its join, which a longer life spreads over more time. What it draws while it
only waits for beacons is fitted to ESP-IDF’s own figures (\`npm run fidelity -- --energy\`); the 50 ms after each frame are ESP-IDF’s default (CONFIG_ESP_WIFI_SLP_DEFAULT_MIN_ACTIVE_TIME). Detection is between the timeout and interval + timeout, as without sleep.`;
  },
};
