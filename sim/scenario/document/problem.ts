/**
 * What is wrong with a document, and where: the front end that knows the file's lines or the flag's name
 * turns the path into words.
 */
import { cut } from 'host/shown';

export interface Problem {
  /** Keys and list indices from the document's root. */
  path: (string | number)[];
  message: string;
  /** The key itself is what is wrong, not its value. */
  isKey?: boolean;
  /**
   * It stands in another file, which the document includes: where there (`file:line:column: `), and which place
   * of the document brought it in.
   */
  inFile?: { place: string; from: Omit<Problem, 'message'> };
}

/** A path in a message: a key may be as long as it likes, and hold what moves a terminal's cursor. */
export function shownPath(path: Problem['path']): string {
  const keys = path.map((key) =>
    cut(String(key).replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  );
  return keys.join('.');
}
