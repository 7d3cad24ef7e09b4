/**
 * A run's summary as a person reads it in ten seconds: one table, at most 80 columns, the bad news in red.
 * Several runs: one table with a line for each.
 *
 * Shows what answers "how did they fare"; all metrics are in summary.json.
 */
import { formatCount, formatMs, formatShare, plural } from 'host/format';
import { type CheckResult, type Distribution, isJudged, type Stall, type Summary, type ThresholdResult } from '../../measure/result.ts';
import { counted } from '../../report/causes.ts';
import { missed } from '../../report/verdict.ts';
import type { Screen } from '../io.ts';
import { airRows } from './air-rows.ts';
import { energyRows } from './energy-rows.ts';
import { terminalTable } from './table.ts';

type Colours = Screen['colours'];

/** Longer lines are hard to read, however wide the terminal is. */
const COLUMNS_MAX = 100;

/** @param stalls the worst first; the summary itself does not say what held the CPU */
export function summaryTable(summary: Summary, stalls: readonly Stall[], { colours, columns }: Screen): string {
  const rows = summaryRows(summary, stalls, colours).map(([label, value]) => [colours.bold(label), value]);
  return terminalTable(null, rows, Math.min(columns, COLUMNS_MAX));
}

function summaryRows(summary: Summary, stalls: readonly Stall[], colours: Colours): [string, string][] {
  const { metrics, checks, thresholds, interrupted, virtual_ms } = summary;
  const number = (name: string) => metrics[name] as number;
  const distribution = (name: string) => metrics[name] as Distribution;
  const [sent, delivered, lost] = ['messages_sent', 'messages_delivered', 'messages_lost'].map(number);
  return [
    ...(interrupted
      ? ([['Interrupted', colours.red(`after ${formatMs(virtual_ms)} of ${summary.mode === 'live' ? 'real' : 'virtual'} time`)]] as [
          string,
          string,
        ][])
      : []),
    ['Availability', `${formatShare(number('channel_availability'))} of board-time`],
    ['Reconnects', reconnects(parts(metrics, 'disconnects.'), distribution('reconnect_ms').count, number('false_disconnects'))],
    ...statusRow(summary),
    ['Half-open detected', spread(distribution('detect_ms'))],
    ['Back after an outage', spread(distribution('recovery_ms'))],
    [
      'Messages',
      `${formatCount(sent)} sent, ${formatCount(delivered)} delivered, ${lost > 0 ? colours.red(`${formatCount(lost)} lost (${formatShare(lost / sent)})`) : '0 lost'}`,
    ],
    ...refusedRow(metrics),
    ...external(summary),
    ['Latency', spread(distribution('message_latency_ms'))],
    ...tlsRow(metrics),
    ...airRows(summary, colours),
    ...energyRows(summary),
    ...groupRows(summary),
    ...updatesRow(metrics, colours),
    ['Worst loop stall', stalls.length === 0 ? '0 ms' : stalls.map(({ cause, worstMs }) => `${formatMs(worstMs)} (${cause})`).join(', ')],
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
        .map(([status, count]) => `HTTP ${status}: ${formatCount(count)}`)
        .join(', '),
    ],
  ];
}

/**
 * What the channel refused of the messages, if anything: with `not_utf8` and its like it is the app that must
 * be mended.
 */
function refusedRow(metrics: Summary['metrics']): [string, string][] {
  const refused = (metrics.messages_refused as number | undefined) ?? 0;
  return refused === 0 ? [] : [['Refused by send', `${formatCount(refused)} of these: ${parts(metrics, 'messages_refused.')}`]];
}

/** Who else was there, in a live run. */
function external({ external: others }: Summary): [string, string][] {
  if (others === undefined) return [];
  const { connects, peak, messages_received, messages_sent } = others;
  if (connects === 0) return [['Other clients', 'none']];
  return [
    [
      'Other clients',
      `${formatCount(connects)} connects, ${peak} at a time; ${formatCount(messages_received)} messages from them, ${formatCount(messages_sent)} to them`,
    ],
  ];
}

/** What TLS costs, of a run that has it. */
function tlsRow(metrics: Summary['metrics']): [string, string][] {
  const bytes = (metrics.tls_bytes as number | undefined) ?? 0;
  if (bytes === 0) return [];
  const { p50 } = metrics.connect_ms as Distribution;
  const connect = p50 === null ? 'no connect' : `connect p50 ${formatMs(p50)}`;
  const reasons = parts(metrics, 'tls_failures.');
  return [['TLS', `${connect}, ${formatCount(bytes)} bytes more${reasons === '' ? '' : `; failed: ${reasons}`}`]];
}

export const RUN_COLUMNS = ['scenario', 'seed', 'avail.', 'reconn.', 'lost', 'p99 lat.', 'result'];
const NAME_COLUMNS = 17;

/**
 * A name that is longer than its column (it may have 64 characters) goes on below.
 * @param ends each run's outcome in a word
 */
export function runsTable(runs: readonly { summary: Summary; end: string }[], { colours, columns }: Screen): string {
  const rows = runs.map(({ summary, end }) =>
    runRow({ ...summary, scenario: brokenAtHyphens(summary.scenario) }, (end === 'ok' ? colours.green : colours.red)(end)),
  );
  return terminalTable(RUN_COLUMNS, rows, columns);
}

/** As long as RUN_COLUMNS. */
export function runRow({ scenario, seed, metrics }: Summary, end: string): string[] {
  const latency = metrics.message_latency_ms as Distribution;
  return [
    scenario,
    String(seed),
    formatShare(metrics.channel_availability as number),
    formatCount((metrics.reconnect_ms as Distribution).count),
    formatCount(metrics.messages_lost as number),
    latency.p99 === null ? '–' : formatMs(latency.p99),
    end,
  ];
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
  return counted(metrics, prefix)
    .map(({ name, count }) => `${name} ${formatCount(count)}`)
    .join(', ');
}

/** A line for each group of the fleet. */
function groupRows({ groups = [], metrics }: Summary): [label: string, value: string][] {
  return groups.map(({ name, boards, boards_at_end: atEnd = boards }) => {
    if (!Object.hasOwn(metrics, `channel_availability.${name}`)) return [`Group ${name}`, 'no boards'];
    const distribution = (metric: string) => metrics[`${metric}.${name}`] as Distribution;
    const number = (metric: string) => metrics[`${metric}.${name}`] as number;
    const words = [
      `${plural(boards, 'board')}${atEnd === boards ? '' : ` at first, ${formatCount(atEnd)} at the end`}, ${formatShare(number('channel_availability'))} of board-time`,
      `${plural(distribution('reconnect_ms').count, 'reconnect')}`,
      `back ${spread(distribution('recovery_ms'))}`,
      `${formatCount(number('messages_lost'))} lost`,
    ];
    return [`Group ${name}`, words.join('; ')];
  });
}

/** Firmware that boards got, of a run in which some did. */
function updatesRow(metrics: Summary['metrics'], colours: Colours): [string, string][] {
  const number = (name: string) => (metrics[name] as number | undefined) ?? 0;
  const [done, rolledBack] = [number('updates'), number('update_rollbacks')];
  if (done + rolledBack === 0) return [];
  const back = rolledBack === 0 ? 'none rolled back' : colours.red(`${formatCount(rolledBack)} rolled back`);
  return [['Updates', `${formatCount(done)} done, ${back}; ${spread(metrics.update_ms as Distribution)}`]];
}

function reconnects(causes: string, count: number, falseDisconnects: number): string {
  if (count === 0 && causes === '') return '0';
  return `${formatCount(count)}${causes === '' ? '' : `; lost to ${causes}`}${falseDisconnects > 0 ? `; ${formatCount(falseDisconnects)} of them false` : ''}`;
}

function spread({ count, p50, p99, max }: Distribution): string {
  if (p50 === null || p99 === null || max === null) return 'none';
  return `p50 ${formatMs(p50)}, p99 ${formatMs(p99)}, worst ${formatMs(max)} (of ${formatCount(count)})`;
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
    line: value === null ? `${expr}: not judged: no sample` : missed(threshold),
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
