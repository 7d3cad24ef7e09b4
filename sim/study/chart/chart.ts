/**
 * Charts as SVG text, by echarts without a browser.
 *
 * The library costs some 170 ms of CPU time, so it is loaded when a study's figures are drawn and not before.
 * Colours of text and axes are CSS variables, so that one picture fits a light screen, a dark one and paper:
 * those of the page around it (report/style.ts), or its own when it is a file by itself.
 */
import type { EChartsOption } from 'echarts';
import { formatMetric, unitOf } from '../../measure/format-metric.ts';
import { html, type Markup, trusted } from '../../report/html.ts';
import { logTicks, type Scale } from './scale.ts';

/** Pixels: what fits a page of paper. */
export const CHART_WIDTH = 720;
/** Pixels below a chart's title. */
export const TITLE_HEIGHT = 30;
/**
 * Pixels of a character of FONT_SIZE on average in the widest of usual fonts, for whoever must know how long
 * a text is before it is drawn.
 */
const CHARACTER_WIDTH = 6.6;
export const FONT_SIZE = 11;

/** @param title what the chart is of, with its unit */
export async function drawSvg(title: string, height: number, option: EChartsOption): Promise<string> {
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const instance = init(null, null, { renderer: 'svg', ssr: true, width: CHART_WIDTH, height });
  instance.setOption({
    animation: false,
    title: { text: title, left: 0, top: 2, textStyle: { ...TEXT, color: 'var(--text)', fontSize: 12 } },
    ...option,
  });
  const svg = instance.renderToSVGString();
  instance.dispose();
  return withoutCounters(svg);
}

/** As part of a page. */
export function onPage(svg: string, about: string): Markup {
  return html`<div class="scroll" role="img" aria-label="${about}">${trusted(svg)}</div>`;
}

/** As a file of its own. */
export function asFile(svg: string, about: string): string {
  const [opening] = /^<svg[^>]*>/.exec(svg) ?? [''];
  const head = html`<title>${about}</title><style>${trusted(FILE_STYLE)}</style><rect width="100%" height="100%" fill="var(--card)"/>`;
  return `${opening}${head.text}${svg.slice(opening.length)}\n`;
}

/** The colours of report/style.ts that charts use. */
const FILE_STYLE =
  ':root{--card:#fff;--text:#1b2430;--muted:#5b6675;--line:#b9c2cd;--grid:#e3e7ec;--series:#2563a8}' +
  '@media (prefers-color-scheme:dark){:root{--card:#1a212a;--text:#e7ecf2;--muted:#9aa7b6;--line:#46525f;--grid:#2b343f;--series:#7db2f0}}';

/**
 * The library numbers its pictures and hover classes (of which there are none to hover over): the same result
 * must give the same file.
 */
function withoutCounters(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-[^"]*"/g, '')
    .replace(/\bzr\d+-/g, 'chart-');
}

/** Pixels, about. */
export function textWidth(text: string): number {
  return text.length * CHARACTER_WIDTH;
}

export const FONT_FAMILY = 'system-ui, sans-serif';
const TEXT = { color: 'var(--muted)', fontSize: FONT_SIZE, fontFamily: FONT_FAMILY } as const;

/** What all axes have in common. */
export const AXIS = {
  axisLabel: TEXT,
  axisLine: { show: true, lineStyle: { color: 'var(--line)' } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: 'var(--grid)' } },
  nameTextStyle: TEXT,
} as const;

/** An axis of a metric. Where its ends are only where the data ends, they have no labels. */
export function metricAxis(metric: string, scale: Scale) {
  const isLog = scale.type === 'log';
  const ticks = isLog ? { customValues: logTicks(scale, unitOf(metric) === 'ms') } : { showMinLabel: scale.min === 0, showMaxLabel: false };
  const formatter = (value: number) => formatMetric(metric, value);
  return {
    ...AXIS,
    ...scale,
    splitNumber: 5,
    axisTick: { ...AXIS.axisTick, ...(isLog ? ticks : {}) },
    axisLabel: { ...AXIS.axisLabel, ...ticks, hideOverlap: true, formatter },
  };
}
