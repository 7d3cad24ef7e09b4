/** What a terminal has at least, and what is read with ease. */
const COLUMNS = 80;

/** Breaks a paragraph into lines, between words. @param indent of all lines but the first */
export function wrap(paragraph: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && (lines.length > 0 ? indent.length : 0) + line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}
