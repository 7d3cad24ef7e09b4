/** How much new firmware a fleet needs before its server gets over a restart. */
import { formatShare } from 'host/format';
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';

const BOARDS = 40;
const SHARES = ['0', '0.25', '0.5', '0.6', '0.7', '0.8', '0.9', '1'] as const;
const SERVERS = ['1 a second', '2 a second', '4 a second'] as const;
const [SMALL, LARGER] = SERVERS;

export const rollout: Findings = {
  figures: ['channel_availability', 'count-recovery_ms', 'connect_failures'],
  text(table) {
    const available = new Cells(table, 'channel_availability');
    const back = new Cells(table, 'count(recovery_ms)');
    const longest = new Cells(table, 'max(recovery_ms)');
    const failures = new Cells(table, 'connect_failures');
    const isTame = (share: string): boolean => (back.at(share, SMALL).low ?? 0) >= BOARDS;
    const tame = SHARES.find((_, index) => SHARES.slice(index).every(isTame)) ?? 'none';
    const findings = bullets([
      `With old firmware alone a server that takes one connection a second never gets over its restart: within the hour ${back.say('0', SMALL)} of ${BOARDS} boards are back, and ${failures.say('0', SMALL)} connects were in vain.`,
      `${tame === 'none' ? 'No share brings all back in every run' : `From a share of ${formatShare(Number(tame))} on all are back in every run`}; the last of them after ${longest.say('0.8', SMALL)} at 80 %, ${longest.say('1', SMALL)} at 100 %.`,
      `Before that it does not get better little by little: at 25 % ${back.say('0.25', SMALL)} are back, at 50 % ${back.say('0.5', SMALL)}. So the first quarter of a rollout shows nothing, and is no argument against it.`,
      `It hangs on the server as much: one that takes two a second has all ${BOARDS} back whatever they run (${back.say('0', LARGER)} with old firmware alone, the last after ${longest.say('0', LARGER)}).`,
      `New firmware is not quicker by itself: where the server is large enough, the last board is back after ${longest.say('0', '4 a second')} with old firmware, which asks every second, and after ${longest.say('1', '4 a second')} with new, which has ${failures.say('1', '4 a second')} connects in vain instead of ${failures.say('0', '4 a second')}.`,
    ]);
    const rows = SHARES.flatMap((share) =>
      SERVERS.map((server) => [
        formatShare(Number(share)),
        server,
        back.say(share, server),
        longest.say(share, server),
        available.say(share, server),
        failures.say(share, server),
      ]),
    );
    return `${findings}

${markdownTable(['new firmware', 'the server takes', 'boards back within the hour', 'the last of them after', 'had a channel', 'connects in vain'], rows)}`;
  },
};
