/**
 * A study as one self-contained page: a figure per metric that differs between cells, then the whole table.
 *
 * Two parameters make heat maps, any other number bars with intervals; cells too many for bars are only in the table.
 */
import { plural } from '../report/format.ts';
import { html, type Markup, trusted } from '../report/html.ts';
import { STYLE } from '../report/style.ts';
import { bars, MAX_BARS } from './bars.ts';
import { heatMap } from './heat-map.ts';
import type { StudyTable } from './table.ts';
import { cellName, formatEstimate, formatMetric, varyingMetrics } from './words.ts';

/** Rows that a page can hold; cells.csv has all. */
const MAX_ROWS = 1_000;

const NOT_MODELLED =
  'Not modelled: air time shared between boards, fading, other load on the relay’s machine, memory of boards. Intervals cover the chance within the model, not the model itself.';

export async function renderStudy(table: StudyTable): Promise<string> {
  const varying = varyingMetrics(table);
  const constant = table.metrics.filter((name) => !varying.includes(name));
  const figures: Markup[] = [];
  for (const metric of varying) figures.push(await figure(table, metric));
  const { study, about, seeds, cells, parameters } = table;
  const grid = parameters.map(({ name }) => name).join(' × ');
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${study} · Squall study</title><style>${trusted(STYLE)}.scroll>svg{max-width:none}figure{margin:0 0 14px}</style></head>
<body><main>
<header><p class="kicker">Squall study · ${study} · ${plural(cells.length, 'cell')} · ${plural(seeds.count, 'seed')}</p>
<h1>${about === '' ? study : about}</h1><p class="story">${grid}; each cell ran once per seed. Figures are means over the seeds with Student’s 95 % interval of the mean.</p></header>
${figures}
${constant.length > 0 ? html`<section><h2>The same in every cell</h2><p class="note">${constant.map((name) => `${name}: ${formatMetric(name, cells[0].metrics[name].mean)}`).join(' · ')}</p></section>` : ''}
<section><h2>All cells</h2><div class="scroll">${cellTable(table)}</div></section>
<section><h2>Run it again</h2><pre>${table.command}</pre><p class="note">Same study, same figures, whatever the number of workers: <code>${table.digest}</code></p></section>
</main></body></html>
`.text;
}

async function figure(table: StudyTable, metric: string): Promise<Markup> {
  if (table.parameters.length !== 2 && table.cells.length > MAX_BARS) return html``;
  const picture = await (table.parameters.length === 2 ? heatMap(table, metric) : bars(table, metric));
  const { first, count } = table.seeds;
  return html`<section><h2>${finding(table, metric)}</h2><figure class="card">${picture}
<figcaption class="note"><code>${table.command}</code> · seeds ${first} to ${first + count - 1}. ${NOT_MODELLED}</figcaption></figure></section>`;
}

/** The title of a figure is what it shows. */
function finding({ cells }: StudyTable, metric: string): string {
  const known = cells
    .map(({ parameters, metrics }) => ({ name: cellName(parameters), mean: metrics[metric].mean }))
    .filter((cell): cell is { name: string; mean: number } => cell.mean !== null)
    .sort((a, b) => a.mean - b.mean);
  if (known.length === 0) return metric;
  const [least, most] = [known[0], known[known.length - 1]];
  return `${metric}: from ${formatMetric(metric, least.mean)} (${least.name}) to ${formatMetric(metric, most.mean)} (${most.name})`;
}

function cellTable({ parameters, metrics, cells }: StudyTable): Markup {
  const hidden = cells.length - MAX_ROWS;
  return html`<table><thead><tr><th>${parameters.map(({ name }) => name).join(', ')}</th>${metrics.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${cells
    .slice(0, MAX_ROWS)
    .map(
      (cell) =>
        html`<tr><th scope="row">${cellName(cell.parameters)}</th>${metrics.map((name) => html`<td>${formatEstimate(name, cell.metrics[name])}</td>`)}</tr>`,
    )}</tbody></table>${hidden > 0 ? html`<p class="note">and ${plural(hidden, 'more cell')} in cells.csv</p>` : ''}`;
}
