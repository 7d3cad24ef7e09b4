/** An answer of `why` on the terminal: the probability over time, the events around the moment, what was tried. */
import { wrap } from 'host/wrap';
import type { Analysis } from '../../why/analyse.ts';
import type { TriedChange } from '../../why/find-cure.ts';
import { type Point, share } from '../../why/find-moment.ts';
import { cureWords, momentWords, pointWords, secondsWords, survivedWords } from '../../why/words.ts';
import type { Screen } from '../io.ts';
import { terminalTable } from './table.ts';

const BAR_COLUMNS = 20;
/** Of each kind; why.json has all. */
const MAX_CHANGES = 6;

export function whyWords(analysis: Analysis, { colours, columns }: Screen): string {
  const { happenings, settings, circumstances } = analysis;
  const changes = [...settings.slice(0, MAX_CHANGES), ...circumstances.slice(0, MAX_CHANGES)];
  const events = happenings.map(({ atMs, board, what, decisive }) => [decisive ? '→' : '', secondsWords(atMs), board, what]);
  return [
    colours.bold(wrap(momentWords(analysis))),
    colours.bold(wrap(cureWords(analysis))),
    `\n${wrap('How likely it was: the same luck until a time, other luck after it.')}`,
    chart(analysis),
    ...(events.length > 0 ? ['\nThe events around it:', terminalTable(['', 'at', 'board', 'what'], events, columns)] : []),
    '\nWhat would have been, the best first:',
    terminalTable(['', 'with', 'in place of', 'survives'], changes.map(changeRow), columns),
    ...(changes.every(({ sameUntil }) => sameUntil)
      ? []
      : [wrap('* Something differs before the moment, so other packets are lost: luck is other luck.')]),
  ].join('\n');
}

function chart({ points, moment }: Analysis): string {
  const marked = moment.kind === 'from-the-start' ? null : moment.after;
  const shown = points.filter((point, index) => point === marked || !isBetweenEquals(points, index));
  const width = Math.max(...shown.map(({ atMs }) => secondsWords(atMs).length));
  return shown
    .map((point) => {
      const filled = Math.round(BAR_COLUMNS * share(point));
      const bar = `${'█'.repeat(filled)}${'·'.repeat(BAR_COLUMNS - filled)}`;
      return `  ${secondsWords(point.atMs).padStart(width)}  ${bar}  ${pointWords(point)}${point === marked ? '  ←' : ''}`;
    })
    .join('\n');
}

function isBetweenEquals(points: readonly Point[], index: number): boolean {
  const [before, own, after] = [points[index - 1], points[index], points[index + 1]];
  return before !== undefined && after !== undefined && share(before) === share(own) && share(own) === share(after);
}

function changeRow(change: TriedChange): string[] {
  const mark = change.undoes ? '✓' : '';
  const differs = change.sameUntil ? '' : ' *';
  return [mark, change.set === '' ? `without ${change.name}` : change.set, change.was, `${survivedWords(change)}${differs}`];
}
