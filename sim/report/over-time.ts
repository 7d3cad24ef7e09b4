/** Two charts on one time axis: the share of boards whose channel carried data, and the sessions that the relay opened per second. Outages are shaded. */
import type { RunResult } from '../measure/result.ts';
import { countStep, shortCount } from './count-axis.ts';
import { roundPixels } from './format.ts';
import { html, type Markup } from './html.ts';
import { drawTimeAxis, LABEL_WIDTH, outageBands, timeToX, WIDTH } from './time-axis.ts';

const HEIGHT = 352;
const SHARE_TOP = 26;
const SHARE_BOTTOM = 166;
const CONNECTS_TOP = 222;
const CONNECTS_BOTTOM = 322;
/** A point per 1.5 pixels; of the seconds that share a point the busiest is shown. */
const MAX_POINTS = 600;

export function overTime(result: RunResult): Markup {
  const durationMs = result.summary.virtual_ms;
  const share = availabilityPoints(result, durationMs);
  const connects = connectPoints(result.connectsPerSecond, durationMs);
  const step = countStep(Math.max(1, ...connects.map(([, count]) => count)));
  const most = step * Math.ceil(Math.max(1, ...connects.map(([, count]) => count)) / step);
  const about = 'Share of boards with a working channel, and sessions opened per second, over time';
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${about}">
${panel({ name: 'boards with a working channel, %', kind: 'share', points: share, step: 25, most: 100, top: SHARE_TOP, bottom: SHARE_BOTTOM, result })}
${panel({ name: 'sessions opened per second', kind: 'connects', points: connects, step, most, top: CONNECTS_TOP, bottom: CONNECTS_BOTTOM, result })}</svg>`;
}

type Point = [fromMs: number, value: number];

interface Panel {
  name: string;
  /** Its class in the style sheet. */
  kind: string;
  /** Each value holds until the next point; the last point is the end of the run. */
  points: Point[];
  /** Between the lines of the value axis, which goes from 0 to `most`. */
  step: number;
  most: number;
  top: number;
  bottom: number;
  result: RunResult;
}

function panel({ name, kind, points, step, most, top, bottom, result }: Panel): Markup {
  const durationMs = result.summary.virtual_ms;
  const x = (ms: number) => roundPixels(timeToX(ms, durationMs));
  const y = (value: number) => roundPixels(bottom - (value / most) * (bottom - top));
  const values = Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step);
  const grid = values.map(
    (value) =>
      html`<path class="grid" d="M${LABEL_WIDTH} ${y(value)}H${x(durationMs)}"/><text x="${LABEL_WIDTH - 6}" y="${y(value) + 3.5}" text-anchor="end">${shortCount(value)}</text>`,
  );
  const steps = points.map(([ms, value]) => `H${x(ms)}V${y(value)}`).join('');
  const line = `M${x(0)} ${y(points[0][1])}${steps}`;
  return html`<g class="axis"><text x="0" y="${top - 12}">${name}</text>${grid}${drawTimeAxis(durationMs, top, bottom)}</g>${outageBands(result.outages, durationMs, top, bottom)}
<path class="area ${kind}" d="${line}V${bottom}H${x(0)}z"/><path class="line ${kind}" d="${line}"/>`;
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
