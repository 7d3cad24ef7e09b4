/**
 * The verdict on a study: what held or failed, in how many runs, with which settings most, and with which not
 * at all. First on the terminal, the page and in Markdown.
 */
import { formatCount, plural } from 'host/format';
import type { Verdict } from '../../report/verdict.ts';
import { cellName } from '../labels.ts';
import type { StudyTable, TableRow } from './table.ts';

/** Settings that are named as those that kept everything. */
const NAMED = 3;

export function studyVerdict(table: StudyTable): Verdict {
  const { cells, seeds, asked } = table;
  const runs = cells.length * seeds.count;
  const [first, ...others] = failuresOf(table);
  if (first === undefined) {
    const parts = [
      asked.checks > 0 ? plural(asked.checks, 'check') : '',
      asked.thresholds > 0 ? plural(asked.thresholds, 'threshold') : '',
    ].filter((part) => part !== '');
    return {
      kind: 'good',
      words: parts.length === 0 ? 'Nothing was judged.' : `HELD: ${parts.join(' and ')} in all ${plural(runs, 'run')}.`,
    };
  }
  const more = others.length === 0 ? '' : ` And ${others.length} more failed.`;
  const worst = first.worst === null ? '' : `, most with ${first.worst}`;
  return {
    kind: 'bad',
    words: `FAILED: ${first.name} in ${formatCount(first.count)} of ${plural(runs, 'run')}${worst}.${more}${kept(table)}`,
  };
}

interface Failure {
  name: string;
  /** Runs. */
  count: number;
  /** Where it was seen most, in words; null: everywhere alike. */
  worst: string | null;
}

/** Checks first: what must never happen is graver than a figure that is missed. */
export function failuresOf({ cells, seeds }: StudyTable): Failure[] {
  return (['broken', 'missed'] as const).flatMap((kind) => {
    const names = new Set(cells.flatMap((cell) => Object.keys(cell[kind])));
    return [...names].map((name) => {
      const counts = cells.map((cell) => cell[kind][name] ?? 0);
      const most = Math.max(...counts);
      const worst = counts.every((count) => count === most)
        ? null
        : `${cellName(cells[counts.indexOf(most)].parameters)} (${most} of ${seeds.count})`;
      return { name, count: counts.reduce((sum, count) => sum + count, 0), worst };
    });
  });
}

function kept({ cells }: StudyTable): string {
  const good = cells.filter(isGood).map(({ parameters }) => cellName(parameters));
  if (good.length === 0) return cells.length === 1 ? '' : ' No setting kept everything.';
  const rest = good.length > NAMED ? ` and ${good.length - NAMED} more` : '';
  return ` Nothing failed with ${good.slice(0, NAMED).join(', ')}${rest}, of ${plural(cells.length, 'setting')}.`;
}

function isGood({ broken, missed }: TableRow): boolean {
  return Object.keys(broken).length + Object.keys(missed).length === 0;
}
