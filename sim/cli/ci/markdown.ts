/**
 * What a command found in Markdown as GitHub renders it: the verdict, a table, and each failure with the
 * command that plays it again.
 */
import { plural } from 'host/format';
import { markdownTable } from '../../study/findings/markdown.ts';
import { type CiReport, isBad } from './suite.ts';

/** What a person reads through; a step's summary may have 1 MiB. */
const MAX_ROWS = 100;
const MAX_FAILURES = 50;

/** Ends with an empty line, for what comes after it in the same file. */
export function markdownOf({ verdict, suites, table }: CiReport): string {
  const failures = suites.flatMap(({ name, cases }) => cases.filter(isBad).map((one) => ({ name, one })));
  const list = failures.slice(0, MAX_FAILURES).map(({ name, one }) => `- ${escaped(name)}: ${escaped(one.why)}<br>${code(one.replay)}`);
  return [
    `**${escaped(verdict)}**`,
    ...(table.rows.length > 0
      ? [
          markdownTable(
            table.head.map(escaped),
            table.rows.slice(0, MAX_ROWS).map((row) => row.map(escaped)),
          ),
        ]
      : []),
    ...more(table.rows.length - MAX_ROWS, 'row'),
    ...(list.length > 0 ? [list.join('\n')] : []),
    ...more(failures.length - MAX_FAILURES, 'failure'),
  ]
    .map((block) => `${block}\n\n`)
    .join('');
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`… and ${plural(count, noun)} more.`] : [];
}

/**
 * On one line, and nothing in it that Markdown or HTML would take for its own; a table escapes its bars
 * itself.
 */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_~[\]#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Backticks around it that are not in it (CommonMark 6.1). */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${text.replace(/\s+/g, ' ')}${pad}${fence}`;
}
