/** A tuning on the terminal: the front, what is recommended and why, and what to paste where. */
import { wrap } from 'host/wrap';
import { cellName, formatEstimate } from '../../study/labels.ts';
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
  const raced = wrap(`${racedSentence(result)} ${runsSentence(result)}`);
  if (recommended === null || relay === null) {
    const head = colours.red(`No setting surely keeps ${goals.join(' and ')}. The nearest:`);
    return [head, pointTable(nearest, result, columns), ...unseenLines(result).map(colours.red), raced].join('\n');
  }
  return [
    `The Pareto front: nothing else that surely keeps ${goals.join(' and ')} is better in one without being worse in another.`,
    pointTable(front, result, columns),
    `${colours.bold(`Recommended: ${pointName(recommended.parameters)}`)} (→)`,
    ...(front.some(({ tied }) => tied) ? ['Those marked = are not surely worse.'] : []),
    ...neighbourLines(result),
    raced,
    `Relay: ${colours.bold(relay)}`,
    `Board: ${colours.bold(configFile)}`,
  ].join('\n');
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
  const lines = neighbours.map((neighbour) => `  ${stepName(neighbour, recommended)}: ${neighbourSentence(neighbour, minimize)}`);
  return ['One step away (difference with its 95 % interval):', ...lines];
}

/** A goal that no run had a sample for cannot be kept, whatever is tried. */
function unseenLines({ points }: TuneResult): string[] {
  const unseen = Object.keys(points[0]?.metrics ?? {}).filter((name) => points.every(({ metrics }) => metrics[name].n === 0));
  return unseen.map((name) => `No run had a sample of ${name}: nothing that happens in this world makes one.`);
}
