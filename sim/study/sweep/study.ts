/**
 * A study, ready to run: every cell a complete scenario, checked before the first one runs.
 *
 * A cell's scenario is what `replay FILE --set sweep=null --set path=value …` plays; only the seed is still
 * to be set.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findApp } from 'firmware/cli/load-app';
import { LineCounter, parseDocument, stringify } from 'yaml';
import { documentOf } from '../../scenario/document/document-of.ts';
import { loadScenario } from '../../scenario/document/load.ts';
import type { Override } from '../../scenario/document/overrides.ts';
import type { Problem } from '../../scenario/document/problem.ts';
import { readDocument, type SourceFolder } from '../../scenario/document/read-document.ts';
import { describeProblem } from '../../scenario/document/yaml-text.ts';
import { programsOf } from '../../scenario/groups.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Parameter, readSweep, type Setting, type Sweep } from './read-sweep.ts';

export interface Study {
  /** As it was given. */
  file: string;
  /** How many, where they were asked for in place of the file's own number. */
  askedSeeds: number | null;
  /** The scenario without its grid. */
  base: Scenario;
  parameters: readonly Parameter[];
  metrics: readonly string[];
  tradeOff: Sweep['tradeOff'];
  seeds: readonly number[];
  cells: readonly Cell[];
  /** Of everything that decides what comes out, but for the kit's own code and what the firmware imports. */
  digest: string;
}

export interface Cell {
  scenario: Scenario;
  /** By name of the parameter, as the study's file has it; of variants the name. */
  values: Record<string, unknown>;
  /** `path=value`, as `--set` takes it. */
  settings: readonly string[];
}

/** The errors of the file; a firmware that is not there is thrown as a UsageError. */
export type StudyResult = { study: Study; errors: [] } | { study: null; errors: string[] };

export const MAX_CELLS = 10_000;
/** A hundred hours of one core, when a run takes a third of a second. */
const MAX_RUNS = 1_000_000;
const LAST_SEED = 2 ** 32 - 1;
/** More errors than this help nobody. */
const MAX_ERRORS = 50;

const WITHOUT_GRID: Override = { text: 'sweep=null', path: ['sweep'], value: null };

/** @param seeds how many, in place of the file's own number */
export function loadStudy(file: string, text: string, seeds: number | null, folder: SourceFolder | null): StudyResult {
  const loaded = loadScenario(file, text, [WITHOUT_GRID], folder);
  const { scenario: base, errors } = loaded;
  if (loaded.scenario === null && !loaded.isYaml) return { study: null, errors };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const failed = (problems: readonly Problem[]): StudyResult => {
    const words = problems.map((problem) => {
      if (problem.inFile !== undefined) return `${problem.inFile.place}${describeProblem(problem)}`;
      const node = nearestNode(document, problem);
      const { line, col } = lines.linePos(node);
      return `${file}:${line}:${col}: ${describeProblem(problem)}`;
    });
    return { study: null, errors: [...new Set([...errors, ...words])].slice(0, MAX_ERRORS) };
  };

  const content = document.toJS() as Record<string, unknown>;
  if (content.sweep === undefined || content.sweep === null) {
    if (base === null) return { study: null, errors };
    return { study: null, errors: [`${file}: not a study: it has no sweep: { parameters: … }; npx tsx sim replay plays scenarios`] };
  }
  const { sweep, problems } = readSweep(content.sweep, base === null ? 'any' : base.fleet.map(({ name }) => name));
  if (seeds !== null) sweep.seeds = seeds;
  if (base === null) return failed(problems); // no cell is right when what all have in common is wrong
  const tooMany = sizeProblem(sweep, base.seed);
  if (tooMany !== null) return failed(problems.length > 0 ? problems : [tooMany]);

  const made = makeCells(content, sweep, folder);
  if (problems.length + made.problems.length > 0) return failed([...problems, ...made.problems]);
  const { parameters, metrics, tradeOff } = sweep;
  const ownSeeds = Array.from({ length: sweep.seeds }, (_, index) => base.seed + index);
  const study = { file, askedSeeds: seeds, base, parameters, metrics, tradeOff, seeds: ownSeeds, cells: made.cells };
  return { study: { ...study, digest: digestOf(study) }, errors: [] };
}

function sizeProblem({ parameters, seeds }: Sweep, firstSeed: number): Problem | null {
  const cells = parameters.reduce((product, { values }) => product * values.length, 1);
  const path = ['sweep', 'parameters'];
  if (cells > MAX_CELLS) return { path, message: `${cells} cells; expected at most ${MAX_CELLS}` };
  if (cells * seeds > MAX_RUNS) return { path, message: `${cells} cells with ${seeds} seeds each; expected at most ${MAX_RUNS} runs` };
  if (firstSeed + seeds - 1 > LAST_SEED) return { path: ['sweep', 'seeds'], message: `the last seed would be above ${LAST_SEED}` };
  return null;
}

function makeCells(content: Record<string, unknown>, { parameters }: Sweep, folder: SourceFolder | null) {
  const cells: Cell[] = [];
  const problems: Problem[] = [];
  for (const combination of combinations(parameters)) {
    const settings = parameters.flatMap((parameter, index) => parameter.settings[combination[index]]);
    const overrides = settings.map(({ name, path, value }) => override(name, path, located(name, value, folder)));
    const read = readDocument(structuredClone(content), [WITHOUT_GRID, ...overrides], folder);
    if (read.scenario === null) problems.push(...read.problems.map((problem) => blame(problem, settings)));
    else {
      const values = Object.fromEntries(parameters.map(({ name, values }, index) => [name, values[combination[index]]]));
      cells.push({ scenario: read.scenario, values, settings: overrides.map(({ text }) => text) });
    }
    if (problems.length >= MAX_ERRORS) break;
  }
  return { cells, problems };
}

/** All tuples of indices, the last one running fastest. */
export function* combinations(parameters: readonly { values: readonly unknown[] }[]): Generator<number[]> {
  const [first, ...rest] = parameters;
  if (first === undefined) yield [];
  else for (const index of first.values.keys()) for (const others of combinations(rest)) yield [index, ...others];
}

function override(name: string, path: (string | number)[], value: unknown): Override {
  return { text: `${name}=${writeValue(value)}`, path, value: structuredClone(value) };
}

/** A study's own firmware lies beside it, as that of its scenario does. */
function located(name: string, value: unknown, folder: SourceFolder | null): unknown {
  return /^(boards|fleet\.\w+)\.firmware$/.test(name) && typeof value === 'string' && folder !== null
    ? folder.locateFirmware(value)
    : value;
}

/** YAML on one line, that reads back as the same value. */
export function writeValue(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, defaultStringType: 'PLAIN' }).trim();
}

/** A cell is wrong where the value stands that made it so. */
function blame(problem: Problem, settings: readonly Setting[]): Problem {
  const setting = settings.find(({ path }) => path.every((key, depth) => key === problem.path[depth] || problem.path[depth] === undefined));
  if (setting === undefined) {
    const cell = settings.map(({ name, value }) => `${name}=${writeValue(value)}`).join(', ');
    return { ...problem, message: `${problem.message} (with ${cell})` };
  }
  const inside = problem.path.slice(setting.path.length);
  if (problem.isKey && inside.length === 0) return { path: setting.namedAt, message: problem.message, isKey: true };
  return { path: [...setting.place, ...inside], message: problem.message };
}

/** Where in the text the problem, or the closest place around it, stands. */
function nearestNode(document: ReturnType<typeof parseDocument>, { path }: Problem): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function digestOf({ cells, seeds, metrics }: Pick<Study, 'cells' | 'seeds' | 'metrics'>): string {
  const hash = createHash('sha256').update(JSON.stringify({ seeds, metrics }));
  for (const file of new Set(cells.flatMap(({ scenario }) => programsOf(scenario)))) hash.update(readFileSync(findApp(file)));
  for (const { scenario, values } of cells) hash.update(JSON.stringify([values, { ...documentOf(scenario), about: undefined }]));
  return `sha256:${hash.digest('hex')}`;
}
