/** A `.gitignore` with the lines that a project needs. */
import type { Merged } from './merged.ts';

/** @param wanted lines, of which those that are not there are added at the end */
export function withLines(text: string, wanted: string): Merged {
  const there = new Set(linesOf(text).map(meaning));
  const added = linesOf(wanted).filter((line) => !there.has(meaning(line)));
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text === '' || text.endsWith('\n') ? text : `${text}${newline}`;
  return { text: start + added.map((line) => line + newline).join(''), added, left: [] };
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** `/runs/`, `runs/` and `runs` keep the same folder out. */
function meaning(line: string): string {
  return line.trim().replace(/^\/|\/$/g, '');
}
