/** How long things took: one small chart per duration, on a logarithmic axis, with p50 and p99 marked. */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Bin, Distribution, RunResult } from '../measure/result.ts';
import { AXIS, type Draw, LABEL } from './chart.ts';
import { formatCount, formatMs } from './format.ts';
import { html, type Markup } from './html.ts';

const WIDTH = 350;
const HEIGHT = 170;
const INSET = { left: 44, right: 16, top: 26, bottom: 26 };
/** The left end of the axis for bars that begin at 0, ms. */
const SHORTEST_MS = 0.01;
/** Marks closer than this share of the axis carry one label. */
const TOGETHER = 0.13;
const STALLS = 'main_loop_stall_ms';

const CHARTS: [metric: string, title: string][] = [
  ['message_latency_ms', 'Message: app → relay'],
  ['broadcast_latency_ms', 'Broadcast: relay → app'],
  ['reconnect_ms', 'Reconnect: channel lost → open again'],
  ['recovery_ms', 'Recovery: network restored → channel open'],
  ['detect_ms', 'Detection by the relay: silent → session closed'],
  ['board_detect_ms', 'Detection by the board: silent → channel left'],
  ['connect_ms', 'Connect: TCP → channel open'],
  ['ping_rtt_ms', 'Ping round trip'],
  [STALLS, 'Main-loop stalls: how late timers ran'],
];

export function distributions(draw: Draw, { histograms, summary }: RunResult): Markup {
  const figures = CHARTS.map(([metric, title]) => {
    const samples = summary.metrics[metric] as Distribution;
    const bins = histograms[metric] ?? [];
    return html`<figure class="card"><figcaption><b>${title}</b><span class="numbers">${numbers(metric, samples, bins)}</span></figcaption>
${picture(draw, title, samples, metric === STALLS ? withoutPunctual(bins) : bins)}</figure>`;
  });
  return html`<div class="small-charts">${figures}</div>`;
}

/** Nearly all timers are on time; a bar of them would hide the rest. */
function withoutPunctual(bins: Bin[]): Bin[] {
  return bins.filter((bin) => bin.fromMs > 0);
}

function numbers(metric: string, { count, p50, p99, max }: Distribution, bins: Bin[]): string {
  if (p50 === null || p99 === null || max === null) return '';
  const punctual = bins[0]?.fromMs === 0 ? bins[0].count : 0;
  if (metric === STALLS) return `${formatCount(count - punctual)} of ${formatCount(count)} timers late · worst ${formatMs(max)}`;
  return `p50 ${formatMs(p50)} · p99 ${formatMs(p99)} · max ${formatMs(max)} · n\u00a0=\u00a0${formatCount(count)}`;
}

function picture(draw: Draw, title: string, { count, p50, p99 }: Distribution, bins: Bin[]): Markup {
  if (count === 0) return html`<p class="empty">no samples</p>`;
  if (bins.length === 0) return html`<p class="empty">no timer was more than 0.1 ms late</p>`;
  return draw(`Distribution: ${title}`, WIDTH, HEIGHT, histogram(bins, p50 ?? 0, p99 ?? 0));
}

function histogram(bins: Bin[], p50: number, p99: number): EChartsOption {
  const fromMs = decade(bins[0].fromMs || SHORTEST_MS, Math.floor);
  const toMs = Math.max(decade(bins[bins.length - 1].toMs, Math.ceil), fromMs * 10);
  const top = Math.max(...bins.map((bin) => bin.count));
  return {
    grid: { ...INSET, containLabel: false },
    xAxis: {
      ...AXIS,
      type: 'log',
      min: fromMs,
      max: toMs,
      splitLine: { show: false },
      axisLabel: { ...AXIS.axisLabel, formatter: decadeLabel, hideOverlap: true },
    },
    yAxis: {
      ...AXIS,
      type: 'value',
      min: 0,
      splitNumber: 2,
      minInterval: 1,
      axisLabel: { ...AXIS.axisLabel, formatter: shortCount, hideOverlap: true },
    },
    series: [
      {
        type: 'line',
        silent: true,
        showSymbol: false,
        lineStyle: { color: 'var(--series)', width: 1.4 },
        areaStyle: { color: 'var(--series)', opacity: 0.3 },
        data: outline(bins),
      },
      // Of stalls only the late timers are drawn, of which these are no quantiles.
      ...(p50 >= bins[0].fromMs ? markSeries(p50, p99, fromMs, toMs, top) : []),
    ],
  };
}

/** Bars as one outline: up and down at each bar's edges. */
function outline(bins: Bin[]): [number, number][] {
  const points = bins.flatMap(({ fromMs, toMs, count }): [number, number][] => [
    [fromMs || SHORTEST_MS, count],
    [toMs, count],
  ]);
  return [[bins[0].fromMs || SHORTEST_MS, 0], ...points, [bins[bins.length - 1].toMs, 0]];
}

function markSeries(p50: number, p99: number, fromMs: number, toMs: number, top: number): LineSeriesOption[] {
  const place = (ms: number) => Math.log(Math.max(ms, fromMs) / fromMs) / Math.log(toMs / fromMs);
  const together = place(p99) - place(p50) < TOGETHER;
  return [
    mark(Math.max(p50, fromMs), top, 'solid', together ? 'p50, p99' : 'p50', place(p50)),
    mark(Math.max(p99, fromMs), top, 'dashed', together ? '' : 'p99', place(p99)),
  ];
}

/** @param place 0 to 1 along the axis: near its ends the label leans inwards */
function mark(ms: number, top: number, type: 'solid' | 'dashed', label: string, place: number): LineSeriesOption {
  const align = place < 0.1 ? 'left' : place > 0.9 ? 'right' : 'center';
  return {
    type: 'line',
    silent: true,
    symbol: 'none',
    clip: false,
    lineStyle: { color: 'var(--text)', width: 1.2, type },
    data: [
      [ms, 0],
      [ms, top],
    ],
    endLabel: { show: label !== '', formatter: label, ...LABEL, align, verticalAlign: 'bottom', distance: 0, offset: [0, -5] },
  };
}

function decade(ms: number, round: (exponent: number) => number): number {
  // The logarithm of 1000 is 2.9999999999999996.
  return 10 ** round(Number(Math.log10(ms).toFixed(9)));
}

function decadeLabel(ms: number): string {
  return ms < 1000 ? `${Number(ms.toPrecision(1))} ms` : ms < 1e7 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 1e6)}k s`;
}

function shortCount(count: number): string {
  if (count < 1000) return String(Math.round(count));
  return count < 1e6 ? `${Number((count / 1000).toPrecision(2))}k` : `${Number((count / 1e6).toPrecision(2))}M`;
}
