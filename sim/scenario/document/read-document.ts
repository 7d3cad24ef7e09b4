/**
 * Checks a document of any origin (scenario file, header of a recording) and resolves it: overrides, then
 * schema, then resolve.ts.
 *
 * Everything that is wrong is reported at once: what passed the schema is resolved even when something else
 * did not.
 */
import { isMapping } from 'host/is-mapping';
import { meant } from 'host/nearest';
import { shown } from 'host/shown';
import { formatDuration } from 'host/units';
import type { z } from 'zod';
import { applyPresets } from '../../presets/apply.ts';
import { expandIncludes, type IncludedSteps } from '../language/include.ts';
import { expandVariables, overrideProblem } from '../language/variables.ts';
import { expandPreset } from '../language/weather.ts';
import type { Scenario } from '../scenario.ts';
import { BOARD_FIELDS, DEFAULTS, HEADER_FIELDS, MAX_APS, MAX_BOARDS, MAX_DURATION_MS, type ScenarioDocument } from '../settings.ts';
import { ACTIONS } from '../steps/index.ts';
import { IN_CONFIG_JSON } from './backoff-spec.ts';
import { legalKeys } from './legal-keys.ts';
import { readLinkTrace } from './link-trace.ts';
import { applyOverride, type Override } from './overrides.ts';
import type { Problem } from './problem.ts';
import { unrollStepCsvs } from './recorded/step-csv.ts';
import { resolve } from './resolve.ts';
import { scenarioSchema } from './schema.ts';
import type { SourceFolder } from './source-folder.ts';

export type { SourceFolder } from './source-folder.ts';

export type DocumentResult = { scenario: Scenario; problems: [] } | { scenario: null; problems: Problem[] };

/**
 * @param document plain data, changed by the overrides
 * @param folder of the document's file; without one there is no `link.trace`, and firmware is looked for from
 *   the working directory
 */
export function readDocument(document: unknown, overrides: readonly Override[], folder: SourceFolder | null = null): DocumentResult {
  // What is told in the words of the document as it was written.
  const told: Problem[] = [];
  let included: IncludedSteps | null = null;
  if (isMapping(document)) {
    // Before the overrides, which are typed in the working directory.
    if (folder !== null) locateFirmware(document, folder);
    spellOut(document);
    for (const override of overrides) {
      const problem = overrideProblem(document, override) ?? applyOverride(document, override);
      if (problem !== null) told.push(problem);
      spellOut(document);
    }
    told.push(...expandVariables(document));
    told.push(...presetProblems(document, folder));
    applyPresets(document);
    included = expandIncludes(document, folder);
    told.push(...included.problems);
    const traceProblem = unrollTrace(document, folder);
    if (traceProblem !== null) told.push(traceProblem);
    told.push(...unrollStepCsvs(document, folder, durationOf(document)).map((problem) => included?.located(problem) ?? problem));
  }
  const parsed = scenarioSchema.safeParse(document, { reportInput: true });
  const found = parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, document));
  const isWhole = parsed.success && told.length === 0;
  const resolved = isWhole ? resolve(parsed.data as ScenarioDocument) : null;
  if (resolved?.scenario) return resolved;
  const more = resolved?.problems ?? (isMapping(document) ? furtherProblems(document, [...told, ...found]) : []);
  const located = [...found, ...more].map((problem) => included?.located(problem) ?? problem);
  // What stands for a variable that is unknown is wrong for no reason of its own.
  const isTold = ({ path, inFile }: Problem) => told.some((one) => one.path.join() === path.join() && one.inFile?.place === inFile?.place);
  return { scenario: null, problems: [...told, ...located.filter((problem) => !isTold(problem))] };
}

/** `air: private` is short for `air: { medium: private }`, and `balancer: nginx` for that preset. */
function spellOut(document: Record<string, unknown>): void {
  if (typeof document.air === 'string') document.air = { medium: document.air };
  if (typeof document.balancer === 'string') document.balancer = { preset: document.balancer };
}

/** In the words of a scenario's author. */
function problemsOf(issue: z.core.$ZodIssue, document: unknown): Problem[] {
  const path = issue.path as (string | number)[];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const legal = legalKeys(scenarioSchema, path, document);
      return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, legal, issue.input), isKey: true }));
    }
    case 'invalid_type': {
      const expected = issue.expected === 'array' ? 'a list' : 'a mapping';
      return [{ path, message: `expected ${expected}, got ${shown(issue.input)}` }];
    }
    case 'invalid_union': {
      const legal = Object.keys(ACTIONS);
      const given = (issue.input as { action?: unknown } | undefined)?.action;
      if (given === undefined) return [{ path, message: `is missing; expected one of ${legal.join(', ')}, or expect: instead` }];
      const near = meant(String(given), legal);
      return [
        {
          path,
          message: `unknown action ${shown(given)}${near === null ? `; expected one of ${legal.join(', ')}` : ` (did you mean "${near}"?)`}`,
        },
      ];
    }
    case 'too_big':
      return [{ path, message: `expected at most ${issue.maximum} of them` }];
    default:
      return [{ path, message: issue.message }];
  }
}

function unknownKey(key: string, legal: string[], given: unknown): string {
  const own = IN_CONFIG_JSON[key];
  if (own !== undefined && legal.includes(own)) {
    const value = isMapping(given) ? given[key] : undefined;
    return `unknown key (here it is ${own}: ${typeof value === 'number' ? formatDuration(value) : '1s'}; ${key} is config.json's)`;
  }
  const near = meant(key, legal);
  return near === null ? `unknown key; expected one of ${legal.join(', ')}` : `unknown key (did you mean "${near}"?)`;
}

/** Stands for a value that has a problem of its own, so that nothing else is found wrong on its account. */
const UNJUDGED: Record<string, unknown> = {
  version: 1,
  duration: formatDuration(MAX_DURATION_MS),
  'boards.count': MAX_BOARDS,
  steps: { at: '0s', action: 'ap.down' },
  checks: DEFAULTS.checks[0],
  thresholds: 'connects >= 0',
};

/** What resolve.ts says of the rest. */
function furtherProblems(document: Record<string, unknown>, problems: readonly Problem[]): Problem[] {
  const rest = structuredClone(document);
  for (const { path } of problems) {
    const [section, key] = path;
    const inside = rest[section];
    const group = section === 'fleet' && isMapping(inside) && path.length > 2 ? inside[key] : null;
    if (isMapping(group)) replace(group, path[2], undefined);
    else if (Array.isArray(inside) && typeof key === 'number') inside[key] = UNJUDGED[section];
    else if (isMapping(inside) && key !== undefined) replace(inside, key, UNJUDGED[`${section}.${key}`]);
    else replace(rest, section, Array.isArray(inside) ? undefined : UNJUDGED[section]);
  }
  // As many access points as there may be, so that those boards are not too many for one.
  if (isMapping(rest.boards) && rest.boards.count === UNJUDGED['boards.count']) {
    rest.aps = MAX_APS;
    delete rest.boards.per_ap;
  }
  const parsed = scenarioSchema.safeParse(rest);
  return parsed.success ? resolve(parsed.data as ScenarioDocument).problems : [];
}

function replace(mapping: Record<string, unknown>, key: string | number, value: unknown): void {
  if (value === undefined) delete mapping[key];
  else mapping[key] = value;
}

function locateFirmware({ boards, fleet }: Record<string, unknown>, folder: SourceFolder): void {
  for (const some of [boards, ...groupsIn(fleet).map(([, group]) => group)])
    if (isMapping(some) && typeof some.firmware === 'string' && some.firmware !== '') some.firmware = folder.locateFirmware(some.firmware);
}

/** As far as they can be read. */
function groupsIn(fleet: unknown): [name: string, group: Record<string, unknown>][] {
  return Object.entries(isMapping(fleet) ? fleet : {}).filter((entry): entry is [string, Record<string, unknown>] => isMapping(entry[1]));
}

/** Weathers that links are named after: that of all boards, and of groups. */
function presetProblems(document: Record<string, unknown>, folder: SourceFolder | null): Problem[] {
  const links: [Problem['path'], Record<string, unknown>][] = [
    [[], document],
    ...groupsIn(document.fleet).map(([name, group]): [Problem['path'], Record<string, unknown>] => [['fleet', name], group]),
  ];
  return links.flatMap(([place, holder]) => {
    const problem = expandPreset(holder, folder);
    return problem === null ? [] : [{ ...problem, path: [...place, ...problem.path] }];
  });
}

/**
 * Turns `link.trace` into steps behind the document's own, so that a run's recording needs no second file.
 */
function unrollTrace(document: Record<string, unknown>, folder: SourceFolder | null): Problem | null {
  const { link } = document;
  if (!isMapping(link) || typeof link.trace !== 'string' || folder === null) return null;
  const path = ['link', 'trace'];
  const { trace } = link;
  const file = folder.readTrace(trace);
  delete link.trace;
  if ('problem' in file) return { path, message: file.problem };
  const steps = readLinkTrace(file.text, durationOf(document), apsOf(document));
  if (typeof steps === 'string') return { path, message: `${trace}: ${steps}` };
  document.steps = [...(Array.isArray(document.steps) ? document.steps : []), ...steps];
  return null;
}

function durationOf({ duration }: Record<string, unknown>): number {
  return HEADER_FIELDS.duration.read(duration) ?? DEFAULTS.duration;
}

/** As far as they can be read. */
function apsOf({ aps, boards }: Record<string, unknown>): number {
  const { count, per_ap: perAp } = isMapping(boards) ? boards : {};
  const one = BOARD_FIELDS.per_ap.read(perAp);
  const fromBoards = one === null ? DEFAULTS.aps : Math.ceil((BOARD_FIELDS.count.read(count) ?? DEFAULTS.boards.count) / one);
  return HEADER_FIELDS.aps.read(aps) ?? fromBoards;
}
