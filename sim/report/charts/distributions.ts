/** How long things took: one small chart per duration, on a logarithmic axis, with p50 and p99 marked. */
import { formatCount, formatMs } from 'host/format';
import type { Bin, Distribution, RunResult } from '../../measure/result.ts';
import { html, type Markup } from '../html.ts';
import { histogram, type Mark } from './histogram.ts';

const STALLS = 'main_loop_stall_ms';

const CHARTS: [metric: string, title: string, what: string][] = [
  ['message_latency_ms', 'Message: app → relay', 'messages'],
  ['broadcast_latency_ms', 'Broadcast: relay → app', 'broadcasts'],
  ['reconnect_ms', 'Reconnect: channel lost → open again', 'reconnects'],
  ['recovery_ms', 'Recovery: network restored → channel open', 'recoveries'],
  ['detect_ms', 'Detection by the relay: silent → session closed', 'detections'],
  ['board_detect_ms', 'Detection by the board: silent → channel left', 'detections'],
  ['connect_ms', 'Connect: TCP → channel open', 'connects'],
  ['ping_rtt_ms', 'Ping round trip', 'pings'],
  [STALLS, 'Main-loop stalls: how late timers ran', 'late timers'],
];

export function distributions({ histograms, summary }: RunResult): Markup {
  const charts = CHARTS.map((chart) => ({ chart, samples: summary.metrics[chart[0]] as Distribution }));
  const figures = charts
    .filter(({ samples }) => samples.count > 0)
    .map(({ chart: [metric, title, what], samples }) => {
      const body =
        metric === STALLS ? stalls(title, what, samples, histograms[metric]) : durations(title, what, samples, histograms[metric]);
      return html`<figure class="card"><figcaption>${title}</figcaption>${body}</figure>`;
    });
  const without = charts.filter(({ samples }) => samples.count === 0).map(({ chart: [, title] }) => title);
  return html`<div class="small-charts">${figures}</div>${without.length === 0 ? '' : html`<p class="empty">No samples: ${without.join(' · ')}</p>`}`;
}

function durations(title: string, what: string, { count, p50, p99, max }: Distribution, bins: Bin[]): Markup {
  const quantiles: Mark[] = [
    { ms: p50 ?? 0, label: 'p50', dashed: false },
    { ms: p99 ?? 0, label: 'p99', dashed: true },
  ];
  const finding = count === 1 ? formatMs(max ?? 0) : `Half within ${unbroken(p50)}, 99\u00a0% within ${unbroken(p99)}`;
  return html`<p class="finding">${finding}</p><p class="numbers">longest ${formatMs(max ?? 0)} · n\u00a0=\u00a0${formatCount(count)}</p>${histogram(`Distribution: ${title}`, what, bins, count === 1 ? [] : quantiles)}`;
}

/**
 * Nearly all timers are on time; a bar of them would hide the rest, so only the late ones are drawn, which
 * have no quantiles of their own.
 */
function stalls(title: string, what: string, { count, max }: Distribution, bins: Bin[]): Markup {
  const late = bins.filter((bin) => bin.fromMs > 0);
  if (late.length === 0) return html`<p class="finding">No timer was more than 0.1 ms late, of ${formatCount(count)}</p>`;
  const lateCount = late.reduce((sum, bin) => sum + bin.count, 0);
  return html`<p class="finding">${formatCount(lateCount)} of ${formatCount(count)} timers late, up to ${unbroken(max)}</p>${histogram(`Distribution: ${title}`, what, late, [])}`;
}

/** A number and its unit stay in one line. */
function unbroken(ms: number | null): string {
  return formatMs(ms ?? 0).replaceAll(' ', '\u00a0');
}
