/**
 * Steps of another scenario among a scenario's own: `- { include: tunnels.yaml, at: 1m, vars: { outage: 45s } }`
 * stands for all of that file's steps, each so much later, with these values in place of its own.
 *
 * Of the other file only `steps` and `vars` count. Its variables are its own: nothing of the scenario around
 * it is known in there but what `vars:` hands over. Files may include files; what is wrong in one is told with
 * its place there.
 */
import { isMapping } from 'host/is-mapping';
import { meant } from 'host/nearest';
import { shown } from 'host/shown';
import { formatDuration } from 'host/units';
import type { Problem } from '../document/problem.ts';
import type { ScenarioSource, SourceFolder } from '../document/source-folder.ts';
import { SourceText } from '../document/yaml-text.ts';
import { MAX_STEPS, STEP_FIELDS } from '../settings.ts';
import { expandVariables, overrideProblem } from './variables.ts';

/** Files within files, and in all. */
const MAX_DEPTH = 8;
const MAX_FILES = 100;
const KEYS = ['include', 'at', 'vars'];

type Place = Omit<Problem, 'message'>;

/** Where a step was written. */
interface Origin {
  /** null: in the document itself. */
  source: SourceText | null;
  index: number;
  /** Of the step of the document that brought it in. */
  from: Place;
}

/** What is known of files on the way down. */
interface Chain {
  /** Ids of the files that are being included, the outermost first, and their names. */
  ids: readonly string[];
  names: readonly string[];
  count: { files: number; steps: number };
}

export interface IncludedSteps {
  problems: Problem[];
  /** A problem with the steps as they are now, told where they were written. */
  located(problem: Problem): Problem;
}

/** Puts steps in the place of `include:`. @param folder null: nothing can be included */
export function expandIncludes(document: Record<string, unknown>, folder: SourceFolder | null): IncludedSteps {
  const problems: Problem[] = [];
  const { steps } = document;
  if (!Array.isArray(steps) || !steps.some(isInclude)) return { problems, located: (problem) => problem };
  const origins: Origin[] = [];
  const chain: Chain = { ids: folder === null ? [] : [folder.id], names: ['this file'], count: { files: 0, steps: 0 } };
  document.steps = steps.flatMap((step: unknown, index) => {
    const from: Place = { path: ['steps', index] };
    if (!isInclude(step)) {
      origins.push({ source: null, index, from });
      return [step];
    }
    const included = folder === null ? refused(from) : include(step, from, folder, chain);
    problems.push(...included.problems);
    origins.push(...included.steps.map(({ origin }) => ({ ...origin, from })));
    return included.steps.map(({ step }) => step);
  });
  return { problems, located: (problem) => locate(problem, origins) };
}

export function isInclude(step: unknown): step is Record<string, unknown> {
  return isMapping(step) && Object.hasOwn(step, 'include');
}

function locate(problem: Problem, origins: readonly Origin[]): Problem {
  const [section, index, ...rest] = problem.path;
  const origin = section === 'steps' && typeof index === 'number' ? origins[index] : undefined;
  if (origin === undefined) return problem;
  const { source, from } = origin;
  const moved: Problem = { ...problem, path: ['steps', origin.index, ...rest] };
  return source === null ? moved : { ...moved, inFile: { place: source.at(source.offsetOf(moved)), from } };
}

interface Included {
  steps: { step: unknown; origin: Omit<Origin, 'from'> }[];
  problems: Problem[];
}

function refused({ path }: Place): Included {
  return { steps: [], problems: [{ path: [...path, 'include'], message: 'there is no folder here in which another scenario could lie' }] };
}

/** @param place of the step that includes @param folder of its file */
function include(step: Record<string, unknown>, { path }: Place, folder: SourceFolder, chain: Chain): Included {
  const problems: Problem[] = [];
  const report = (more: Problem['path'], message: string, isKey = false) => problems.push({ path: [...path, ...more], message, isKey });
  for (const key of Object.keys(step).filter((key) => !KEYS.includes(key))) {
    const near = meant(key, KEYS);
    report(
      [key],
      `unknown key beside include${near === null ? `; expected one of ${KEYS.join(', ')}` : ` (did you mean "${near}"?)`}`,
      true,
    );
  }
  const laterMs = step.at === undefined ? 0 : STEP_FIELDS.at.read(step.at);
  if (laterMs === null) report(['at'], `expected ${STEP_FIELDS.at.expected}, got ${shown(step.at)}`);
  if (step.vars !== undefined && !isMapping(step.vars))
    report(['vars'], `expected variables with their values ({ outage: 30s }), got ${shown(step.vars)}`);
  if (typeof step.include !== 'string' || step.include === '')
    report(['include'], `expected the name of a scenario file beside this one, got ${shown(step.include)}`);
  if (problems.length > 0) return { steps: [], problems };
  const source = folder.readScenario(step.include as string);
  const problem = 'problem' in source ? source.problem : chainProblem(source, chain);
  if (problem !== null || 'problem' in source) return { steps: [], problems: [{ path: [...path, 'include'], message: problem ?? '' }] };
  chain.count.files++;
  return stepsOf(source, isMapping(step.vars) ? step.vars : {}, { path }, laterMs ?? 0, {
    ...chain,
    ids: [...chain.ids, source.folder.id],
    names: [...chain.names, source.file],
  });
}

function chainProblem({ file, folder }: ScenarioSource, { ids, names, count }: Chain): string | null {
  const begins = ids.indexOf(folder.id);
  if (begins >= 0) return `goes round in circles: ${[...names.slice(begins), file].join(' includes ')}`;
  if (ids.length > MAX_DEPTH) return `more than ${MAX_DEPTH} files within each other: ${names.join(' includes ')}`;
  return count.files >= MAX_FILES ? `expected at most ${MAX_FILES} files in all` : null;
}

/** @param vars in place of the file's own @param place of what includes it */
function stepsOf(source: ScenarioSource, vars: Record<string, unknown>, place: Place, laterMs: number, chain: Chain): Included {
  const text = new SourceText(source.file, source.text);
  const inside = (problem: Problem): Problem => ({
    ...problem,
    inFile: problem.inFile ?? { place: text.at(text.offsetOf(problem)), from: place },
  });
  // Such a message has its place within itself.
  const whole = (message: string): Problem => ({ path: [], message, inFile: { place: '', from: place } });
  if (text.errors.length > 0) return { steps: [], problems: text.errors.map(whole) };
  const document = text.value;
  if (!isMapping(document) || document.version !== 1 || !Array.isArray(document.steps))
    return { steps: [], problems: [whole(`${source.file}: expected a scenario (version: 1) with steps`)] };
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(vars)) {
    const problem = overrideProblem(document, { text: '', path: ['vars', name], value });
    if (problem === null) (document.vars as Record<string, unknown>)[name] = value;
    else problems.push({ path: [...place.path, 'vars', name], message: `${source.file}: ${problem.message}`, isKey: true });
  }
  problems.push(...expandVariables(document).map(inside));
  const steps = (document.steps as unknown[]).flatMap((step, index): Included['steps'] => {
    if (!isInclude(step)) return [{ step: later(step, laterMs), origin: { source: text, index } }];
    const deeper = include(step, { path: ['steps', index] }, source.folder, chain);
    problems.push(...deeper.problems.map(inside));
    return deeper.steps.map(({ step: inner, origin }) => ({ step: later(inner, laterMs), origin }));
  });
  chain.count.steps += steps.length;
  if (chain.count.steps > MAX_STEPS)
    return { steps: [], problems: [{ path: [...place.path, 'include'], message: `expected at most ${MAX_STEPS} steps in all` }] };
  return { steps, problems };
}

/** What is no time is left as it is, for whoever says so. */
function later(step: unknown, byMs: number): unknown {
  const atMs = isMapping(step) ? STEP_FIELDS.at.read(step.at) : null;
  return atMs === null || byMs === 0 ? step : { ...(step as object), at: formatDuration(atMs + byMs) };
}
