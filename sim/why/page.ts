/** `report.html` of an answer: what decided it, the probability over time, the events around it, what undoes it. */

import { type Point as Drawn, panel } from '../report/charts/over-time.ts';
import { html, type Markup, trusted } from '../report/html.ts';
import { STYLE } from '../report/style.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Analysis } from './analyse.ts';
import type { TriedChange } from './find-cure.ts';
import { share } from './find-moment.ts';
import { outcomeWords } from './outcome.ts';
import { cureWords, momentWords, pointWords, secondsWords, survivedWords } from './words.ts';

const CHART_BOTTOM = 166;
/** Beside the moment, on the second chart, as a share of the run. */
const NEAR = 0.02;

export function renderWhy(analysis: Analysis, scenario: Scenario, command: string): string {
  const { outcome, points, happenings, settings, circumstances } = analysis;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Why ${outcomeWords(outcome)} · Squall</title><style>${trusted(STYLE)}.decisive td{font-weight:bold}</style></head>
<body><main>
<header><p class="kicker">Squall · why · scenario ${scenario.name} · seed ${scenario.seed}</p><h1>Why ${outcomeWords(outcome)}</h1><p class="story">${momentWords(analysis)}</p><p class="story">${cureWords(analysis)}</p></header>
<section><p class="about">How likely it was, given all that had happened up to a time: runs with the same luck until then and other luck after it</p><h2>Probability over time</h2>
<div class="scroll">${chart(points, points[points.length - 1].atMs)}</div>${pointTable(analysis)}</section>
<section><p class="about">Bold: what was drawn between the last run that could still go well and the first that could not</p><h2>The events around it</h2>${eventTable(happenings)}</section>
<section><p class="about">The same luck up to the moment, other luck after it; without a moment other luck throughout</p><h2>Settings that were tried</h2>${changeTable(settings)}</section>
<section><p class="about">Each left away alone</p><h2>Circumstances</h2>${circumstances.length > 0 ? changeTable(circumstances) : html`<p class="empty">there are none to leave away</p>`}</section>
<section><h2>Ask again</h2><pre>${command}</pre></section>
</main></body></html>
`.text;
}

function chart(points: Analysis['points'], endMs: number): Markup {
  const drawn = points.map((point): Drawn => [point.atMs, 100 * share(point)]);
  const result = { outages: [], summary: { virtual_ms: endMs } };
  return panel({ name: 'runs in which it happens, %', kind: 'share', points: drawn, step: 25, most: 100, bottom: CHART_BOTTOM, result });
}

/** Where the curve is steep it is too fine to be seen. */
function pointTable({ points, moment }: Analysis): Markup | string {
  if (moment.kind === 'from-the-start') return '';
  const endMs = points[points.length - 1].atMs;
  const near = points.filter(({ atMs }) => Math.abs(atMs - moment.after.atMs) <= NEAR * endMs);
  return html`<details><summary>Near the moment</summary><table><thead><tr><th>same luck until</th><th>it happens in</th></tr></thead>
<tbody>${near.map((point) => html`<tr><td>${secondsWords(point.atMs)}</td><td>${pointWords(point)}</td></tr>`)}</tbody></table></details>`;
}

function eventTable(happenings: Analysis['happenings']): Markup {
  if (happenings.length === 0) return html`<p class="empty">none</p>`;
  const row = ({ atMs, board, what, decisive }: (typeof happenings)[number]) =>
    html`<tr${decisive ? trusted(' class="decisive"') : ''}><td>${secondsWords(atMs)}</td><td>${board}</td><td>${what}</td></tr>`;
  return html`<div class="scroll"><table><thead><tr><th>at</th><th>board</th><th>what</th></tr></thead><tbody>${happenings.map(row)}</tbody></table></div>`;
}

function changeTable(changes: readonly TriedChange[]): Markup {
  const row = (change: TriedChange) =>
    html`<tr><th scope="row">${change.set === '' ? `without ${change.name}` : change.set}</th><td>${change.was}</td><td>${survivedWords(change)}</td><td>${change.undoes ? 'undoes it' : ''}${change.sameUntil ? '' : ' (something differs before the moment: luck is other luck)'}</td></tr>`;
  return html`<div class="scroll"><table><thead><tr><th>with</th><th>in place of</th><th>survives</th><th></th></tr></thead><tbody>${changes.map(row)}</tbody></table></div>`;
}
