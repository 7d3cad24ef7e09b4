/**
 * The parts of the report that are numbers in rows: key figures, causes, stalls, checks and thresholds,
 * boards, all metrics.
 */
import { formatCount, formatMs, formatShare, plural } from 'host/format';
import { type MetricName, metricNameOf, specOf } from '../measure/registry.ts';
import {
  type BoardResult,
  type CheckResult,
  type Distribution,
  isJudged,
  type MetricValue,
  type RunResult,
  type Stall,
  type Summary,
  type ThresholdResult,
} from '../measure/result.ts';
import { causeWords, countedCauses } from './causes.ts';
import { html, type Markup } from './html.ts';
import type { Loss } from './losses.ts';
import { missed } from './verdict.ts';

/** A longer table scrolls by itself on a screen; on paper it is all there. */
const ROWS_AT_ONCE = 60;

const STALL_WORDS: Record<string, string> = {
  connect: 'a connect that blocks all else',
  tls: 'a TLS handshake: RSA, or all of it where it blocks',
  handler: 'other handlers of the firmware',
};

export function stallWords(cause: string): string {
  return STALL_WORDS[cause] ?? cause;
}

export function keyFigures({ metrics }: Summary): Markup {
  const number = (name: MetricName) => metrics[name] as number;
  const spread = (name: MetricName) => metrics[name] as Distribution;
  const worst = (name: MetricName) => `worst ${formatMs(spread(name).max ?? 0)}`;
  const timed = (name: MetricName, title: string): [string, string, string] =>
    spread(name).count > 0 ? [title, formatMs(spread(name).p50 ?? 0), `median; ${worst(name)}`] : [title, '–', 'never needed'];
  const latency = spread('message_latency_ms');
  const figures: [title: string, figure: string, note: string][] = [
    ['Availability', formatShare(number('channel_availability')), 'of board-time since the first open channel'],
    ['Messages lost', formatCount(number('messages_lost')), `of ${formatCount(number('messages_sent'))} sent`],
    [
      'Message latency',
      latency.count > 0 ? formatMs(latency.p50 ?? 0) : '–',
      latency.count > 0 ? `median; p99 ${formatMs(latency.p99 ?? 0)}` : 'no samples',
    ],
    ['Reconnects', formatCount(spread('reconnect_ms').count), `${plural(number('false_disconnects'), 'false disconnect')}`],
    timed('detect_ms', 'Half-open found'),
    timed('recovery_ms', 'Back after an outage'),
    [
      'Retransmitted',
      formatShare(ratio(number('tcp_retransmits'), number('tcp_segments'))),
      `of ${formatCount(number('tcp_segments'))} TCP segments`,
    ],
    ['Worst main-loop stall', formatMs(spread('main_loop_stall_ms').max ?? 0), `p99 ${formatMs(spread('main_loop_stall_ms').p99 ?? 0)}`],
  ];
  return html`<div class="figures">${figures.map(
    ([title, figure, note]) => html`<div class="card"><h3>${title}</h3><p class="figure">${figure}</p><p class="note">${note}</p></div>`,
  )}</div>`;
}

export function causes({ metrics, refused_by_status = {} }: Summary): Markup {
  const total = metrics.disconnects as number;
  const failures = metrics.connect_failures as number;
  const after = html`<p class="note">${plural(failures, 'connect attempt')} failed before the channel was open.</p>`;
  if (total === 0) return html`<p class="empty">no connection ended</p>${after}`;
  const rows = countedCauses(metrics).map(
    ({ cause, count }) =>
      html`<tr><th scope="row">${causeWords(cause)} <code>${cause}</code></th><td class="number">${formatCount(count)}</td><td class="bar"><span style="width:${Math.round((count / total) * 100)}%"></span></td></tr>`,
  );
  const statuses = Object.entries(refused_by_status).map(([status, count]) => `HTTP ${status} ${plural(count, 'time')}`);
  const refused = statuses.length > 0 ? html`<p class="note">Servers refused by ${statuses.join(', ')}.</p>` : '';
  return html`<table class="causes"><tbody>${rows}</tbody></table>${refused}${after}`;
}

export function stallTable(stalls: readonly Stall[]): Markup {
  if (stalls.length === 0) return html`<p class="empty">no timer of the firmware was ever late</p>`;
  const rows = stalls.map(
    ({ cause, count, worstMs }) =>
      html`<tr><th scope="row" class="words">${stallWords(cause)} <code>${cause}</code></th><td>${formatMs(worstMs)}</td><td>${formatCount(count)}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">Cause</th><th scope="col">Worst</th><th scope="col">Late timers</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

export function judgements({ checks, thresholds }: Summary): Markup {
  const items = [
    ...checks.map((check) => judgement(check, ['holds', 'broken'], check.name, check.detail ?? '')),
    ...thresholds.map((threshold) =>
      judgement(threshold, ['kept', 'missed'], threshold.expr, threshold.value === null ? 'no samples' : missed(threshold)),
    ),
  ];
  return items.length > 0 ? html`<ul class="judgements">${items}</ul>` : html`<p class="empty">nothing was asked of this run</p>`;
}

/** Groups of the fleet side by side. */
export function groupTable({ groups = [], metrics }: Summary): Markup {
  const columns = [
    'Group',
    'Boards',
    'Availability',
    'Reconnects',
    'Back after an outage',
    'False disconnects',
    'Sent',
    'Lost',
    'Firmware',
    'Device',
  ];
  const head = columns.map((title) => html`<th scope="col">${title}</th>`);
  const rows = groups.map(({ name, boards, boards_at_end: atEnd = boards, firmware, device }) => {
    const isEmpty = metrics[metricNameOf({ metric: 'connects', group: name })] === undefined;
    const number = (metric: MetricName) => metrics[metricNameOf({ metric, group: name })] as number;
    const spread = (metric: MetricName) => metrics[metricNameOf({ metric, group: name })] as Distribution;
    const { count, p50, max } = isEmpty ? { count: 0, p50: 0, max: 0 } : spread('recovery_ms');
    const figures = isEmpty
      ? ['–', '–', '–', '–', '–', '–']
      : [
          formatShare(number('channel_availability')),
          formatCount(spread('reconnect_ms').count),
          count === 0 ? '–' : `${formatMs(p50 ?? 0)} median, ${formatMs(max ?? 0)} worst`,
          formatCount(number('false_disconnects')),
          formatCount(number('messages_sent')),
          formatCount(number('messages_lost')),
        ];
    return html`<tr><th scope="row">${name}</th><td>${atEnd === boards ? boards : `${boards}, at the end ${atEnd}`}</td>${figures.map((figure) => html`<td>${figure}</td>`)}<td class="words">${firmware}</td><td class="words">${device}</td></tr>`;
  });
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

export function boardTable(boards: readonly BoardResult[], losses: readonly Loss[]): Markup {
  const columns = ['Board', 'Availability', 'Connects', 'Disconnects', 'Sent', 'Lost', 'Worst stall', 'Lost to, as the board saw it'];
  const head = columns.map((title) => html`<th scope="col"><button type="button">${title}</button></th>`);
  const causesOf = causesByBoard(losses);
  const rows = worstFirst(boards).map(({ board, index }) => {
    const lost = causesOf.get(index) ?? new Map<string, number>();
    const times = [...lost.values()].reduce((sum, count) => sum + count, 0);
    return html`<tr><th scope="row" data-v="${index}">${board.id}</th><td data-v="${board.availability}">${formatShare(board.availability)}</td><td>${board.connects}</td><td>${board.disconnects}</td><td>${board.messagesSent}</td><td>${board.messagesLost}</td><td data-v="${board.worstStallMs}">${formatMs(board.worstStallMs)}</td><td class="words" data-v="${times}">${lossWords(lost)}</td></tr>
`;
  });
  const isLong = boards.length > ROWS_AT_ONCE;
  return html`<div class="${isLong ? 'scroll tall' : 'scroll'}"><table class="sortable boards"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A line may end between two causes, not in one. */
function lossWords(lost: ReadonlyMap<string, number>): Markup[] {
  return [...lost].map(([cause, count], index) => html`${index > 0 ? ', ' : ''}<span class="one">${count} × ${cause}</span>`);
}

/** A board is asked about because it is bad; the columns' titles turn the order. */
function worstFirst(boards: readonly BoardResult[]): { board: BoardResult; index: number }[] {
  return boards
    .map((board, index) => ({ board, index }))
    .sort((a, b) => a.board.availability - b.board.availability || b.board.disconnects - a.board.disconnects);
}

function causesByBoard(losses: readonly Loss[]): Map<number, Map<string, number>> {
  const byBoard = new Map<number, Map<string, number>>();
  for (const { board, cause } of losses) {
    const counts = byBoard.get(board) ?? new Map<string, number>();
    byBoard.set(board, counts.set(cause, (counts.get(cause) ?? 0) + 1));
  }
  return byBoard;
}

export function metricTable({ metrics }: RunResult['summary']): Markup {
  const rows = Object.entries(metrics).map(([name, value]) => {
    const spec = specOf(name);
    return html`<tr><th scope="row"><code>${name}</code></th><td class="number">${metricValue(value)}</td><td class="words">${spec?.meaning ?? ''}</td></tr>`;
  });
  return html`<div class="scroll"><table class="metrics"><thead><tr><th scope="col">Metric</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function judgement(one: CheckResult | ThresholdResult, [good, bad]: [good: string, bad: string], name: string, detail: string): Markup {
  const [kind, word] = !one.ok ? ['bad', `✗ ${bad}`] : isJudged(one) ? ['good', `✓ ${good}`] : ['open', '– not judged'];
  return html`<li class="${kind}"><b>${word}</b> <code>${name}</code>${detail ? html` <span>${detail}</span>` : ''}</li>`;
}

function metricValue(value: MetricValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? formatCount(value) : String(value);
  if (value.count === 0) return 'no samples';
  return `${formatCount(value.count)} × p50 ${formatMs(value.p50 ?? 0)}, p99 ${formatMs(value.p99 ?? 0)}, max ${formatMs(value.max ?? 0)}`;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
