/**
 * A study as one self-contained page: its figures, each with what it shows, how it was made and what stands
 * behind it, then the whole table.
 */
import { plural } from 'host/format';
import { formatMetric } from '../../measure/format-metric.ts';
import { html, type Markup, trusted } from '../../report/html.ts';
import { onPage } from '../chart/chart.ts';
import { type Figure, figuresOf } from '../chart/figures.ts';
import { cellName, formatEstimate, valueName, varyingMetrics } from '../labels.ts';
import { breakable, estimateCell, NOT_MODELLED, STUDY_STYLE } from '../page.ts';
import type { StudyTable } from './table.ts';
import { studyVerdict } from './verdict.ts';

/** Rows that a page can hold; cells.csv has all. */
const MAX_ROWS = 1_000;

export async function renderStudy(table: StudyTable): Promise<string> {
  const varying = varyingMetrics(table);
  const constant = table.metrics.filter((name) => !varying.includes(name));
  const figures = await figuresOf(table);
  const { study, about, seeds, cells, parameters } = table;
  const { kind, words } = studyVerdict(table);
  const grid = parameters.map(({ name, values }) => html`<div><dt>${name}</dt><dd>${values.map(valueName).join(' · ')}</dd></div>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${study} · Squall study</title><style>${trusted(STUDY_STYLE)}</style></head>
<body><main>
<header><p class="kicker">Squall study · ${study} · ${plural(cells.length, 'cell')} · ${plural(seeds.count, 'seed')}</p>
<p class="verdict ${kind}">${kind === 'good' ? '✓' : '✗'} ${words}</p><h1>${about === '' ? study : about}</h1><p class="story">Each combination of these ran once per seed (${seedWords(table)}). Figures are means over the seeds with Student’s 95 % interval of the mean.</p>
<dl class="settings">${grid}</dl></header>
${figures.map((figure) => section(table, figure))}
${constant.length > 0 ? html`<section><h2>The same in every cell</h2><p class="note">${constant.map((name) => `${name}: ${formatMetric(name, cells[0].metrics[name].mean)}`).join(' · ')}</p></section>` : ''}
<section><h2>All cells</h2><div class="scroll">${cellTable(table, varying.length > 0 ? varying : table.metrics)}</div></section>
<section><h2>Run it again</h2><pre>${table.command}</pre><p class="note">Same study, same figures, whatever the number of workers: <code>${table.digest}</code></p></section>
</main></body></html>
`.text;
}

function section(table: StudyTable, { finding, svg }: Figure): Markup {
  return html`<section><h2>${finding}</h2><figure class="card">${onPage(svg, finding)}
<figcaption class="note"><code>${table.command}</code> · ${seedWords(table)}. – where no run had a sample. ${NOT_MODELLED}.</figcaption></figure></section>`;
}

function seedWords({ seeds: { first, count } }: StudyTable): string {
  return count === 1 ? `seed ${first}` : `seeds ${first} to ${first + count - 1}`;
}

/** @param metrics what is the same in every cell has been told above */
function cellTable({ parameters, cells }: StudyTable, metrics: readonly string[]): Markup {
  const hidden = cells.length - MAX_ROWS;
  return html`<table><thead><tr><th>${breakable(parameters.map(({ name }) => name).join(' · '))}</th>${metrics.map((name) => html`<th>${breakable(name)}</th>`)}</tr></thead>
<tbody>${cells
    .slice(0, MAX_ROWS)
    .map(
      (cell) =>
        html`<tr><th scope="row">${cellName(cell.parameters)}</th>${metrics.map((name) => estimateCell(formatEstimate(name, cell.metrics[name])))}</tr>`,
    )}</tbody></table>${hidden > 0 ? html`<p class="note">and ${plural(hidden, 'more cell')} in cells.csv</p>` : ''}`;
}
