/**
 * The timeline with one row per board: what its channel was doing, second by second. For up to a hundred
 * boards; more do not fit a page.
 */
import { formatShare } from 'host/format';
import type { BoardResult, Outage } from '../../measure/result.ts';
import { html, type Markup, trusted } from '../html.ts';
import { fillOf, SHOWN, type ShownState } from './states.ts';
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
  const rows = boards.map((board, index) => row(board, rowTop(index)));
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="State of each board's channel over time">
${outageBands(outages, durationMs, TOP, bottom)}${bars(boards, durationMs)}${rows}${drawTimeAxis(durationMs, TOP, bottom)}</svg>`;
}

/** A name, and a shape without colour on which the figures of the board appear. */
function row(board: BoardResult, y: number): Markup {
  const label = board.id.length > MAX_LABEL ? `${board.id.slice(0, MAX_LABEL - 1)}…` : board.id;
  return html`<g><title>${board.id}: ${formatShare(board.availability)} available, ${board.disconnects} disconnects</title>
<text class="row" x="${LABEL_WIDTH - 6}" y="${y + 8.5}" text-anchor="end">${label}</text><path fill="none" pointer-events="all" d="M${LABEL_WIDTH} ${y}H${WIDTH}v${BAR_HEIGHT}H${LABEL_WIDTH}z"/></g>`;
}

/** One path per state for the whole fleet: each shape that is filled with a pattern costs a print 30 kB. */
function bars(boards: readonly BoardResult[], durationMs: number): Markup {
  const paths = new Map<ShownState, string[]>();
  boards.forEach(({ timeline }, index) => {
    const y = rowTop(index);
    let drawnTo = -1;
    for (const { fromMs, toMs, state } of timeline) {
      const from = Math.max(snap(timeToX(fromMs, durationMs)), drawnTo);
      const to = snap(timeToX(toMs, durationMs));
      if (to <= from) continue;
      const shown = SHOWN[state];
      const drawn = paths.get(shown) ?? [];
      paths.set(shown, drawn);
      drawn.push(`M${from} ${y}h${to - from}v${BAR_HEIGHT}h${from - to}z`);
      drawnTo = to;
    }
  });
  return trusted([...paths].map(([state, drawn]) => `<path ${fillOf(state).text} d="${drawn.join('')}"/>`).join(''));
}

function rowTop(index: number): number {
  return TOP + index * ROW_HEIGHT;
}

function snap(x: number): number {
  return Math.round(x * GRID_PER_PIXEL) / GRID_PER_PIXEL;
}
