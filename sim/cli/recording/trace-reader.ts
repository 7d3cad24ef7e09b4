/** Reads the recorded link that a scenario or study names; the file lies beside it. */
import { dirname, resolve } from 'node:path';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { MAX_TRACE_BYTES } from '../../scenario/document/link-trace.ts';
import type { TraceReader } from '../../scenario/document/read-document.ts';

export function traceReader(scenarioFile: string): TraceReader {
  return (name) => {
    try {
      return { text: readInput(resolve(dirname(scenarioFile), name), MAX_TRACE_BYTES) };
    } catch (error) {
      if (error instanceof UsageError) return { problem: error.message };
      throw error;
    }
  };
}
