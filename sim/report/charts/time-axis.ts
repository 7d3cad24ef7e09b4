/**
 * The time axis that the charts share: round steps that leave room for labels, and its drawing, with the
 * outages behind it.
 */

import { formatMs } from 'host/format';
import { DAY_MS } from 'host/units';
import type { Outage } from '../../measure/result.ts';
import { html, type Markup, roundPixels } from '../html.ts';

/** Of the drawing, in pixels at full size: labels on the left, then the time of the run. */
export const WIDTH = 1000;
export const LABEL_WIDTH = 78;
const RIGHT_MARGIN = 4;
/** Half a label: a tick nearer to the right end has its label end there. */
const HALF_LABEL = 30;

/** More labels than this touch each other on a chart of a thousand pixels. */
const MAX_TICKS = 10;
const STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400,
];

function timeStepMs(durationMs: number): number {
  const leastMs = durationMs / MAX_TICKS;
  const seconds = STEPS_S.find((step) => step * 1000 >= leastMs);
  return seconds === undefined ? Math.ceil(leastMs / DAY_MS) * DAY_MS : seconds * 1000;
}

function timeTicks(durationMs: number): { atMs: number; label: string }[] {
  const stepMs = timeStepMs(durationMs);
  const count = Math.floor(durationMs / stepMs + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => ({ atMs: index * stepMs, label: timeLabel(index * stepMs) }));
}

function timeLabel(ms: number): string {
  return ms === 0 ? '0' : formatMs(ms);
}

/** Where a time lies, in pixels. */
export function timeToX(ms: number, durationMs: number): number {
  return LABEL_WIDTH + (WIDTH - LABEL_WIDTH - RIGHT_MARGIN) * (durationMs > 0 ? Math.min(ms / durationMs, 1) : 0);
}

export function drawTimeAxis(durationMs: number, top: number, bottom: number): Markup {
  const lastX = timeToX(durationMs, durationMs);
  const ticks = timeTicks(durationMs).map(({ atMs, label }) => {
    const x = roundPixels(timeToX(atMs, durationMs));
    const anchor = x > lastX - HALF_LABEL ? 'end' : 'middle';
    return html`<path class="grid" d="M${x} ${top}V${bottom + 4}"/><text x="${anchor === 'end' ? lastX : x}" y="${bottom + 17}" text-anchor="${anchor}">${label}</text>`;
  });
  return html`<g class="axis">${ticks}<path class="baseline" d="M${LABEL_WIDTH} ${bottom}H${lastX}"/></g>`;
}

export function outageBands(outages: Outage[], durationMs: number, top: number, bottom: number): Markup[] {
  return outages.map(({ fromMs, toMs, label, boards }) => {
    const x = roundPixels(timeToX(fromMs, durationMs));
    const width = Math.max(1, roundPixels(timeToX(toMs, durationMs) - x));
    return html`<rect class="outage" x="${x}" y="${top}" width="${width}" height="${bottom - top}"><title>${label}, ${boards} boards</title></rect>`;
  });
}
