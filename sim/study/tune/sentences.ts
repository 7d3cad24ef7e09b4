/** What a tuning found, in sentences: the same in the terminal and in the report. */
import { formatCount, plural } from 'host/format';
import { formatMetric } from '../../measure/format-metric.ts';
import { formatEstimate } from '../labels.ts';
import { writeValue } from '../sweep/study.ts';
import type { Neighbour, TunePoint, TuneResult } from './result.ts';

/** `ping_interval 10s, ping_timeout 5s` */
export function pointName(parameters: Record<string, unknown>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${shortName(name)} ${writeValue(value)}`)
    .join(', ');
}

/** `relay.ping_interval` → `ping_interval`; the board's own have `board_` in their names already. */
export function shortName(parameter: string): string {
  return parameter.replace(/^(relay|boards)\./, '');
}

/** `ping_interval 10s → 7s` */
export function stepName({ point }: Neighbour, from: TunePoint): string {
  const changed = Object.keys(point.parameters).filter((name) => writeValue(point.parameters[name]) !== writeValue(from.parameters[name]));
  return changed
    .map((name) => `${shortName(name)} ${writeValue(from.parameters[name])} → ${writeValue(point.parameters[name])}`)
    .join(', ');
}

/** What was looked at, and how it stands with the goals. */
export function racedSentence({ points, parameters, goals }: TuneResult): string {
  const grid = parameters.reduce((product, { values }) => product * values.length, 1);
  const count = (verdict: TunePoint['verdict']) => points.filter((point) => point.verdict === verdict).length;
  const [met, missed, open] = [count('met'), count('missed'), count('open')];
  const undecided = open === 0 ? '' : `, of ${open} it was not decided`;
  return `Of ${plural(grid, 'setting')} ${formatCount(points.length)} were raced: ${met} surely keep ${goals.join(' and ')}, ${missed} surely do not${undecided}.`;
}

export function runsSentence({ runs, end, recommended, seeds }: TuneResult): string {
  const most = recommended?.seeds ?? seeds.most;
  const times = Number((runs.fullGrid / runs.used).toPrecision(2));
  const stopped = end === 'budget' ? ` The budget of ${formatCount(runs.budget)} ended the search before everything was decided.` : '';
  return `${plural(runs.used, 'run')}; the whole grid with ${plural(most, 'seed')} per setting takes ${formatCount(runs.fullGrid)}, ${times} times as many.${stopped}`;
}

/** Why the recommended setting and not this one. */
export function neighbourSentence({ point, differences }: Neighbour, minimize: readonly string[]): string {
  const { verdict, fails, metrics } = point;
  if (verdict !== 'met') {
    const values = fails.map((fail) => {
      const metric = Object.keys(metrics).find((name) => fail.startsWith(name));
      return metric === undefined ? `breaks ${fail}` : `${fail}: ${formatEstimate(metric, metrics[metric])}`;
    });
    return `${verdict === 'missed' ? 'misses' : 'does not surely keep'} ${values.join('; ')}`;
  }
  const own = differences.filter(({ metric }) => minimize.includes(metric));
  if (own.every(({ difference }) => difference.mean === 0 && difference.low === difference.high))
    return `the same in ${minimize.join(' and ')}`;
  return own.map(differenceWords).join('; ');
}

/** `keepalive_bytes +2,150 (1,900 to 2,400)` */
function differenceWords({ metric, difference, moreThanNoise }: Neighbour['differences'][number]): string {
  const { mean, low, high } = difference;
  if (mean === null) return `${metric}: no sample`;
  const change = `${metric} ${mean > 0 ? '+' : ''}${formatMetric(metric, mean)}`;
  if (low === null || high === null) return change;
  return `${change} (${moreThanNoise ? '' : 'may be noise: '}${formatMetric(metric, low)} to ${formatMetric(metric, high)})`;
}

/** Metrics with a column: those of goals and objectives. */
export function shownMetrics({ points }: TuneResult): string[] {
  return Object.keys(points[0]?.metrics ?? {});
}
