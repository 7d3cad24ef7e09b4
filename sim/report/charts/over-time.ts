/**
 * Two charts over the same time: the share of boards whose channel carried data, and the sessions that the
 * relay opened per second. Outages are shaded.
 */
import type { RunResult } from '../../measure/result.ts';
import { html, type Markup, roundPixels } from '../html.ts';
import { countStep, shortCount } from './count-axis.ts';
import { drawTimeAxis, LABEL_WIDTH, outageBands, timeToX, WIDTH } from './time-axis.ts';

const TOP = 26;
const AXIS_HEIGHT = 26;
const SHARE_BOTTOM = 166;
const CONNECTS_BOTTOM = 126;
/** A point per 1.5 pixels; of the seconds that share a point the busiest is shown. */
const MAX_POINTS = 600;

export function availabilityChart(result: RunResult): Markup {
  const points = availabilityPoints(result, result.summary.virtual_ms);
  return panel({ name: 'boards with a working channel, %', kind: 'share', points, step: 25, most: 100, bottom: SHARE_BOTTOM, result });
}

export function connectsChart(result: RunResult): Markup {
  const points = connectPoints(result.connectsPerSecond, result.summary.virtual_ms);
  const busiest = Math.max(1, ...points.map(([, count]) => count));
  const step = countStep(busiest);
  const most = step * Math.ceil(busiest / step);
  return panel({ name: 'sessions opened per second', kind: 'connects', points, step, most, bottom: CONNECTS_BOTTOM, result });
}

export type Point = [fromMs: number, value: number];

export interface Panel {
  name: string;
  /** Its class in the style sheet. */
  kind: string;
  /** Each value holds until the next point; the last point is the end of the run. */
  points: Point[];
  /** Of which this is a part, drawn as an area; left out: all of it is. */
  part?: Point[];
  /** Between the lines of the value axis, which goes from 0 to `most`. */
  step: number;
  most: number;
  bottom: number;
  result: Pick<RunResult, 'outages'> & { summary: Pick<RunResult['summary'], 'virtual_ms'> };
}

export function panel({ name, kind, points, part = points, step, most, bottom, result }: Panel): Markup {
  const durationMs = result.summary.virtual_ms;
  const x = (ms: number) => roundPixels(timeToX(ms, durationMs));
  const y = (value: number) => roundPixels(bottom - (value / most) * (bottom - TOP));
  const values = Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step);
  const grid = values.map(
    (value) =>
      html`<path class="grid" d="M${LABEL_WIDTH} ${y(value)}H${x(durationMs)}"/><text x="${LABEL_WIDTH - 6}" y="${y(value) + 3.5}" text-anchor="end">${shortCount(value)}</text>`,
  );
  const path = (all: Point[]) => `M${x(0)} ${y(all[0][1])}${all.map(([ms, value]) => `H${x(ms)}V${y(value)}`).join('')}`;
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}" role="img" aria-label="${name}, over time">
<g class="axis"><text x="0" y="${TOP - 12}">${name}</text>${grid}${drawTimeAxis(durationMs, TOP, bottom)}</g>${outageBands(result.outages, durationMs, TOP, bottom)}
<path class="area ${kind}" d="${path(part)}V${bottom}H${x(0)}z"/><path class="line ${kind}" d="${path(points)}"/></svg>`;
}

/** Each step's share, from its beginning on. */
function availabilityPoints({ availability }: RunResult, endMs: number): Point[] {
  const points = availability.share.map((share, step): Point => [step * availability.stepMs, share * 100]);
  return [...points, [endMs, (availability.share.at(-1) ?? 0) * 100]];
}

/** Only where the number changes: most seconds are like the one before. */
function connectPoints(perSecond: number[], endMs: number): Point[] {
  const seconds = Math.max(1, Math.ceil(perSecond.length / MAX_POINTS));
  const points: Point[] = [];
  let last = -1;
  for (let from = 0; from < perSecond.length; from += seconds) {
    const most = Math.max(...perSecond.slice(from, from + seconds));
    if (most !== last) points.push([from * 1000, most]);
    last = most;
  }
  return [...points, [endMs, Math.max(last, 0)]];
}
