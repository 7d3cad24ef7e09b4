/** What channels were lost to, and when: a row per cause, on the time axis that the other charts have. */
import { formatMs, plural } from 'host/format';
import type { Outage } from '../../measure/result.ts';
import { causeWords } from '../causes.ts';
import { html, type Markup, roundPixels } from '../html.ts';
import type { Loss } from '../losses.ts';
import { shortCount } from './count-axis.ts';
import { drawTimeAxis, LABEL_WIDTH, outageBands, timeToX, WIDTH } from './time-axis.ts';

const ROW_HEIGHT = 50;
const BAR_HEIGHT = 30;
const TOP = 4;
const AXIS_HEIGHT = 26;
/** Wide enough to be seen, fine enough to tell two outages apart. */
const COLUMNS = 230;

export function causeRows(losses: readonly Loss[], durationMs: number, outages: Outage[]): Markup {
  const rows = [...countsByCause(losses, durationMs)].sort((a, b) => sum(b[1]) - sum(a[1]));
  const most = Math.max(...rows.map(([, counts]) => Math.max(...counts)));
  const bottom = TOP + rows.length * ROW_HEIGHT;
  const about = `channels lost per ${formatMs(durationMs / COLUMNS)}`;
  const lines = rows.map(([cause, counts], index) => row(cause, counts, most, TOP + (index + 1) * ROW_HEIGHT));
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="${about}, by cause">
${outageBands(outages, durationMs, TOP, bottom)}<g class="axis">${drawTimeAxis(durationMs, TOP, bottom)}</g>${lines}</svg>
<p class="note">Height: ${about}, the same scale in each row.</p>`;
}

function countsByCause(losses: readonly Loss[], durationMs: number): Map<string, number[]> {
  const byCause = new Map<string, number[]>();
  for (const { cause, atMs } of losses) {
    const counts = byCause.get(cause) ?? new Array<number>(COLUMNS).fill(0);
    counts[Math.min(Math.floor((atMs / durationMs) * COLUMNS), COLUMNS - 1)]++;
    byCause.set(cause, counts);
  }
  return byCause;
}

function row(cause: string, counts: readonly number[], most: number, bottom: number): Markup {
  const width = roundPixels(timeToX(1, COLUMNS) - timeToX(0, COLUMNS));
  const bars = counts.map((count, column) => {
    if (count === 0) return '';
    const height = roundPixels(Math.max((count / most) * BAR_HEIGHT, 1));
    return `M${roundPixels(timeToX(column, COLUMNS))} ${bottom}v-${height}h${width}v${height}z`;
  });
  const highest = Math.max(...counts);
  const highestY = roundPixels(bottom - (highest / most) * BAR_HEIGHT + 4);
  return html`<g class="axis"><path class="baseline" d="M${LABEL_WIDTH} ${bottom}H${WIDTH}"/><text class="paper" x="${LABEL_WIDTH}" y="${bottom - BAR_HEIGHT - 6}">${causeWords(cause)}: ${plural(sum(counts), 'channel')}</text><text x="${LABEL_WIDTH - 6}" y="${highestY}" text-anchor="end">${shortCount(highest)}</text></g><path class="losses" d="${bars.join('')}"/>`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
