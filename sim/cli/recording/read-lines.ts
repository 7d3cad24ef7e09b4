/** The lines of a file one by one, in bounded memory whatever the file's size. */
import { closeSync } from 'node:fs';
import { openInput, readInto } from 'host/read-input';
import { UsageError } from 'host/user-error';

const CHUNK_BYTES = 256 * 1024;
/** A header with the largest scenario is well below. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 10;

export interface Line {
  /** From 1. */
  number: number;
  text: string;
  /** False for a last line without line feed. */
  ended: boolean;
}

export function* readLines(file: string): Generator<Line> {
  const descriptor = openInput(file);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = Buffer.alloc(0);
    let number = 1;
    for (;;) {
      const size = readInto(file, descriptor, chunk);
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        yield { number: number++, text: bytes.toString('utf8', start, end), ended: true };
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > MAX_LINE_BYTES)
        throw new UsageError(`${file}:${number}: a line of more than ${MAX_LINE_BYTES} bytes; expected a recording`);
      if (size > 0) continue;
      if (rest.length > 0) yield { number, text: rest.toString('utf8'), ended: false };
      return;
    }
  } finally {
    closeSync(descriptor);
  }
}
