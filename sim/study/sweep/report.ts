/** A study as one self-contained page: its figures, each with what it shows, how it was made and what stands behind it, then the whole table. */
import { plural } from 'host/format';
import { formatMetric } from '../../measure/format-metric.ts';
import { html, type Markup, trusted } from '../../report/html.ts';
import { STYLE } from '../../report/style.ts';
import { onPage } from '../chart/chart.ts';
import { type Figure, figuresOf } from '../chart/figures.ts';
import { cellName, formatEstimate, valueName, varyingMetrics } from '../labels.ts';
import type { StudyTable } from './table.ts';
import { studyVerdict } from './verdict.ts';

/** Rows that a page can hold; cells.csv has all. */
const MAX_ROWS = 1_000;

const NOT_MODELLED =
  'Not modelled: air time shared between boards, fading, other load on the relay’s machine, memory of boards. Intervals cover the chance within the model, not the model itself.';

export async function renderStudy(table: StudyTable): Promise<string> {
  const varying = varyingMetrics(table);
  const constant = table.metrics.filter((name) => !varying.includes(name));
  const figures = await figuresOf(table);
  const { study, about, seeds, cells, parameters } = table;
  const { kind, words } = studyVerdict(table);
  const grid = parameters.map(({ name, values }) => html`<div><dt>${name}</dt><dd>${values.map(valueName).join(' · ')}</dd></div>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${study} · Squall study</title><style>${trusted(STYLE + OWN_STYLE)}</style></head>
<body><main>
<header><p class="kicker">Squall study · ${study} · ${plural(cells.length, 'cell')} · ${plural(seeds.count, 'seed')}</p>
<p class="verdict ${kind}">${kind === 'good' ? '✓' : '✗'} ${words}</p><h1>${about === '' ? study : about}</h1><p class="story">Each combination of these ran once per seed (${seedWords(table)}). Figures are means over the seeds with Student’s 95 % interval of the mean.</p>
<dl class="settings">${grid}</dl></header>
${figures.map((figure) => section(table, figure))}
${constant.length > 0 ? html`<section><h2>The same in every cell</h2><p class="note">${constant.map((name) => `${name}: ${formatMetric(name, cells[0].metrics[name].mean)}`).join(' · ')}</p></section>` : ''}
<section><h2>All cells</h2><div class="scroll">${cellTable(table)}</div></section>
<section><h2>Run it again</h2><pre>${table.command}</pre><p class="note">Same study, same figures, whatever the number of workers: <code>${table.digest}</code></p></section>
</main></body></html>
`.text;
}

/** Figures do not shrink with a narrow screen, so that their text stays readable; on paper there is no scrolling. */
const OWN_STYLE =
  '.scroll>svg{width:100%;min-width:720px;max-width:940px}figure{margin:0 0 14px}.settings{grid-template-columns:1fr}.settings dt{flex:none}' +
  '@media print{.scroll>svg{min-width:0;max-width:100%}h2{font-size:1rem}table{font-size:.66rem}th,td{padding:2px 4px}thead th{white-space:normal;overflow-wrap:anywhere}th[scope=row]{white-space:normal}}';

function section(table: StudyTable, { finding, svg }: Figure): Markup {
  return html`<section><h2>${finding}</h2><figure class="card">${onPage(svg, finding)}
<figcaption class="note"><code>${table.command}</code> · ${seedWords(table)}. – where no run had a sample. ${NOT_MODELLED}</figcaption></figure></section>`;
}

function seedWords({ seeds: { first, count } }: StudyTable): string {
  return count === 1 ? `seed ${first}` : `seeds ${first} to ${first + count - 1}`;
}

function cellTable({ parameters, metrics, cells }: StudyTable): Markup {
  const hidden = cells.length - MAX_ROWS;
  return html`<table><thead><tr><th>${parameters.map(({ name }) => name).join(' · ')}</th>${metrics.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${cells
    .slice(0, MAX_ROWS)
    .map(
      (cell) =>
        html`<tr><th scope="row">${cellName(cell.parameters)}</th>${metrics.map((name) => html`<td>${formatEstimate(name, cell.metrics[name])}</td>`)}</tr>`,
    )}</tbody></table>${hidden > 0 ? html`<p class="note">and ${plural(hidden, 'more cell')} in cells.csv</p>` : ''}`;
}
