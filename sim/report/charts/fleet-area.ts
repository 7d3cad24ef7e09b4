/** The timeline of a large fleet: which share of the boards was in which state, stacked over time. */
import type { BoardResult, Outage } from '../../measure/result.ts';
import { html, type Markup, roundPixels } from '../html.ts';
import { fillOf, LEGEND, SHOWN, type ShownState } from './states.ts';
import { drawTimeAxis, LABEL_WIDTH, outageBands, timeToX, WIDTH } from './time-axis.ts';

const HEIGHT = 220;
const TOP = 26;
const AXIS_HEIGHT = 26;
const COLUMNS = 300;
/** From the bottom up: what is good is the ground, what is not piles up on it. */
const STACK: ShownState[] = ['open', 'wifi', 'connecting', 'waiting', 'dead', 'off'];

export function fleetArea(boards: BoardResult[], durationMs: number, outages: Outage[]): Markup {
  const bottom = TOP + HEIGHT;
  const layers = stack(sharesByColumn(boards, durationMs));
  const areas = STACK.map((state, index) => html`<path ${fillOf(state)} d="${area(layers[index], layers[index + 1])}"/>`);
  const shares = [0, 0.5, 1].map(
    (share) => html`<text class="row" x="${LABEL_WIDTH - 6}" y="${bottom - share * HEIGHT + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="Share of boards in each state over time: ${LEGEND.map(([state]) => state).join(', ')}">
<text class="row" x="0" y="${TOP - 12}">share of boards in each state</text>${areas}${outageBands(outages, durationMs, TOP, bottom)}${shares}${drawTimeAxis(durationMs, TOP, bottom)}</svg>`;
}

/** For each state of STACK, the share of all board-time in each column. */
function sharesByColumn(boards: BoardResult[], durationMs: number): Float64Array[] {
  const shares = STACK.map(() => new Float64Array(COLUMNS));
  const columnMs = durationMs / COLUMNS;
  for (const { timeline } of boards) {
    for (const { fromMs, toMs, state } of timeline) {
      const layer = shares[STACK.indexOf(SHOWN[state])];
      const last = Math.min(Math.ceil(toMs / columnMs), COLUMNS);
      for (let column = Math.floor(fromMs / columnMs); column < last; column++) {
        const overlapMs = Math.min(toMs, (column + 1) * columnMs) - Math.max(fromMs, column * columnMs);
        layer[column] += overlapMs / columnMs / boards.length;
      }
    }
  }
  return shares;
}

/** The lower edges of the layers, and the upper edge of the last. */
function stack(shares: Float64Array[]): Float64Array[] {
  const edges = [new Float64Array(COLUMNS)];
  for (const share of shares) edges.push(edges[edges.length - 1].map((edge, column) => edge + share[column]));
  return edges;
}

function area(lower: Float64Array, upper: Float64Array): string {
  const points: string[] = [];
  const edge = (shares: Float64Array, column: number) => {
    const x = timeToX(column + 0.5, COLUMNS);
    points.push(`${roundPixels(x)} ${roundPixels(TOP + HEIGHT * (1 - Math.min(shares[column], 1)))}`);
  };
  for (let column = 0; column < COLUMNS; column++) edge(upper, column);
  for (let column = COLUMNS - 1; column >= 0; column--) edge(lower, column);
  return `M${points.join('L')}z`;
}
