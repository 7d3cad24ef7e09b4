/** The timeline with one row per board: what its channel was doing, second by second. For up to a hundred boards; more do not fit a page. */
import { formatShare } from 'host/format';
import type { BoardResult, Outage, Segment } from '../measure/result.ts';
import { html, type Markup, trusted } from './html.ts';
import { SHOWN, type ShownState } from './states.ts';
import { drawTimeAxis, LABEL_WIDTH, outageBands, timeToX, WIDTH } from './time-axis.ts';

const ROW_HEIGHT = 12;
const BAR_HEIGHT = 9;
const TOP = 4;
const AXIS_HEIGHT = 26;
/** Segments are drawn on a grid of half pixels: what is shorter cannot be seen, and the file stays small. */
const GRID_PER_PIXEL = 2;
const MAX_LABEL = 11;

export function boardRows(boards: BoardResult[], durationMs: number, outages: Outage[]): Markup {
  const bottom = TOP + boards.length * ROW_HEIGHT;
  const rows = boards.map((board, index) => row(board, TOP + index * ROW_HEIGHT, durationMs));
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="State of each board's channel over time">
${outageBands(outages, durationMs, TOP, bottom)}${rows}${drawTimeAxis(durationMs, TOP, bottom)}</svg>`;
}

function row(board: BoardResult, y: number, durationMs: number): Markup {
  const label = board.id.length > MAX_LABEL ? `${board.id.slice(0, MAX_LABEL - 1)}…` : board.id;
  return html`<g><title>${board.id}: ${formatShare(board.availability)} available, ${board.disconnects} disconnects</title>
<text class="row" x="${LABEL_WIDTH - 6}" y="${y + 8.5}" text-anchor="end">${label}</text>${bars(board.timeline, y, durationMs)}</g>`;
}

/** One path per state, whatever the number of segments. */
function bars(segments: Segment[], y: number, durationMs: number): Markup {
  const paths = new Map<ShownState, string>();
  let drawnTo = -1;
  for (const { fromMs, toMs, state } of segments) {
    const from = Math.max(snap(timeToX(fromMs, durationMs)), drawnTo);
    const to = snap(timeToX(toMs, durationMs));
    if (to <= from) continue;
    const shown = SHOWN[state];
    paths.set(shown, `${paths.get(shown) ?? ''}M${from} ${y}h${to - from}v${BAR_HEIGHT}h${from - to}z`);
    drawnTo = to;
  }
  return trusted([...paths].map(([state, path]) => `<path fill="url(#fill-${state})" d="${path}"/>`).join(''));
}

function snap(x: number): number {
  return Math.round(x * GRID_PER_PIXEL) / GRID_PER_PIXEL;
}
