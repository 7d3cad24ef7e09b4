/** The flags that say what becomes of a run's result, the same for every command that runs something. */
import { choiceFlag, switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import type { TraceLevel } from '../../kernel/events.ts';

export const OUTPUT_FLAGS = {
  trace: choiceFlag<TraceLevel>(
    'What the trace file holds; the hash covers every level always',
    ['none', 'state', 'message', 'packet'],
    'state',
  ),
  out: valueFlag<string>({
    about: 'Where to write the result, else runs/<scenario>-<seed>-<digest of the settings>',
    expected: 'a folder',
    parse: (text) => (text === '' ? null : text),
  }),
  json: switchFlag('Print the summary as one JSON document and nothing else'),
  quiet: switchFlag('Print the result only: no plan, no progress'),
  'no-report': switchFlag('Do not write report.html'),
  'no-trace': switchFlag('Do not write trace.jsonl'),
};

export interface OutputOptions {
  traceLevel: TraceLevel;
  /** null: runs/<scenario>-<seed>-<digest of the settings> */
  folder: string | null;
  json: boolean;
  quiet: boolean;
  report: boolean;
}

interface OutputValues {
  trace: TraceLevel;
  out: string | undefined;
  json: boolean;
  quiet: boolean;
  'no-report': boolean;
  'no-trace': boolean;
}

export function outputOptions(values: OutputValues, given: ReadonlySet<string>): OutputOptions {
  const noTrace = values['no-trace'];
  if (noTrace && given.has('trace') && values.trace !== 'none')
    throw new UsageError(`--no-trace contradicts --trace ${values.trace}; expected one of them`);
  return {
    traceLevel: noTrace ? 'none' : values.trace,
    folder: values.out ?? null,
    json: values.json,
    quiet: values.quiet,
    report: !values['no-report'],
  };
}
