/**
 * Charts as SVG text, by echarts without a browser.
 *
 * Colours are CSS variables of the page, so that one picture fits a light and a dark screen and a print. One instance draws all charts of a page:
 * making one costs as much as drawing five.
 */
import type { EChartsOption } from 'echarts';
import { html, type Markup, trusted } from './html.ts';

export type Draw = (about: string, width: number, height: number, option: EChartsOption) => Markup;

export async function chartist(): Promise<{ draw: Draw; dispose: () => void }> {
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 100, height: 100 });
  let drawn = 0;
  const draw: Draw = (about, width, height, option) => {
    chart.resize({ width, height });
    chart.setOption({ animation: false, ...option }, { notMerge: true, silent: true });
    // The library numbers its clip paths anew in each picture; on one page the first would clip them all.
    const svg = chart.renderToSVGString().replaceAll('zr0-', `chart${drawn++}-`);
    return html`<div class="chart" role="img" aria-label="${about}" style="max-width:${width}px">${trusted(svg)}</div>`;
  };
  return { draw, dispose: () => chart.dispose() };
}

const FONT = 'system-ui, sans-serif';

/** What all axes of the page have in common. */
export const AXIS = {
  axisLabel: { color: 'var(--muted)', fontSize: 11, fontFamily: FONT },
  axisLine: { show: true, lineStyle: { color: 'var(--line)' } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: 'var(--grid)' } },
  nameTextStyle: { color: 'var(--muted)', fontSize: 11, fontFamily: FONT },
} as const;

export const LABEL = { color: 'var(--text)', fontSize: 11, fontFamily: FONT } as const;
