/**
 * A chart as SVG text, by echarts without a browser.
 *
 * The library costs some 170 ms of CPU time, so it is loaded when a study's report is made and not before. Colours of text and axes are CSS variables of
 * the page, so that one picture fits a light screen, a dark one and paper.
 */
import type { EChartsOption } from 'echarts';
import { html, type Markup, trusted } from '../report/html.ts';

export async function chart(about: string, width: number, height: number, option: EChartsOption): Promise<Markup> {
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  instance.setOption({ animation: false, ...option });
  const svg = instance.renderToSVGString();
  instance.dispose();
  return html`<div class="scroll" role="img" aria-label="${about}">${trusted(withoutCounters(svg))}</div>`;
}

/** The library numbers its pictures and hover classes (of which there are none to hover over): the same result must give the same file. */
function withoutCounters(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-[^"]*"/g, '')
    .replace(/\bzr\d+-/g, 'chart-');
}

const TEXT = { color: 'var(--muted)', fontSize: 11, fontFamily: 'system-ui, sans-serif' } as const;

/** What all axes have in common. */
export const AXIS = {
  axisLabel: TEXT,
  axisLine: { show: true, lineStyle: { color: 'var(--line)' } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: 'var(--grid)' } },
  nameTextStyle: TEXT,
} as const;
