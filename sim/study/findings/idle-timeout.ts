/** Which ping interval keeps a connection through a NAT that forgets. */
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';

const INTERVALS = ['15s', '30s', '31s', '55s', '60s', '61s', '95s', '100s', '101s'];

export const idleTimeout: Findings = {
  figures: ['channel_availability', 'disconnects'],
  text(table) {
    const lost = new Cells(table, 'disconnects');
    const available = new Cells(table, 'channel_availability');
    const bytes = new Cells(table, 'keepalive_bytes');
    const findings = bullets([
      `The edge is sharp. Behind a NAT that forgets after 60 s, a ping each 60 s loses nothing (${lost.say('60s', '60s')} disconnects in half an hour with 20 boards), a ping each 61 s ${lost.say('60s', '61s')}, which is each board every few minutes, and leaves ${available.say('60s', '61s')} of the time with a channel.`,
      `Behind 30 s (Google’s load balancer) the kit’s 20 s fits, 31 s leaves ${available.say('30s', '31s')}; behind 100 s a ping each 95 s loses nothing (${lost.say('100s', '95s')}).`,
      `Nothing is gained by pinging more often than that: half the interval costs twice the bytes (${bytes.say('60s', '30s')} at 30 s, ${bytes.say('60s', '60s')} at 60 s) for the same availability.`,
    ]);
    const rows = ['30s', '60s', '100s'].map((after) => {
      const kept = INTERVALS.filter((interval) => lost.mean(after, interval) === 0);
      return [after, kept.at(-1) ?? 'none', `${after} + one round trip`];
    });
    return `${findings}

${markdownTable(['forgotten after', 'longest interval tried that lost nothing, measured', 'longest interval, theory'], rows)}

Theory: ping and pong each count as traffic, so the connection is idle for the interval less a round trip. That is all that saves the equal numbers here, where clocks do not drift, a NAT counts
exactly, and it stands on the relay’s side of the lossy air, so that it sees every ping. Take an interval that survives a lost ping and its retransmissions too: 25 s behind 30 s, 50 s behind 60 s. A board that never sends notices the loss only by its own keepalive,
which asks after 2 minutes of silence in this study: that is where the availability goes.`;
  },
};
