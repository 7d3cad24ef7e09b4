/** Breaks a paragraph into lines, between words. */
import wrapAnsi from 'wrap-ansi';

/** What a terminal has at least, and what is read with ease. */
const COLUMNS = 80;

/** @param indent of all lines but the first */
export function wrap(paragraph: string, indent = ''): string {
  return wrapAnsi(paragraph, COLUMNS - indent.length).replaceAll('\n', `\n${indent}`);
}
