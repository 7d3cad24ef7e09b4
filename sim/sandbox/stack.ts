/**
 * Which calls an error was thrown through, as V8 saw them: in the code that ran, not in the source that it
 * was made from.
 */
import type { Frame } from '../workers/beats.ts';

const LINE = /(?:\(|at (?:async )?)([^()]+):(\d+):(\d+)\)?$/;

/** The innermost first; none of what is no error. */
export function framesOf(error: unknown): Frame[] {
  if (!(error instanceof Error)) return [];
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const stack: unknown = error.stack;
    if (Array.isArray(stack)) {
      // From now on it is this that `stack` holds; whoever reads it expects a text.
      Reflect.set(error, 'stack', String(error));
      return (stack as NodeJS.CallSite[]).flatMap(frameOf);
    }
    // It was read before, and is text for good.
    return String(stack).split('\n').flatMap(frameOfText);
  } catch {
    return []; // the app's own class of errors may do as it likes
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function frameOf(site: NodeJS.CallSite): Frame[] {
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  return file && line && column ? [{ file, line, column }] : [];
}

function frameOfText(text: string): Frame[] {
  const [, file, line, column] = LINE.exec(text.trim()) ?? [];
  return file === undefined ? [] : [{ file, line: Number(line), column: Number(column) }];
}
