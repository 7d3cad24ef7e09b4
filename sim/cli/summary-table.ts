/**
 * A run's summary as a person reads it in ten seconds: one table, at most 80 columns, the bad news in red. Several runs: one table with a line for each.
 *
 * Shows what answers "how did they fare"; all metrics are in summary.json.
 */
import Table from 'cli-table3';
import type { createColors } from 'picocolors';
import { type CheckResult, type Distribution, isJudged, type Stall, type Summary, type ThresholdResult } from '../measure/result.ts';

/** Lines between rows cost more height than they give order. */
const NO_RULES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

type Colours = ReturnType<typeof createColors>;

const COLUMNS = 80;
/** Borders and padding of two columns. */
const FRAME_COLUMNS = 7;
const LABEL_COLUMNS = 21;
const VALUE_COLUMNS = COLUMNS - FRAME_COLUMNS - LABEL_COLUMNS;

/** @param stalls the worst first; the summary itself does not say what held the CPU */
export function summaryTable(summary: Summary, stalls: readonly Stall[], colours: Colours): string {
  const table = new Table({
    colWidths: [LABEL_COLUMNS + 2, VALUE_COLUMNS + 2],
    wordWrap: true,
    style: { head: [], border: [] },
    chars: NO_RULES,
  });
  table.push(...summaryRows(summary, stalls, colours).map(([label, value]) => [colours.bold(label), value]));
  return table.toString();
}

function summaryRows(summary: Summary, stalls: readonly Stall[], colours: Colours): [string, string][] {
  const { metrics, checks, thresholds, interrupted, virtual_ms } = summary;
  const number = (name: string) => metrics[name] as number;
  const distribution = (name: string) => metrics[name] as Distribution;
  const [sent, delivered, lost] = ['messages_sent', 'messages_delivered', 'messages_lost'].map(number);
  return [
    ...(interrupted
      ? ([['Interrupted', colours.red(`after ${time(virtual_ms)} of ${summary.mode === 'live' ? 'real' : 'virtual'} time`)]] as [
          string,
          string,
        ][])
      : []),
    ['Availability', `${share(number('channel_availability'))} of board-time`],
    ['Reconnects', reconnects(parts(metrics, 'disconnects.'), distribution('reconnect_ms').count, number('false_disconnects'))],
    ...statusRow(summary),
    ['Half-open detected', spread(distribution('detect_ms'))],
    ['Back after an outage', spread(distribution('recovery_ms'))],
    [
      'Messages',
      `${grouped(sent)} sent, ${grouped(delivered)} delivered, ${lost > 0 ? colours.red(`${grouped(lost)} lost (${share(lost / sent)})`) : '0 lost'}`,
    ],
    ...refusedRow(metrics),
    ...external(summary),
    ['Latency', spread(distribution('message_latency_ms'))],
    ...tlsRow(metrics),
    ['Worst loop stall', stalls.length === 0 ? '0 ms' : stalls.map(({ cause, worstMs }) => `${time(worstMs)} (${cause})`).join(', ')],
    ['Checks', checks.length === 0 ? 'none' : verdicts(checks.map(checkLine), 'hold', colours)],
    ['Thresholds', thresholds.length === 0 ? 'none' : verdicts(thresholds.map(thresholdLine), 'met', colours)],
  ];
}

/** Which HTTP statuses kept boards out, if any did. */
function statusRow({ refused_by_status }: Summary): [string, string][] {
  if (refused_by_status === undefined) return [];
  return [
    [
      'Refused by server',
      Object.entries(refused_by_status)
        .map(([status, count]) => `HTTP ${status}: ${grouped(count)}`)
        .join(', '),
    ],
  ];
}

/** What the channel refused of the messages, if anything: with `not_utf8` and its like it is the app that must be mended. */
function refusedRow(metrics: Summary['metrics']): [string, string][] {
  const refused = (metrics.messages_refused as number | undefined) ?? 0;
  return refused === 0 ? [] : [['Refused by send', `${grouped(refused)} of these: ${parts(metrics, 'messages_refused.')}`]];
}

/** Who else was there, in a live run. */
function external({ external: others }: Summary): [string, string][] {
  if (others === undefined) return [];
  const { connects, peak, messages_received, messages_sent } = others;
  if (connects === 0) return [['Other clients', 'none']];
  return [
    [
      'Other clients',
      `${grouped(connects)} connects, ${peak} at a time; ${grouped(messages_received)} messages from them, ${grouped(messages_sent)} to them`,
    ],
  ];
}

/** What TLS costs, of a run that has it. */
function tlsRow(metrics: Summary['metrics']): [string, string][] {
  const bytes = (metrics.tls_bytes as number | undefined) ?? 0;
  if (bytes === 0) return [];
  const { p50 } = metrics.connect_ms as Distribution;
  const connect = p50 === null ? 'no connect' : `connect p50 ${time(p50)}`;
  const reasons = parts(metrics, 'tls_failures.');
  return [['TLS', `${connect}, ${grouped(bytes)} bytes more${reasons === '' ? '' : `; failed: ${reasons}`}`]];
}

const RUN_COLUMNS = ['scenario', 'seed', 'avail.', 'reconn.', 'lost', 'p99 lat.', 'result'];
const RUN_WIDTHS = [19, 7, 8, 9, 8, 10, 11];
/** Without the padding. */
const NAME_COLUMNS = RUN_WIDTHS[0] - 2;

/**
 * What is longer than its column (a name may have 64 characters, a seed 10 digits) goes on below.
 * @param ends each run's outcome in a word
 */
export function runsTable(runs: readonly { summary: Summary; end: string }[], colours: Colours): string {
  const table = new Table({
    head: RUN_COLUMNS,
    colWidths: RUN_WIDTHS,
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
    chars: NO_RULES,
  });
  for (const { summary, end } of runs) {
    const { metrics } = summary;
    const latency = metrics.message_latency_ms as Distribution;
    table.push([
      brokenAtHyphens(summary.scenario),
      String(summary.seed),
      share(metrics.channel_availability as number),
      grouped((metrics.reconnect_ms as Distribution).count),
      grouped(metrics.messages_lost as number),
      latency.p99 === null ? '–' : time(latency.p99),
      end === 'ok' ? colours.green(end) : colours.red(end),
    ]);
  }
  return table.toString();
}

/** Into lines that end with a hyphen where there is one. */
function brokenAtHyphens(name: string): string {
  if (name.length <= NAME_COLUMNS) return name;
  const hyphen = name.lastIndexOf('-', NAME_COLUMNS - 1);
  const end = hyphen > 0 ? hyphen + 1 : NAME_COLUMNS;
  return `${name.slice(0, end)}\n${brokenAtHyphens(name.slice(end))}`;
}

/** `ping_timeout 12, reset 3`: the counters whose names begin so, but for those that are 0. */
function parts(metrics: Summary['metrics'], prefix: string): string {
  return Object.entries(metrics)
    .filter(([name, count]) => name.startsWith(prefix) && (count as number) > 0)
    .map(([name, count]) => `${name.slice(prefix.length)} ${grouped(count as number)}`)
    .join(', ');
}

function reconnects(causes: string, count: number, falseDisconnects: number): string {
  if (count === 0 && causes === '') return '0';
  return `${grouped(count)}${causes === '' ? '' : `; lost to ${causes}`}${falseDisconnects > 0 ? `; ${grouped(falseDisconnects)} of them false` : ''}`;
}

function spread({ count, p50, p99, max }: Distribution): string {
  if (p50 === null || p99 === null || max === null) return 'none';
  return `p50 ${time(p50)}, p99 ${time(p99)}, worst ${time(max)} (of ${grouped(count)})`;
}

interface Verdict {
  is: 'good' | 'failed' | 'not judged';
  line: string;
}

function checkLine(check: CheckResult): Verdict {
  return { is: verdictOn(check), line: check.detail === undefined ? check.name : `${check.name}: ${check.detail}` };
}

function thresholdLine(threshold: ThresholdResult): Verdict {
  const { expr, value } = threshold;
  return {
    is: verdictOn(threshold),
    line: value === null ? `${expr}: not judged: no sample` : `${expr} (${Number(value.toPrecision(6))})`,
  };
}

function verdictOn(one: CheckResult | ThresholdResult): Verdict['is'] {
  if (!one.ok) return 'failed';
  return isJudged(one) ? 'good' : 'not judged';
}

/** Failures, and what could not be judged, one by one; what holds is only counted. */
function verdicts(all: readonly Verdict[], good: string, colours: Colours): string {
  const of = (is: Verdict['is']) => all.filter((verdict) => verdict.is === is);
  const [fine, failed, open] = [of('good'), of('failed'), of('not judged')];
  if (fine.length === all.length) return colours.green(all.length === 1 ? `1 of 1 ${good}` : `all ${all.length} ${good}`);
  const counts = [
    ...(failed.length > 0
      ? [colours.red(`${failed.length} of ${all.length} failed`)]
      : [colours.green(`${fine.length} of ${all.length} ${good}`)]),
    ...(open.length > 0 ? [`${open.length} not judged`] : []),
  ];
  return [counts.join(', '), ...[...failed, ...open].map(({ line }) => line)].join('\n');
}

/** Three digits are what a person keeps in mind. */
function time(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  return `${Number((ms / 60_000).toPrecision(3))} min`;
}

/** `99.98%`; never rounded up to 100. */
function share(value: number): string {
  const percent = Math.floor(value * 10_000) / 100;
  return `${value > 0 && percent === 0 ? '< 0.01' : percent}%`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
