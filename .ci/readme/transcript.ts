/**
 * Pages that show sessions at a terminal. A block ```console holds commands (`$ …`) and what they print, a block ```LANGUAGE FILE a file that they use.
 *
 * Of what is printed `...` on a line of its own stands for any lines, `…` for anything within a line. A block
 * that ends with `^C` is a program that goes on: the blocks after it are other terminals, and it is stopped
 * at the end of its section.
 */
import { parse } from 'yaml';

export interface Step {
  command: string;
  expected: string[];
  /** Goes on until it is stopped. */
  goesOn: boolean;
  /** Of a workflow. */
  mustSucceed: boolean;
  /** Where `expected` stands in the page, as indexes of its lines: from, and up to but not with. */
  from: number;
  to: number;
}

export interface Section {
  title: string;
  steps: Step[];
}

export interface Page {
  files: Map<string, string>;
  sections: Section[];
}

const ANY_LINES = '...';
const INTERRUPT = '^C';

export function readPage(text: string): Page {
  const lines = text.split('\n');
  const page: Page = { files: new Map(), sections: [] };
  let section: Section = { title: '', steps: [] };
  for (let at = 0; at < lines.length; at++) {
    const heading = /^#+ (.*)/.exec(lines[at]);
    if (heading) section = { title: heading[1], steps: [] };
    const fence = /^```(\w+)(?: (\S+))?$/.exec(lines[at]);
    if (!fence) continue;
    const end = lines.indexOf('```', at + 1);
    const [, language, file] = fence;
    const steps = language === 'console' ? sessionOf(lines, at + 1, end) : [];
    if (file !== undefined) {
      const body = `${lines.slice(at + 1, end).join('\n')}\n`;
      page.files.set(file, body);
      if (file.includes('workflows/')) steps.push(...workflowOf(body, end));
    }
    section.steps.push(...steps);
    if (steps.length > 0 && page.sections.at(-1) !== section) page.sections.push(section);
    at = end;
  }
  return page;
}

function sessionOf(lines: string[], from: number, end: number): Step[] {
  const steps: Step[] = [];
  for (let at = from; at < end; at++) {
    const line = lines[at];
    const last = steps.at(-1);
    if (line.startsWith('$ '))
      steps.push({ command: line.slice(2), expected: [], goesOn: false, mustSucceed: false, from: at + 1, to: at + 1 });
    else if (last?.command.endsWith('\\') && last.expected.length === 0) {
      last.command = `${last.command.slice(0, -1)}${line.trim()}`;
      last.from = last.to = at + 1;
    } else if (last && line === INTERRUPT) last.goesOn = true;
    else if (last) {
      last.expected.push(line);
      last.to = at + 1;
    }
  }
  return steps;
}

/** What a workflow runs, whatever it prints. */
function workflowOf(text: string, at: number): Step[] {
  const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
  const commands = Object.values(jobs)
    .flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
    .filter((run) => run !== 'npm ci');
  return commands.map((command) => ({ command, expected: [ANY_LINES], goesOn: false, mustSucceed: true, from: at, to: at }));
}

/** @returns whether these are the lines; with `isPrefix` more may come */
export function matches(expected: readonly string[], actual: readonly string[], isPrefix = false): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return isPrefix || actual.length === 0;
  if (first === ANY_LINES)
    return Array.from({ length: actual.length + 1 }, (_, at) => actual.slice(at)).some((tail) => matches(rest, tail, isPrefix));
  return actual.length > 0 && isLine(first, actual[0]) && matches(rest, actual.slice(1), isPrefix);
}

function isLine(expected: string, actual: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(actual);
}

/**
 * @returns what the page should show of `actual`, with as many lines before and after `...` as it shows now;
 *   null if that cannot be said
 */
export function shownOf(expected: readonly string[], actual: readonly string[]): string[] | null {
  if (expected.some((line) => line.includes('…'))) return null;
  const gap = expected.indexOf(ANY_LINES);
  if (gap < 0) return [...actual];
  if (expected.lastIndexOf(ANY_LINES) !== gap) return null;
  const after = expected.length - gap - 1;
  return [...actual.slice(0, gap), ANY_LINES, ...actual.slice(actual.length - after)];
}
