/** Reads the recorded link that a scenario or study names; the file lies beside it. */
import { dirname, resolve } from 'node:path';
import { readInput } from 'firmware/cli/read-input';
import { UsageError } from 'relay/usage';
import { MAX_TRACE_BYTES } from '../scenario/link-trace.ts';
import type { TraceReader } from '../scenario/read-document.ts';

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
