/** Refused or taken over: how long boards are away whose old session still stands. */
import { formatMs } from 'host/format';
import { Cells } from './cells.ts';
import type { Findings } from './findings.ts';
import { bullets, markdownTable } from './markdown.ts';
import { meanGhostMs } from './theory.ts';

const INTERVAL_MS = 20_000;
const OUTAGE_MS = 15_000;

export const duplicatePolicy: Findings = {
  figures: ['mean-recovery_ms'],
  text(table) {
    const mean = new Cells(table, 'mean(recovery_ms)');
    const longest = new Cells(table, 'max(recovery_ms)');
    const refused = new Cells(table, 'disconnects.refused_duplicate');
    const findings = bullets([
      `Taken over, a board is back ${mean.say('takeover', '20s')} after its link is, whatever the relay’s timeout: the wait for its next attempt, no more.`,
      `Refused while its own ghost is connected, it takes ${mean.say('reject', '5s')} with a ping timeout of 5 s and ${mean.say('reject', '20s')} with 20 s; the slowest of a run’s ten needs ${longest.say('reject', '20s')}.`,
      `At 20 s these ten boards are refused ${refused.say('reject', '20s')} times; none is with takeover.`,
    ]);
    const rows = ['5s', '10s', '20s', '40s'].map((timeout) => {
      const theory = meanGhostMs(INTERVAL_MS, Number.parseFloat(timeout) * 1_000, OUTAGE_MS);
      return [timeout, mean.say('reject', timeout), formatMs(theory + mean.mean('takeover', timeout))];
    });
    return `${findings}

${markdownTable(['relay’s ping timeout', 'mean time back with reject, measured', 'theory: until the relay’s keepalive has found the ghost'], rows)}

Theory and measurement part where the timeout is long, and that is good news: the relay had a ping under way when the link fell silent, or sends one soon. Once the link is back TCP sends it again,
seconds later at most for an outage as short as this one; the board, which has given up that connection, answers with RST, and the ghost is gone without the keepalive’s verdict. A board that has
lost power does the same as soon as it is on its network again. The ghosts that need the whole timeout are those whose board comes back by another way, with another address.`;
  },
};
