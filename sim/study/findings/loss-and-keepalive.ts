/** How loss turns short timeouts into false disconnects. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';
import { lateShare } from './theory.ts';

/** 40 boards for 30 minutes. */
const BOARD_HOURS = 20;
const PINGS_PER_HOUR = 360;
/** Twice 50 ms and half of 20 ms of jitter. */
const RTT_MS = 110;
/** lwIP's least RTO, and what it grows to when round trips fall across its ticks. */
const TICKS = [3, 4] as const;
const SLOWEST_TICKS = 7;
const LOSSES = [0.02, 0.05, 0.1];

export const lossAndKeepalive: Findings = {
  figures: ['false_disconnects', 'channel_availability'],
  text(table) {
    const falseOnes = new Cells(table, 'false_disconnects');
    const ended = new Cells(table, 'disconnects.ping_timeout');
    const available = new Cells(table, 'channel_availability');
    const perHour = (...cell: string[]) => falseOnes.sayTimes(1 / BOARD_HOURS, ...cell);
    const findings = bullets([
      `At 2 % loss, packet by packet, a ping timeout of 1 s gives up ${perHour('2 %', '1s')} working connections per board and hour, 2 s ${perHour('2 %', '2s')}, 5 s ${perHour('2 %', '5s')}, 10 s ${perHour('2 %', '10s')}.`,
      `At 10 % it takes 20 s to be nearly as safe as 5 s are at 2 %: ${perHour('10 %', '5s')} with 5 s, ${perHour('10 %', '10s')} with 10 s, ${perHour('10 %', '20s')} with 20 s.`,
      `The same loss in bursts is another thing: with 2 % in bursts of 8, 1 s gives up fewer (${perHour('2 %, bursts of 8', '1s')}), but 20 s still ${perHour('2 %, bursts of 8', '20s')}. Waiting longer hardly helps against bursts.`,
      `What it costs is time without a channel: at 10 % in bursts, with 20 s, boards have one ${available.say('10 %, bursts of 8', '20s')} of the time; at 10 % packet by packet ${available.say('10 %', '20s')}.`,
    ]);
    const rows = LOSSES.flatMap((loss) =>
      ['1s', '2s', '5s', '10s'].map((timeout) => {
        const [least, most] = TICKS.map((ticks) => lateOnes(loss, timeout, ticks));
        return [
          `${loss * 100} %, ${timeout}`,
          ended.sayTimes(1 / BOARD_HOURS, `${loss * 100} %`, timeout),
          least === most ? least : `${least} to ${most}`,
        ];
      }),
    );
    const slow = LOSSES.map((loss) => lateOnes(loss, '10s', SLOWEST_TICKS)).join(', ');
    return `${findings}

${markdownTable(['loss, timeout', 'ended by the relay’s keepalive per board and hour, measured', 'theory'], rows)}

Theory: on a quiet connection a ping is late when so many attempts of it or of its pong are lost in a row that their doubling waits add up to more than the timeout. The relay’s Linux waits 0.4 s at
first, lwIP until the third tick of a clock of 500 ms; the second figure is for four ticks, to which its estimate grows when round trips happen to fall across a tick. At 1 s one lost pong is too
many, at 2 s it takes two or a slow clock, at 5 s three. With 10 s the measured rate is above both: it takes four losses in a row, unless the estimate has grown to seven ticks, for which theory
says ${slow}. Bursts are counted in packets: on a connection that carries six packets a minute eight in a row are minutes, so no timeout is long enough.
On a busy connection the same burst is over in a moment.`;
  },
};

/** Per board and hour, by theory. */
function lateOnes(loss: number, timeout: string, ticks: number): string {
  const share = lateShare(loss, Number.parseFloat(timeout) * 1_000, RTT_MS, ticks);
  return String(Number((PINGS_PER_HOUR * share).toPrecision(2)));
}
