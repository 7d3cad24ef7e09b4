/** How soon a dead link is found, and at what price in false disconnects. */
import { formatMs } from 'host/format';
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';
import { meanDetectionMs } from './theory.ts';

/** 20 boards for 6 minutes. */
const BOARD_HOURS = 2;
const ROWS = [
  ['2s', '2s'],
  ['5s', '5s'],
  ['10s', '10s'],
  ['20s', '10s'],
  ['20s', '20s'],
  ['60s', '20s'],
] as const;

export const pingIntervalTimeout: Findings = {
  figures: ['mean-detect_ms', 'false_disconnects', 'trade-off'],
  text(table) {
    const detection = new Cells(table, 'mean(detect_ms)');
    const longest = new Cells(table, 'max(detect_ms)');
    const falseOnes = new Cells(table, 'false_disconnects');
    const bytes = new Cells(table, 'keepalive_bytes');
    const findings = bullets([
      `A dead link is found after ${detection.say('5s', '5s')} with 5 s / 5 s (interval / timeout) and after ${detection.say('20s', '20s')} with 20 s / 20 s.`,
      `On this link, which loses a tenth of its packets in bursts of four, 20 s / 20 s gives up ${falseOnes.sayTimes(1 / BOARD_HOURS, '20s', '20s')} working connections per board and hour, 5 s / 5 s ${falseOnes.sayTimes(1 / BOARD_HOURS, '5s', '5s')}, 2 s / 2 s ${falseOnes.sayTimes(1 / BOARD_HOURS, '2s', '2s')}.`,
      `Of two ways to find a dead link equally soon, the shorter interval with the longer timeout gives up less: 10 s / 10 s takes ${detection.say('10s', '10s')} and has ${falseOnes.say('10s', '10s')} false disconnects in a run, 20 s / 5 s takes ${detection.say('20s', '5s')} and has ${falseOnes.say('20s', '5s')}.`,
      `The price is bytes, in inverse proportion to the interval: ${bytes.say('20s', '5s')} in a run at 20 s / 5 s, ${bytes.say('10s', '10s')} at 10 s / 10 s, ${bytes.say('2s', '2s')} at 2 s / 2 s.`,
    ]);
    const rows = ROWS.map(([interval, timeout]) => {
      const [intervalMs, timeoutMs] = [interval, timeout].map((text) => Number.parseFloat(text) * 1_000);
      const theory = `${formatMs(meanDetectionMs(intervalMs, timeoutMs))}, ${formatMs(timeoutMs)} to ${formatMs(timeoutMs + intervalMs)}`;
      return [`${interval} / ${timeout}`, detection.say(interval, timeout), longest.say(interval, timeout), theory];
    });
    return `${findings}

${markdownTable(['interval / timeout', 'mean, measured', 'longest of a run’s ten, measured', 'mean and range, theory'], rows)}

Theory: the link dies at a random moment between two pings, so detection is uniform between the timeout and interval + timeout. The measured means are lower by
up to a few seconds, because on a link like this one a ping is often unanswered already, waiting to be sent again, when the link dies: its deadline comes first.
The longest of ten is a little below the bound, as the longest of ten draws is (ten elevenths of the interval, on average). No detection was later than the bound.`;
  },
};
