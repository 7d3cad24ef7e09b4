/**
 * The air over time, by access point: how busy its channel was, and what of that were its own frames and
 * those of its boards.
 */
import { formatMs, plural } from 'host/format';
import type { AirOverTime, RunResult } from '../../measure/result.ts';
import { html, type Markup } from '../html.ts';
import { type Point, panel } from './over-time.ts';

type AccessPoint = AirOverTime['accessPoints'][number];

/** More curves than this show nothing more. */
const MAX_PANELS = 6;
const BOTTOM = 126;

export function airFinding({ air, summary }: RunResult): string {
  const [busiest] = byBusiness(air?.accessPoints ?? []);
  if (busiest === undefined) return 'Each board had an air of its own';
  const most = Math.max(0, ...busiest.busy);
  const full = busiest.fullMs > 0 ? `; ${busiest.id} had more to send than it could for ${formatMs(busiest.fullMs)}` : '';
  return `The air was busy ${percent(summary.metrics.air_busy as number)} of the time, ${percent(most)} at most${full}`;
}

export function airCharts(result: RunResult): Markup {
  const { accessPoints, stepMs } = result.air as AirOverTime;
  const all = byBusiness(accessPoints);
  const shown = all.slice(0, MAX_PANELS).sort((a, b) => accessPoints.indexOf(a) - accessPoints.indexOf(b));
  const points = (shares: readonly number[]): Point[] => [
    ...shares.map((share, step): Point => [step * stepMs, share * 100]),
    [result.summary.virtual_ms, (shares.at(-1) ?? 0) * 100],
  ];
  const panels = shown.map(({ id, channel, busy, own }) => {
    const name = `${id}, channel ${channel}: time in which the air was busy, %; filled: with its own frames and its boards’`;
    const series = { points: points(busy), part: points(own) };
    return html`<div class="scroll">${panel({ name, kind: 'air', ...series, step: 25, most: 100, bottom: BOTTOM, result })}</div>`;
  });
  const rest = all.length - shown.length;
  return html`${panels}${rest > 0 ? html`<p class="note">And ${plural(rest, 'access point')} with less of their own.</p>` : ''}`;
}

/** Those first that had most to send. */
function byBusiness(accessPoints: readonly AccessPoint[]): AccessPoint[] {
  const sum = ({ own }: AccessPoint) => own.reduce((total, share) => total + share, 0);
  return [...accessPoints].sort((a, b) => b.fullMs - a.fullMs || sum(b) - sum(a));
}

function percent(share: number): string {
  return `${share >= 0.1 ? Math.round(share * 100) : Number((share * 100).toPrecision(2))} %`;
}
