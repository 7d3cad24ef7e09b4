/** How many boards one access point bears. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';

const BOARDS = ['10', '25', '50', '75', '100', '150'];
const USUAL = 'broadcast every 3.25 s';
const TRAFFIC = [
  USUAL,
  'the same at 6.5 Mbit/s',
  'the same at 1 Mbit/s',
  'broadcast every 1 s',
  'broadcast every 10 s',
  'echo every 0.1 s',
];
/** Longer than this a ping waits only where queues grow, ms. */
const LATE_MS = 200;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const boardsPerAp: Findings = {
  figures: ['p99-ping_rtt_ms', 'disconnects-ping_timeout', 'air_full_s'],
  text(table) {
    const rtt = new Cells(table, 'p99(ping_rtt_ms)');
    const latency = new Cells(table, 'mean(broadcast_latency_ms)');
    const timeouts = new Cells(table, 'disconnects.ping_timeout');
    const busy = new Cells(table, 'air_busy');
    const full = new Cells(table, 'air_full_s');
    // Where every ping times out there is no round trip at all.
    const isLate = (traffic: string) => (boards: string) => (rtt.at(boards, traffic).mean ?? Number.POSITIVE_INFINITY) >= LATE_MS;
    const bears = (traffic: string) => BOARDS.slice(0, firstOr(BOARDS.findIndex(isLate(traffic)))).at(-1);
    const collapses = (traffic: string) => BOARDS.find(isLate(traffic));
    const edge = collapses(USUAL) ?? '150';
    const findings = bullets([
      `With the SOS app’s message every 3.25 s, copied to all others, ${bears(USUAL)} boards on one access point have their copies after ${latency.say(bears(USUAL) ?? '10', USUAL)} on average. With ${edge} boards it is ${latency.say(edge, USUAL)}, with 150 ${latency.say('150', USUAL)}.`,
      `When it collapses the air looks far from full: with ${edge} boards something is on it for ${percent(busy.mean(edge, USUAL))} of the time. The access point is one contender among all its boards, and all the copies are its to send: it had something waiting without a break in ${full.say(edge, USUAL)} of the 40 s.`,
      `What a copy costs is the wait for its turn and the acknowledgement, not its bytes. At a tenth of the rate (6.5 Mbit/s) ${bears('the same at 6.5 Mbit/s') ?? 'fewer than 10'} boards are borne, at 1 Mbit/s ${bears('the same at 1 Mbit/s') ?? 'fewer than 10'}.`,
      `A ping timeout of 2 s sees nothing before and everything after: with 150 boards ${timeouts.say('150', USUAL)} connections that worked are given up in 40 s, with ${bears(USUAL)} boards ${timeouts.say(bears(USUAL) ?? '10', USUAL)}. The links lose nothing.`,
      `A relay that echoes sends no copies, so the number of frames grows with the boards and not with their square: ten messages a second from each of ${bears('echo every 0.1 s')} boards leave the slowest hundredth of pings at ${rtt.say(bears('echo every 0.1 s') ?? '10', 'echo every 0.1 s')}.`,
    ]);
    const rows = TRAFFIC.map((traffic) => {
      const last = bears(traffic);
      const first = collapses(traffic);
      return [
        traffic,
        last ?? 'fewer than 10',
        first ?? 'more than 150',
        first === undefined ? '–' : rtt.say(first, traffic),
        first === undefined ? '–' : timeouts.say(first, traffic),
      ];
    });
    return `${findings}

${markdownTable(['traffic', 'boards that are borne', 'boards that are not', 'there the slowest hundredth of pings takes', 'and a ping timeout of 2 s gives up'], rows)}

Borne are those whose slowest hundredth of pings takes less than ${LATE_MS} ms. Theory: ns-3.37 has the same cell collapse between 80 and 105 boards when each copy is acknowledged by itself; lwIP acknowledges every
second one and bears a few more. The access point’s queue is as deep as Linux has it, so packets are late rather than lost; with \`air.ap_queue=500\` they are lost.`;
  },
};

/** All of a list, when there is no first. */
function firstOr(index: number): number | undefined {
  return index < 0 ? undefined : index;
}
