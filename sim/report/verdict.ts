/**
 * The verdict: what held or failed, by how much, on whom, and what to try. The first line of the terminal's
 * summary, of the report, and of summary.json.
 */
import { formatMs, plural } from 'host/format';
import { formatMetric } from '../measure/format-metric.ts';
import { type BoardResult, isJudged, type RunResult, type Summary, type ThresholdResult } from '../measure/result.ts';
import { parseThreshold, subjectOf } from '../measure/thresholds.ts';
import { headline } from './headline.ts';

export interface Verdict {
  kind: 'good' | 'bad';
  words: string;
}

export function verdictOf({ summary, boards, advice }: Pick<RunResult, 'summary' | 'boards' | 'advice'>): Verdict {
  const [first, ...others] = failures(summary, boards);
  const kind = first === undefined ? 'good' : 'bad';
  const more = others.length === 0 ? '' : ` And ${others.length} more failed.`;
  const tail = advice === undefined ? '' : ` ${advice}`;
  const partial = summary.interrupted ? `INTERRUPTED after ${formatMs(summary.virtual_ms)}. ` : '';
  if (first !== undefined) return { kind, words: `${partial}FAILED: ${first}.${more}${tail}` };
  return { kind, words: `${partial}${held(summary)}${headline(summary)}` };
}

/** Checks first: what must never happen is graver than a figure that is missed. */
function failures({ checks, thresholds }: Summary, boards: readonly BoardResult[]): string[] {
  return [
    ...checks.filter(({ ok }) => !ok).map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`)),
    ...thresholds.filter(({ ok }) => !ok).map((threshold) => `${missed(threshold)}${onWhom(threshold, boards)}`),
  ];
}

const LIMIT_WORDS: Record<string, string> = {
  '<': 'limit',
  '<=': 'limit',
  '>': 'wanted more than',
  '>=': 'wanted at least',
  '==': 'wanted',
  '!=': 'wanted anything but',
};

/** `p95(reconnect_ms) 52 s, limit 45 s`. */
export function missed({ expr, value }: ThresholdResult): string {
  const parsed = parseThreshold(expr, 'any');
  if (!parsed.ok) return expr;
  const { operator, bound } = parsed.threshold;
  const name = subjectOf(parsed.threshold);
  return `${name} ${formatMetric(name, value)}, ${LIMIT_WORDS[operator]} ${formatMetric(name, bound)}`;
}

/** Metrics that boards have of their own: how bad a board is (more is worse), and how that reads. */
const BY_BOARD: Record<string, [badness: (board: BoardResult) => number, words: (board: BoardResult) => string]> = {
  channel_availability: [({ availability }) => -availability, ({ availability }) => formatMetric('channel_availability', availability)],
  disconnects: [({ disconnects }) => disconnects, ({ disconnects }) => plural(disconnects, 'disconnect')],
  messages_lost: [({ messagesLost }) => messagesLost, ({ messagesLost }) => `${messagesLost} lost`],
  main_loop_stall_ms: [({ worstStallMs }) => worstStallMs, ({ worstStallMs }) => formatMs(worstStallMs)],
};

function onWhom({ expr }: ThresholdResult, boards: readonly BoardResult[]): string {
  const parsed = parseThreshold(expr, 'any');
  const entry = parsed.ok ? BY_BOARD[parsed.threshold.metric] : undefined;
  if (entry === undefined || boards.length < 2) return '';
  const [badness, words] = entry;
  const worst = boards.reduce((a, b) => (badness(b) > badness(a) ? b : a));
  return boards.every((board) => badness(board) === badness(worst)) ? '' : `, worst on ${worst.id} (${words(worst)})`;
}

function held({ checks, thresholds }: Summary): string {
  const [kept, met] = [checks.filter(isJudged).length, thresholds.filter(isJudged).length];
  const open = checks.length + thresholds.length - kept - met;
  const asked = [kept > 0 ? plural(kept, 'check') : '', met > 0 ? plural(met, 'threshold') : ''].filter((part) => part !== '');
  const judged = asked.length > 0 ? `HELD: ${asked.join(' and ')}${open > 0 ? `, ${open} not judged` : ''}.` : 'Nothing was judged.';
  return `${judged} `;
}
