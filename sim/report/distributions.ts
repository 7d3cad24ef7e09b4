/** How long things took: one small chart per duration, on a logarithmic axis, with p50 and p99 marked. */
import type { Bin, Distribution, RunResult } from '../measure/result.ts';
import { formatCount, formatMs } from './format.ts';
import { histogram, type Mark } from './histogram.ts';
import { html, type Markup } from './html.ts';

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

export function distributions({ histograms, summary }: RunResult): Markup {
  const figures = CHARTS.map(([metric, title]) => {
    const samples = summary.metrics[metric] as Distribution;
    const body = metric === STALLS ? stalls(title, samples, histograms[metric]) : durations(title, samples, histograms[metric]);
    return html`<figure class="card"><figcaption><b>${title}</b></figcaption>${body}</figure>`;
  });
  return html`<div class="small-charts">${figures}</div>`;
}

function durations(title: string, { count, p50, p99, max }: Distribution, bins: Bin[]): Markup {
  if (p50 === null || p99 === null || max === null) return NO_SAMPLES;
  const marks: Mark[] = [
    { ms: p50, label: 'p50', dashed: false },
    { ms: p99, label: 'p99', dashed: true },
  ];
  const numbers = `p50 ${formatMs(p50)} · p99 ${formatMs(p99)} · max ${formatMs(max)} · n\u00a0=\u00a0${formatCount(count)}`;
  return html`<p class="numbers">${numbers}</p>${histogram(`Distribution: ${title}`, bins, marks)}`;
}

/** Nearly all timers are on time; a bar of them would hide the rest, so only the late ones are drawn, which have no quantiles of their own. */
function stalls(title: string, { count, max }: Distribution, bins: Bin[]): Markup {
  if (max === null) return NO_SAMPLES;
  const late = bins.filter((bin) => bin.fromMs > 0);
  if (late.length === 0) return html`<p class="empty">no timer was more than 0.1 ms late, of ${formatCount(count)}</p>`;
  const lateCount = late.reduce((sum, bin) => sum + bin.count, 0);
  const numbers = `${formatCount(lateCount)} of ${formatCount(count)} timers late · worst ${formatMs(max)}`;
  return html`<p class="numbers">${numbers}</p>${histogram(`Distribution: ${title}`, late, [])}`;
}

const NO_SAMPLES = html`<p class="empty">no samples</p>`;
