/** `npx tsx sim compare A B …`: runs, recordings or studies side by side, each against the first. */
import { statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Command, listFlag, readCommandLine, switchFlag } from 'host/command-line';
import { plural } from 'host/format';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { z } from 'zod';
import { formatMetric } from '../../measure/format-metric.ts';
import { run } from '../../run/run.ts';
import { type Comparable, type ComparedMetric, comparableRun, compare } from '../../study/compare.ts';
import { type Gate, type Judged, judge, parseGate } from '../../study/gate.ts';
import { cellName } from '../../study/labels.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { expandPatterns } from '../files/expand-patterns.ts';
import { interruptible } from '../interrupt.ts';
import { type Io, type Screen, screenOf } from '../io.ts';
import { loadFile } from '../load-file.ts';
import { terminalTable } from '../output/table.ts';

const COMPARE_FLAGS = {
  'fail-on': listFlag<Gate>({
    about: 'End with exit code 3 when a metric is worse than in the first by more than this; may be repeated',
    expected: 'a metric and a change, like "channel_availability -0.5%" (of what it was) or "p95(reconnect_ms) +2s"',
    parse: (text) => {
      const { gate, problem } = parseGate(text);
      if (gate === null) throw new UsageError(problem);
      return gate;
    },
  }),
  json: switchFlag('Print all differences as one JSON document and nothing else'),
};

const COMMAND: Command<typeof COMPARE_FLAGS> = {
  usage: 'npx tsx sim compare',
  positionals: 'A B …',
  about:
    'Sets runs or studies side by side, each against the first: their folders, or the summary.json and cells.json in them. Recordings (.jsonl) and scenarios ' +
    '(.yaml) are played first. Of studies, cells with the same parameters are compared, and whether a difference is more than chance.',
  flags: COMPARE_FLAGS,
  examples: [
    ['npx tsx sim compare runs/before runs/after', 'two runs'],
    ['npx tsx sim compare monday.jsonl tuesday.jsonl', 'what a relay recorded on two days'],
    ['npx tsx sim compare runs/study-a runs/study-b --json', 'two studies, for a program to read'],
    ['npx tsx sim compare base head --fail-on "channel_availability -0.5%"', 'a gate against regressions'],
  ],
};

/** What a run is made from. */
const PLAYED: readonly string[] = ['.jsonl', '.yaml', '.yml'];
/** A study of ten thousand cells and fifty metrics. */
const MAX_BYTES = 256 * 1024 * 1024;
/** What a person reads through; --json has all. */
const MAX_ROWS = 80;

const figure = z.number().nullable();
const distribution = z.object({
  count: z.number(),
  min: figure,
  mean: figure,
  p50: figure,
  p90: figure,
  p95: figure,
  p99: figure,
  max: figure,
});
const SUMMARY = z.object({
  version: z.literal(1),
  scenario: z.string(),
  metrics: z.record(z.string(), z.union([z.number(), distribution])),
});
const estimate = z.object({ n: z.number(), mean: figure, low: figure, high: figure });
const STUDY = z.object({
  version: z.literal(1),
  study: z.string(),
  cells: z.array(z.object({ parameters: z.record(z.string(), z.unknown()), metrics: z.record(z.string(), estimate) })),
});

export async function compareCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const names = await expandPatterns(line.positionals);
  if (names.length < 2)
    throw new UsageError(
      'compare: expected two or more runs, recordings or studies (their folders, summary.json, cells.json, .jsonl or .yaml)',
    );
  const gates = line.values['fail-on'];
  const also = gates.map(({ metric }) => metric);
  const results = await interruptible(io, (signal) => resultsOf(names, also, io, signal));
  if (results === null) return EXIT.interrupted;
  const [first, ...others] = results;
  const pairs = others.map((other) => {
    const metrics = compare(first, other);
    if (metrics.length === 0)
      throw new UsageError(`${first.name} and ${other.name}: no cell with the same parameters and no metric in common`);
    return { a: first.name, b: other.name, metrics, ...(gates.length > 0 && { fail_on: gates.flatMap((gate) => judged(gate, metrics)) }) };
  });
  const judgements = pairs.flatMap(({ b, fail_on = [] }) => fail_on.map((one) => ({ ...one, b })));
  const verdict = gates.length === 0 ? '' : `${wrap(verdictOf(judgements))}\n`;
  if (verdict !== '') (line.values.json ? io.err : io.out)(verdict);
  if (line.values.json) io.out(toJson({ version: 1, comparisons: pairs }));
  else for (const { a, b, metrics } of pairs) io.out(`A ${a}\nB ${b}\n${pairTable(metrics, screenOf(io))}\n`);
  return judgements.some(({ judgement }) => judgement === 'worse') ? EXIT.threshold : EXIT.ok;
}

function judged(gate: Gate, metrics: readonly ComparedMetric[]): Judged[] {
  const result = judge(gate, metrics);
  if (typeof result === 'string') throw new UsageError(`--fail-on: ${result}`);
  return result;
}

/** @param all with the name of the result that was judged */
function verdictOf(all: readonly (Pick<Judged, 'judgement' | 'words'> & { b: string })[]): string {
  const of = (wanted: Judged['judgement']) => all.filter(({ judgement }) => judgement === wanted);
  const [worse, noise, open] = [of('worse'), of('noise'), of('no sample')];
  const notes = [
    ...(noise.length > 0 ? [` May be noise: ${noise[0].words} in ${noise[0].b}${andMore(noise.length - 1)}; more seeds would tell.`] : []),
    ...(open.length > 0 ? [` Not judged, without a sample: ${open[0].words} in ${open[0].b}${andMore(open.length - 1)}.`] : []),
  ];
  if (worse.length > 0) return `FAILED: ${worse[0].words} in ${worse[0].b}${andMore(worse.length - 1)}.${notes.join('')}`;
  const judgedCount = all.length - open.length;
  return `${judgedCount === 0 ? 'Nothing was judged.' : `HELD: ${plural(judgedCount, 'comparison')} of --fail-on.`}${notes.join('')}`;
}

function andMore(count: number): string {
  return count === 0 ? '' : `, and ${count} more`;
}

/** null when it was interrupted. */
async function resultsOf(names: readonly string[], also: readonly string[], io: Io, signal: AbortSignal): Promise<Comparable[] | null> {
  const results: Comparable[] = [];
  for (const name of names) {
    const result = PLAYED.includes(extname(name)) ? await play(name, also, io, signal) : readResult(name, also);
    if (signal.aborted) return null;
    results.push(result);
  }
  return results;
}

async function play(name: string, also: readonly string[], io: Io, signal: AbortSignal): Promise<Comparable> {
  const [{ scenario, app }] = await loadFile(name, { overrides: [], ports: [], note: (line) => io.err(line) });
  const { summary } = await run(scenario, app, { signal });
  return comparableRun(name, summary.metrics, also);
}

function readResult(name: string, also: readonly string[]): Comparable {
  const file = fileOf(name);
  let content: unknown;
  try {
    content = JSON.parse(readInput(file, MAX_BYTES));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UsageError(`${file}: not JSON; expected the summary.json of a run or the cells.json of a study`);
    throw error;
  }
  const study = STUDY.safeParse(content);
  if (study.success) return { name, cells: study.data.cells };
  const summary = SUMMARY.safeParse(content);
  if (summary.success) return comparableRun(name, summary.data.metrics, also);
  throw new UsageError(`${file}: expected the summary.json of a run or the cells.json of a study`);
}

/** Of a folder, what it holds: a study's table, else a run's summary. */
function fileOf(name: string): string {
  const kind = (path: string) => statSync(path, { throwIfNoEntry: false });
  if (!kind(name)?.isDirectory()) return name;
  const found = ['cells.json', 'summary.json'].map((file) => join(name, file)).find((file) => kind(file)?.isFile());
  if (found !== undefined) return found;
  throw new UsageError(`${name}: neither cells.json nor summary.json in it; expected the folder of a finished run or study`);
}

function pairTable(compared: readonly ComparedMetric[], { colours, columns }: Screen): string {
  const differing = compared.filter(({ difference, a, b }) => (difference === null ? a !== b : difference.value !== 0));
  const isStudy = compared.some(({ parameters }) => Object.keys(parameters).length > 0);
  const head = [
    ...(isStudy ? ['cell'] : []),
    'metric',
    'A',
    'B',
    'difference',
    'relative',
    ...(isStudy ? ['95 % interval', 'verdict'] : []),
  ];
  const rows = differing.slice(0, MAX_ROWS).map((one) => {
    const { parameters, metric, a, b, difference, relative } = one;
    return [
      ...(isStudy ? [cellName(parameters)] : []),
      metric,
      formatMetric(metric, a),
      formatMetric(metric, b),
      difference === null ? '–' : signed(difference.value, formatMetric(metric, difference.value)),
      relative === null ? '–' : signed(relative, `${Number((relative * 100).toPrecision(3))} %`),
      ...(isStudy ? [interval(one), verdict(one, colours)] : []),
    ];
  });
  const same = compared.length - differing.length;
  const hidden = differing.length - MAX_ROWS;
  const notes = [
    ...(hidden > 0 ? [`… and ${hidden} more that differ (--json has all)`] : []),
    ...(same > 0 ? [`${same} the same in both`] : []),
  ];
  return [...(differing.length > 0 ? [terminalTable(head, rows, columns)] : []), ...notes].join('\n');
}

function signed(value: number, text: string): string {
  return value > 0 ? `+${text}` : text.replace('-', '−');
}

function interval({ metric, difference }: ComparedMetric): string {
  if (difference === null || difference.low === null) return '–';
  return `${formatMetric(metric, difference.low)} to ${formatMetric(metric, difference.high)}`;
}

function verdict({ moreThanNoise }: ComparedMetric, colours: Screen['colours']): string {
  if (moreThanNoise === null) return 'unknown';
  return moreThanNoise ? colours.bold('more than noise') : 'may be noise';
}
