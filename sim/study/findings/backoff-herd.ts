/** What each backoff makes of 500 boards whose relay comes back. */
import { formatMs } from 'host/format';
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';
import { herdPerSecond, meanRestMs } from './theory.ts';

const BOARDS = 500;
const MIN_MS = 1_000;
const CAP_MS = 30_000;
const JITTERED = ['exponential, equal jitter', 'exponential, full jitter', 'exponential, decorrelated'] as const;

export const backoffHerd: Findings = {
  figures: ['connects_per_s_peak', 'mean-recovery_ms', 'trade-off'],
  text(table) {
    const peak = new Cells(table, 'connects_per_s_peak');
    const mean = new Cells(table, 'mean(recovery_ms)');
    const longest = new Cells(table, 'max(recovery_ms)');
    const failures = new Cells(table, 'connect_failures');
    const findings = bullets([
      `Without jitter all ${BOARDS} boards are back within the same second, whatever the backoff: the peak is ${peak.say('none', '30s')} a second with none, ${peak.say('fixed', '30s')} with a fixed wait, ${peak.say('exponential', '30s')} with an exponential one.`,
      `Doubling without jitter is a lottery: after 30 s all are back in ${mean.say('exponential', '30s')}, after 40 s in ${mean.say('exponential', '40s')}, because the next common attempt is that far off.`,
      `Full jitter brings the peak down to ${peak.say('exponential, full jitter', '30s')} a second; on average a board is back after ${mean.say('exponential, full jitter', '30s')}, the last after ${longest.say('exponential, full jitter', '30s')}, nearly the cap.`,
      `Equal jitter spreads less in an outage of this length (${peak.say('exponential, equal jitter', '30s')} a second), and its boards are back after ${mean.say('exponential, equal jitter', '30s')}.`,
      `Decorrelated jitter is no better than full: ${peak.say('exponential, decorrelated', '30s')} a second after 30 s, ${peak.say('exponential, decorrelated', '40s')} after 40 s, where full jitter has ${peak.say('exponential, full jitter', '40s')}; its boards are back after ${mean.say('exponential, decorrelated', '30s')}.`,
      `No backoff at all is the quickest way back (${mean.say('none', '30s')}) and costs ${failures.say('none', '30s')} attempts in vain, ${(failures.mean('none', '30s') / failures.mean('exponential, full jitter', '30s')).toFixed(0)} times those of full jitter.`,
    ]);
    const rows = JITTERED.flatMap((kind) =>
      ['30s', '40s'].map((outage) => {
        const from = kind === 'exponential, equal jitter' ? (MIN_MS + CAP_MS) / 2 : MIN_MS;
        const theory = `${herdPerSecond(BOARDS, from, CAP_MS).toFixed(0)}, ${formatMs(meanRestMs(from, CAP_MS))}`;
        return [`${kind}, ${outage}`, peak.say(kind, outage), mean.say(kind, outage), theory];
      }),
    );
    return `${findings}

${markdownTable(['backoff, outage', 'peak per second, measured', 'mean time back, measured', 'per second at first and mean time back, theory'], rows)}

Theory: waits have reached the cap of ${formatMs(CAP_MS)} and all boards are out of step, so that the outage ends at a random moment of a wait drawn from 1 to 30 s (equal jitter: from 15.5 s):
N boards ÷ the mean wait return per second at first, fewer later, N ÷ the cap on average. The measured peak is the highest of all windows of one second, and lies above such a mean by
about twice its square root (32 becomes 43). Times differ because half a minute is only five or six attempts: not everybody has reached the cap, and equal jitter, whose least wait is half of the
longest, still has its boards in a bunch. Decorrelated jitter draws from three times its
last wait instead, and stands beside the same figures only to be compared. The kit draws full jitter from the least wait on, not from 0.`;
  },
};
