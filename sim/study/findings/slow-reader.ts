/** How slowly a board may read before the relay's keepalive throws it out. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';
import { saturatingDelayMs } from './theory.ts';

/** The other four boards' messages and the acknowledgement of its own, one each per cycle of the app. */
const MESSAGES_PER_SECOND = 5 / 3.25;
const DELAYS = ['0', '5', '50', '100', '150', '200', '250', '300', '400'];

export const slowReader: Findings = {
  figures: ['false_disconnects', 'mean-ping_rtt_ms'],
  text(table) {
    const falseOnes = new Cells(table, 'false_disconnects');
    const rtt = new Cells(table, 'mean(ping_rtt_ms)');
    const latency = new Cells(table, 'mean(broadcast_latency_ms)');
    const findings = bullets([
      `The original’s delay of 5 ms is harmless: a ping is answered after ${rtt.say('1 s / 1 s', '5')} instead of ${rtt.say('1 s / 1 s', '0')}.`,
      `With pings every second and a second to answer, boards that work are thrown out from 150 ms on (${falseOnes.say('1 s / 1 s', '150')} times in 5 minutes with five boards); at 200 ms it is ${falseOnes.say('1 s / 1 s', '200')} times, which is all the time.`,
      `With 20 s / 20 s nothing happens up to 300 ms; at 400 ms the five are thrown out ${falseOnes.say('20 s / 20 s', '400')} times, and by then a broadcast arrives after ${latency.say('20 s / 20 s', '400')}.`,
      'A longer timeout moves the edge only a little: a reader that cannot keep up loses any race.',
    ]);
    const rows = ['1 s / 1 s', '5 s / 5 s', '20 s / 20 s'].map((keepalive) => {
      const first = DELAYS.find((delay) => falseOnes.mean(keepalive, delay) > 0);
      const theory = saturatingDelayMs(MESSAGES_PER_SECOND + 1 / Number.parseFloat(keepalive));
      return [keepalive, first === undefined ? 'none' : `${first} ms`, `${theory.toFixed(0)} ms`];
    });
    return `${findings}

${markdownTable(['interval / timeout', 'least delay with false disconnects, measured', 'delay at which the reader falls behind for ever, theory'], rows)}

Theory: every frame costs two reads (header, payload), so a board that waits d before each read copes with 1 ÷ 2d frames a second; it is sent its four neighbours’ messages, its own acknowledgements
and the pings. Beyond that the queue grows until a ping in it is too old, for any timeout. With 1 s / 1 s the edge comes sooner, because four neighbours’ messages that come together already
make a ping wait a second. A delay between two of those tried cannot be told from the next one up.`;
  },
};
