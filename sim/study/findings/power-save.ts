/** What a radio that sleeps between beacons costs. */
import { formatMs } from 'host/format';
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';
import { meanBeaconWaitMs } from './theory.ts';

/** 5 boards for 5 minutes. */
const BOARD_HOURS = 5 / 12;

export const powerSave: Findings = {
  figures: ['mean-broadcast_latency_ms', 'false_disconnects'],
  text(table) {
    const latency = new Cells(table, 'mean(broadcast_latency_ms)');
    const rtt = new Cells(table, 'p99(ping_rtt_ms)');
    const falseOnes = new Cells(table, 'false_disconnects');
    const perHour = (...cell: string[]) => falseOnes.sayTimes(1 / BOARD_HOURS, ...cell);
    const findings = bullets([
      `A broadcast reaches a board after ${latency.say('always on', '5s')} with the radio always on, after ${latency.say('sleeps to DTIM 1', '5s')} with modem sleep at DTIM 1, ${latency.say('sleeps to DTIM 3', '5s')} at DTIM 3 and ${latency.say('sleeps to DTIM 10', '5s')} at DTIM 10.`,
      `A ping timeout of a second is too short on any radio when 2 % of packets are lost (${perHour('always on', '1s')} false disconnects per board and hour always on). Sleep to DTIM 3 adds little to that (${perHour('sleeps to DTIM 3', '1s')}), sleep to DTIM 10 much (${perHour('sleeps to DTIM 10', '1s')}).`,
      `With 5 s it is ${perHour('always on', '5s')} always on, ${perHour('sleeps to DTIM 3', '5s')} at DTIM 3 and ${perHour('sleeps to DTIM 10', '5s')} at DTIM 10, where the slowest hundredth of pings takes ${rtt.say('sleeps to DTIM 10', '5s')} instead of ${rtt.say('always on', '5s')}.`,
    ]);
    const always = latency.mean('always on', '5s');
    const rows = [1, 3, 10].map((dtim) => {
      const added = latency.mean(`sleeps to DTIM ${dtim}`, '5s') - always;
      return [`DTIM ${dtim}`, formatMs(added), formatMs(meanBeaconWaitMs(dtim))];
    });
    return `${findings}

${markdownTable(['radio', 'delay that sleep adds to a broadcast, measured', 'half a beacon period, theory'], rows)}

Theory: what comes for a sleeping radio waits for the next beacon that announces it. The measured delay is a little shorter: a radio that has just sent or heard something stays awake for 50 ms.`;
  },
};
