/** A tuning on the terminal: the front, what is recommended and why, and what to paste where. */
import { formatBytes, formatMs, formatRough, plural } from 'host/format';
import { wrap } from 'host/wrap';
import { cellName, formatEstimate } from '../../study/labels.ts';
import { tuneHeadline } from '../../study/tune/headline.ts';
import type { TunePoint, TuneResult } from '../../study/tune/result.ts';
import {
  neighbourSentence,
  pointName,
  racedSentence,
  runsSentence,
  shortName,
  shownMetrics,
  stepName,
} from '../../study/tune/sentences.ts';
import type { Screen } from '../io.ts';
import { terminalTable } from './table.ts';

/** What a person reads through; front.json has all. */
const MAX_ROWS = 20;

/** @param relay the command of the relay; null when nothing is recommended */
export function tuneWords(result: TuneResult, relay: string | null, configFile: string, { colours, columns }: Screen): string {
  const { recommended, goals, front, nearest } = result;
  const headline = wrap(tuneHeadline(result));
  const raced = wrap(`${racedSentence(result)} ${runsSentence(result)}`);
  if (recommended === null || relay === null) {
    const head = colours.bold(colours.red(`${headline} The nearest:`));
    return [head, pointTable(nearest, result, columns), ...unseenLines(result).map(colours.red), raced].join('\n');
  }
  return [
    `${colours.bold(colours.green(headline))}\n`,
    wrap(`The Pareto front: nothing else that surely keeps ${goals.join(' and ')} is better in one without being worse in another.`),
    pointTable(front, result, columns),
    `Recommended: ${pointName(recommended.parameters)} (→)`,
    ...(front.some(({ tied }) => tied) ? ['Those marked = are not surely worse.'] : []),
    ...neighbourLines(result),
    raced,
    `Relay: ${colours.bold(relay)}`,
    `Board: ${colours.bold(configFile)}`,
  ].join('\n');
}

/** What `advise` answers: the sentence, what else could be had, and what to paste where. */
export function adviceWords(result: TuneResult, relay: string | null, configFile: string, screen: Screen): string {
  const { recommended, front, board_hours } = result;
  if (recommended === null || relay === null) return tuneWords(result, relay, configFile, screen);
  const { colours, columns } = screen;
  const rows = front.slice(0, MAX_ROWS).map((point) => {
    const mean = (name: string) => point.metrics[name].mean ?? 0;
    const [bytes, alarms] = ['keepalive_bytes', 'false_disconnects'].map((name) => mean(name) / board_hours);
    const mark = point.cell === recommended.cell ? '→' : point.tied ? '=' : '';
    return [mark, cellName(point.parameters), formatMs(mean('max(detect_ms)')), formatBytes(bytes), formatRough(alarms)];
  });
  const head = ['', 'ping · wait', 'found within', 'keepalive', 'false disconnects'];
  return [
    colours.bold(colours.green(wrap(tuneHeadline(result)))),
    ...(rows.length > 1 ? [`\n${wrap(others(result))}`, terminalTable(head, rows, columns)] : []),
    `Relay: ${colours.bold(relay)}`,
    `Board: ${colours.bold(configFile)}`,
  ].join('\n');
}

function others({ parameters, front }: TuneResult): string {
  const ways = plural(parameters[0].values.length, 'way');
  const tied = front.some(({ tied }) => tied) ? ' Those marked = are not surely worse.' : '';
  return `Of ${ways} to divide that time these are left: none is better in one without being worse in another, per board-hour.${tied}`;
}

function pointTable(points: readonly TunePoint[], result: TuneResult, columns: number): string {
  const metrics = shownMetrics(result);
  const names = result.parameters.map(({ name }) => shortName(name)).join(', ');
  const rows = points.slice(0, MAX_ROWS).map((point) => {
    const mark = point.cell === result.recommended?.cell ? '→' : point.tied ? '=' : '';
    return [mark, cellName(point.parameters), String(point.seeds), ...metrics.map((name) => formatEstimate(name, point.metrics[name]))];
  });
  const table = terminalTable(['', names, 'seeds', ...metrics], rows, columns);
  const hidden = points.length - MAX_ROWS;
  return hidden > 0 ? `${table}\n… and ${hidden} more` : table;
}

function neighbourLines(result: TuneResult): string[] {
  const { recommended, neighbours, minimize } = result;
  if (recommended === null || neighbours.length === 0) return [];
  const lines = neighbours.map((neighbour) =>
    wrap(`- ${stepName(neighbour, recommended)}: ${neighbourSentence(neighbour, minimize)}`, '  '),
  );
  return ['One step away (difference with its 95 % interval):', ...lines];
}

/** A goal that no run had a sample for cannot be kept, whatever is tried. */
function unseenLines({ points }: TuneResult): string[] {
  const unseen = Object.keys(points[0]?.metrics ?? {}).filter((name) => points.every(({ metrics }) => metrics[name].n === 0));
  return unseen.map((name) => `No run had a sample of ${name}: nothing that happens in this world makes one.`);
}
