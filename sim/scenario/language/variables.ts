/**
 * Variables of a scenario: `vars: { outage: 30s }` gives each a value, `${outage}` stands for it wherever a
 * text may be, `--set vars.outage=45s` changes it. A text that is nothing else takes the value as it is, be
 * it a number or a mapping; inside a longer one it is written out. `$${outage}` is the text `${outage}`.
 *
 * No variable stands in a key, in another's value, or in the grid of a study.
 */
import { isMapping } from 'host/is-mapping';
import { meant } from 'host/nearest';
import { shown } from 'host/shown';
import type { Override } from '../document/overrides.ts';
import type { Problem } from '../document/problem.ts';

const MAX_VARIABLES = 100;
const NAME = /^[A-Za-z_]\w{0,63}$/;
const USE = /(\$?)\$\{(\w+)\}/g;
/** Sections in which `${…}` is a text like any other. */
const APART = ['vars', 'sweep', 'version'];

export function hasVariable(text: string): boolean {
  return text.search(USE) >= 0;
}

/** A document whose texts are what they are, written so that it reads back as itself. */
export function escapeVariables<T>(value: T): T {
  if (typeof value === 'string') return value.replace(USE, (all) => `$${all}`) as T;
  if (Array.isArray(value)) return value.map(escapeVariables) as T;
  return isMapping(value) ? (Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escapeVariables(inner)])) as T) : value;
}

/** What is wrong with a change of a variable, or null: only what the document has can be changed. */
export function overrideProblem(document: Record<string, unknown>, { path }: Override): Problem | null {
  const [section, name] = path;
  if (section !== 'vars') return null;
  if (name === undefined) return { path, message: 'expected one variable (vars.outage=45s)' };
  const known = variablesOf(document);
  return Object.hasOwn(known, name) ? null : { path, message: unknownVariable(String(name), Object.keys(known)) };
}

/**
 * Puts values in the place of variables, and takes `vars` out.
 * @returns what is wrong, with its place in the document
 */
export function expandVariables(document: Record<string, unknown>): Problem[] {
  const problems: Problem[] = variableProblems(document.vars);
  const values = variablesOf(document);
  const used = new Set<string>();
  const expand = (value: unknown, path: Problem['path']): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((inner, index) => expand(inner, [...path, index]));
    return isMapping(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner, [...path, key])])) : value;
  };
  const lookUp = (name: string, path: Problem['path']): unknown => {
    used.add(name);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) problems.push({ path, message: unknownVariable(name, Object.keys(values)) });
    else if (value === null) problems.push({ path, message: `${name} has no value; expected one in vars:, or --set vars.${name}=…` });
    return value ?? undefined;
  };
  const expandText = (text: string, path: Problem['path']): unknown => {
    const [alone] = [...text.matchAll(USE)].filter(([all, dollar]) => all === text && dollar === '');
    if (alone !== undefined) return structuredClone(lookUp(alone[2], path));
    return text.replace(USE, (all, dollar: string, name: string) => {
      if (dollar !== '') return all.slice(1);
      const value = lookUp(name, path);
      if (typeof value === 'object' && value !== null)
        problems.push({ path, message: `\${${name}} is ${shown(value)}, which has no place within a text` });
      return String(value);
    });
  };
  for (const key of Object.keys(document)) if (!APART.includes(key)) document[key] = expand(document[key], [key]);
  for (const name of Object.keys(values))
    if (!used.has(name)) problems.push({ path: ['vars', name], message: 'is used nowhere', isKey: true });
  delete document.vars;
  return problems;
}

function variablesOf({ vars }: Record<string, unknown>): Record<string, unknown> {
  return isMapping(vars) ? vars : {};
}

function variableProblems(vars: unknown): Problem[] {
  if (vars === undefined) return [];
  if (!isMapping(vars)) return [{ path: ['vars'], message: `expected variables with their values ({ outage: 30s }), got ${shown(vars)}` }];
  const names = Object.keys(vars);
  if (names.length > MAX_VARIABLES) return [{ path: ['vars'], message: `expected at most ${MAX_VARIABLES} of them` }];
  return names.flatMap((name): Problem[] => {
    const path = ['vars', name];
    return NAME.test(name) ? [] : [{ path, message: 'expected a name of letters, digits and "_", beginning with a letter', isKey: true }];
  });
}

function unknownVariable(name: string, known: readonly string[]): string {
  const near = meant(name, known);
  if (near !== null) return `unknown variable "${name}" (did you mean "${near}"?)`;
  return `unknown variable "${name}"; ${known.length === 0 ? 'the scenario has no vars:' : `vars: has ${known.join(', ')}`}`;
}
