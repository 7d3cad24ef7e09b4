/** Breaks a paragraph into lines, between words. */
import wrapAnsi from 'wrap-ansi';

/** What every terminal shows, and what reads well. */
const COLUMNS = 80;

export function wrap(paragraph: string): string {
  return wrapAnsi(paragraph, COLUMNS);
}
