/** One small histogram of durations on a logarithmic axis, as SVG. */
import { SECOND_MS } from 'host/units';
import type { Bin } from '../../measure/result.ts';
import { html, type Markup, roundPixels } from '../html.ts';
import { countStep, shortCount } from './count-axis.ts';

export interface Mark {
  ms: number;
  label: string;
  dashed: boolean;
}

const WIDTH = 340;
const LEFT = 52;
const RIGHT = 318;
const TOP = 24;
const BOTTOM = 132;
const HEIGHT = 152;
/** Where the axis begins for bars that begin at 0, ms. */
const SHORTEST_MS = 0.01;
/** Labels of decades that are nearer, px, would touch: then every second or third is written. */
const LABEL_SPACE = 48;
/** Marks that are nearer, px, share one label. */
const MARK_SPACE = 26;

/** @param what is counted, for the axis of counts */
export function histogram(about: string, what: string, bins: Bin[], marks: Mark[]): Markup {
  const first = bins[0];
  const fromExponent = Math.floor(exponent(first.fromMs || SHORTEST_MS));
  const toExponent = Math.max(Math.ceil(exponent(bins[bins.length - 1].toMs)), fromExponent + 1);
  const most = Math.max(...bins.map(({ count }) => count));
  const step = countStep(most);
  const top = step * Math.ceil(most / step);
  const x = (ms: number) =>
    roundPixels(LEFT + ((exponent(Math.max(ms, 10 ** fromExponent)) - fromExponent) / (toExponent - fromExponent)) * (RIGHT - LEFT));
  const y = (count: number) => roundPixels(BOTTOM - (count / top) * (BOTTOM - TOP));

  const outline = bins.map(({ fromMs, toMs, count }) => `L${x(fromMs)} ${y(count)}L${x(toMs)} ${y(count)}`).join('');
  const shape = `M${x(first.fromMs)} ${BOTTOM}${outline}L${x(bins[bins.length - 1].toMs)} ${BOTTOM}`;
  return html`<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${about}"><g class="axis"><text transform="translate(11 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${what}</text>${countAxis(top, step, y)}${decadeAxis(fromExponent, toExponent, x)}</g>
<path class="bars" d="${shape}"/>${markLines(marks, x)}</svg>`;
}

function countAxis(top: number, step: number, y: (count: number) => number): Markup[] {
  const counts = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return counts.map(
    (count) =>
      html`<path class="grid" d="M${LEFT} ${y(count)}H${RIGHT}"/><text x="${LEFT - 6}" y="${y(count) + 3.5}" text-anchor="end">${shortCount(count)}</text>`,
  );
}

function decadeAxis(fromExponent: number, toExponent: number, x: (ms: number) => number): Markup[] {
  const decades = toExponent - fromExponent;
  const stride = Math.ceil((LABEL_SPACE * decades) / (RIGHT - LEFT));
  const labelled = Array.from({ length: Math.floor(decades / stride) + 1 }, (_, index) => 10 ** (fromExponent + index * stride));
  const labels = labelled.map(
    (ms) =>
      html`<path class="grid" d="M${x(ms)} ${BOTTOM}v4"/><text x="${x(ms)}" y="${BOTTOM + 16}" text-anchor="middle">${decadeLabel(ms)}</text>`,
  );
  return [html`<path class="baseline" d="M${LEFT} ${BOTTOM}H${RIGHT}"/>`, ...labels];
}

function markLines(marks: Mark[], x: (ms: number) => number): Markup[] {
  return marks.map(({ ms, label, dashed }, index) => {
    const next = marks[index + 1];
    const before = marks[index - 1];
    const isTold = before !== undefined && x(ms) - x(before.ms) < MARK_SPACE;
    const words = next && x(next.ms) - x(ms) < MARK_SPACE ? `${label}, ${next.label}` : label;
    const line = html`<path class="${dashed ? 'mark dashed' : 'mark'}" d="M${x(ms)} ${TOP - 4}V${BOTTOM}"/>`;
    return isTold ? line : html`${line}<text class="mark-label" x="${x(ms)}" y="${TOP - 9}" text-anchor="middle">${words}</text>`;
  });
}

/** Rounded: the logarithm of 1000 is 2.9999999999999996. */
function exponent(ms: number): number {
  return Number(Math.log10(ms).toFixed(9));
}

function decadeLabel(ms: number): string {
  return ms < SECOND_MS ? `${Number(ms.toPrecision(1))} ms` : `${Math.round(ms / SECOND_MS)} s`;
}
