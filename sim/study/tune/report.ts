/**
 * A tuning as one self-contained page: the front, the recommended setting and what to paste, its neighbours,
 * the goals, and all that has run.
 */
import { formatCount, plural } from 'host/format';
import { formatMetric } from '../../measure/format-metric.ts';
import type { Answer } from '../../presets/preset.ts';
import { html, type Markup, trusted } from '../../report/html.ts';
import { onPage } from '../chart/chart.ts';
import { cellName, formatEstimate, valueName } from '../labels.ts';
import { breakable, estimateCell, NOT_MODELLED, STUDY_STYLE } from '../page.ts';
import { type Goal, parseGoals } from './goal.ts';
import { tuneHeadline } from './headline.ts';
import { tunePlot } from './plot.ts';
import type { TunePoint, TuneResult } from './result.ts';
import { neighbourSentence, racedSentence, runsSentence, shortName, shownMetrics, stepName } from './sentences.ts';

/** Rows that a page can hold; front.json has all. */
const MAX_ROWS = 500;

const LOOKED_AT = ', and each one by itself: no allowance is made for looking at many.';

/** What the owner of boards and relay takes over; null when nothing is recommended. */
export interface Handover {
  relay: string | null;
  config: string | null;
  /** For the libraries that are played, in their own words. */
  answers: readonly { name: string; answer: Answer }[];
}

const OWN_STYLE =
  'thead th:first-child{min-width:11em}td.words,th.words{text-align:left;white-space:normal;min-width:16em}tr.chosen>*{font-weight:650}';

export async function renderTune(result: TuneResult, handover: Handover): Promise<string> {
  const { scenario, about, parameters, recommended, goals, minimize, front, nearest, points } = result;
  const space = parameters.map(({ name, values }) => html`<div><dt>${name}</dt><dd>${values.map(valueName).join(' · ')}</dd></div>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${scenario} · Squall tuning</title><style>${trusted(STUDY_STYLE + OWN_STYLE)}</style></head>
<body><main>
<header><p class="kicker">Squall tuning · ${scenario} · ${plural(points.length, 'setting')} raced · ${plural(result.runs.used, 'run')}</p>
<h1>${tuneHeadline(result)}</h1>
<p class="story">${about} ${racedSentence(result)} ${runsSentence(result)}</p></header>
${recommendedSection(result, handover)}
${await figures(result)}
${recommended === null ? html`<section><h2>What comes nearest to ${goals.join(' and ')}</h2>${pointTable(nearest, result)}</section>` : html`<section><h2>The Pareto front: ${plural(front.length, 'setting')}, none better in one without being worse in another</h2>${pointTable(front, result)}<p class="note">Recommended (→) is the least sum of the logarithms of ${minimize.map((name) => `1 + ${name}`).join(' and ')}: a tenth less of one weighs as much as a tenth less of another. = marks what is not surely worse by that sum.</p></section>${neighbourSection(result)}`}
<section><h2>All that has run</h2>${pointTable(points, result)}</section>
<section><h2>What was searched</h2><dl class="settings">${space}</dl></section>
<section><h2>Run it again</h2><pre>${result.command}</pre><p class="note">Same command, same result, whatever the number of workers. Study <code>${result.digest}</code></p></section>
</main></body></html>
`.text;
}

function recommendedSection({ recommended }: TuneResult, { relay, config, answers }: Handover): Markup {
  if (recommended === null || relay === null || config === null) return html``;
  const settings = Object.entries(recommended.parameters).map(
    ([name, value]) => html`<div><dt>${name}</dt><dd><b>${valueName(value)}</b></dd></div>`,
  );
  return html`<section><h2>Recommended</h2><dl class="settings">${settings}</dl>
<p class="note">The relay:</p><pre>${relay}</pre><p class="note">The boards’ config.json (recommended.config.json):</p><pre>${config}</pre>${answers.map(({ name, answer: { place, lines } }) => html`<p class="note">${name}, ${place}:</p><pre>${lines.join('\n')}</pre>`)}</section>`;
}

/** One objective against the next, then each goal against the first objective. */
async function figures(result: TuneResult): Promise<Markup[]> {
  const { minimize } = result;
  const drawn: Markup[] = [];
  for (const y of minimize.slice(1)) {
    const svg = await tunePlot(result, { x: minimize[0], y, goal: null });
    drawn.push(figure(result, frontFinding(result, minimize[0], y), svg));
  }
  for (const goal of result.goals.flatMap(goalsOf)) {
    if (result.points.every(({ metrics }) => metrics[goal.metric].mean === null)) continue;
    const y = minimize.find((name) => name !== goal.metric);
    if (y === undefined) continue;
    drawn.push(figure(result, goalFinding(result, goal), await tunePlot(result, { x: goal.metric, y, goal })));
  }
  return drawn;
}

function goalsOf(expr: string): Goal[] {
  const goals = parseGoals(expr);
  if (typeof goals === 'string') throw new Error(goals);
  return goals;
}

function figure({ command, seeds }: TuneResult, finding: string, svg: string): Markup {
  const most = seeds.first + seeds.most - 1;
  return html`<section><h2>${finding}</h2><figure class="card">${onPage(svg, finding)}
<figcaption class="note"><code>${command}</code> · up to ${seeds.most} seeds, ${seeds.first} to ${most}; means over the runs. ${NOT_MODELLED}${LOOKED_AT}</figcaption></figure></section>`;
}

function frontFinding({ front, recommended }: TuneResult, x: string, y: string): string {
  if (recommended === null) return `${y} against ${x}: no setting surely keeps the goal`;
  if (front.length === 1) return `One setting has both the least ${x} and the least ${y}`;
  const [cheap, dear] = [front[0], front[front.length - 1]];
  const both = (point: TunePoint) => `${formatMetric(x, point.metrics[x].mean)} with ${formatMetric(y, point.metrics[y].mean)} ${y}`;
  return `${x} can be had from ${both(cheap)} to ${both(dear)}; recommended: ${both(recommended)}`;
}

function goalFinding({ recommended, points }: TuneResult, { expr, metric }: Goal): string {
  if (recommended !== null) return `${expr}: the recommended setting has ${formatEstimate(metric, recommended.metrics[metric])}`;
  const means = points.map(({ metrics }) => metrics[metric].mean).filter((mean) => mean !== null);
  const [least, most] = [Math.min(...means), Math.max(...means)].map((mean) => formatMetric(metric, mean));
  return `${expr}: ${least === most ? `all settings have ${least}` : `settings have from ${least} to ${most}`}`;
}

function pointTable(points: readonly TunePoint[], result: TuneResult): Markup {
  const metrics = shownMetrics(result);
  const mark = (point: TunePoint) => {
    const number = point.onFront ? `${result.front.indexOf(point) + 1} ` : '';
    return number + (point.cell === result.recommended?.cell ? '→ ' : point.tied ? '= ' : '');
  };
  const rows = points.slice(0, MAX_ROWS).map(
    (point) =>
      html`<tr${trusted(point.cell === result.recommended?.cell ? ' class="chosen"' : '')}><th scope="row">${mark(point)}${cellName(point.parameters)}</th><td>${point.verdict === 'met' ? 'surely' : point.verdict === 'missed' ? 'no' : 'undecided'}</td>${metrics.map((name) => estimateCell(formatEstimate(name, point.metrics[name])))}<td>${point.seeds}</td></tr>
`,
  );
  const hidden = points.length - MAX_ROWS;
  return html`<div class="scroll"><table><thead><tr><th>${result.parameters.map(({ name }) => shortName(name)).join(', ')}</th><th>keeps the goal</th>${metrics.map((name) => html`<th>${breakable(name)}</th>`)}<th>seeds</th></tr></thead>
<tbody>${rows}</tbody></table></div>${hidden > 0 ? html`<p class="note">and ${formatCount(hidden)} more in front.json</p>` : ''}`;
}

function neighbourSection(result: TuneResult): Markup {
  const { recommended, neighbours, minimize } = result;
  if (recommended === null || neighbours.length === 0) return html``;
  const rows = neighbours.map(
    (neighbour) =>
      html`<tr><th scope="row">${stepName(neighbour, recommended)}</th><td class="words">${neighbourSentence(neighbour, minimize)}</td></tr>
`,
  );
  return html`<section><h2>Why not one step further</h2><div class="scroll"><table><thead><tr><th>step</th><th class="words">difference from the recommended, with its 95 % interval on the seeds that both ran with</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
