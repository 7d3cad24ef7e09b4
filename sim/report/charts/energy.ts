/** What boards drew: for what, and over time. */
import type { EnergyOverTime, RunResult } from '../../measure/result.ts';
import { days, energyParts, mah, partWords } from '../energy-words.ts';
import { html, type Markup } from '../html.ts';
import { type Point, panel } from './over-time.ts';

const BOTTOM = 126;
/** Of the axis: as many steps of 1, 2 or 5 as fit. */
const MAX_STEPS = 5;
const SMALL = 0.01;

export function energyFinding({ summary: { metrics } }: RunResult): string {
  const [first, second] = energyParts(metrics);
  if (first === undefined) return 'No board had power';
  const lasts = metrics.battery_days as number;
  const battery = lasts > 0 ? `, so a battery lasts ${days(lasts)}` : '';
  const most = [first, ...(second === undefined ? [] : [second])].map(({ cause, share }) => `${percent(share)} for ${partWords(cause)}`);
  return `A board draws ${mah(metrics.energy_mah_per_day as number)} a day${battery}: ${most.join(', ')}`;
}

export function energyCharts(result: RunResult): Markup {
  const { stepMs, meanMa } = result.energy as EnergyOverTime;
  const parts = energyParts(result.summary.metrics);
  const rows = parts.map(
    ({ cause, mah: drawn, share }) =>
      html`<tr><th scope="row">${partWords(cause)} <code>${cause}</code></th><td class="number">${mah(drawn)}</td><td class="number">${percent(share)}</td><td class="bar"><span style="width:${Math.round(share * 100)}%"></span></td></tr>`,
  );
  const points: Point[] = [...meanMa.map((ma, step): Point => [step * stepMs, ma]), [result.summary.virtual_ms, meanMa.at(-1) ?? 0]];
  const step = stepOf(Math.max(...meanMa, SMALL));
  const most = Math.ceil(Math.max(...meanMa, SMALL) / step) * step;
  const name = 'what a board draws, mA, the mean of all';
  return html`<table class="causes energy"><tbody>${rows}</tbody></table>
<div class="scroll">${panel({ name, kind: 'energy', points, step, most, bottom: BOTTOM, result })}</div>
<p class="note">The chip alone, by the currents of the device’s profile, for a day like this run: what happens once, as a boot or a join, weighs more in a short one.</p>`;
}

function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / MAX_STEPS));
  return ([1, 2, 5].find((one) => one * power * MAX_STEPS >= most) ?? 10) * power;
}

function percent(share: number): string {
  return share >= SMALL ? `${Math.round(share * 100)} %` : `${Number((share * 100).toPrecision(2))} %`;
}
