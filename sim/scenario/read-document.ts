/**
 * Checks a document of any origin (scenario file, header of a recording) and resolves it: overrides, then schema, then resolve.ts.
 *
 * Everything that is wrong is reported at once: what passed the schema is resolved even when something else did not.
 */

import { formatDuration } from 'relay/units';
import { nearest } from 'relay/usage';
import type { z } from 'zod';
import { legalKeys } from './legal-keys.ts';
import { applyOverride, type Override } from './overrides.ts';
import { type Problem, shown } from './problem.ts';
import { resolve } from './resolve.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './schema.ts';
import { MAX_BOARDS, MAX_DURATION_MS, type ScenarioDocument } from './settings.ts';
import { ACTIONS } from './steps/index.ts';

export type DocumentResult = { scenario: Scenario; problems: [] } | { scenario: null; problems: Problem[] };

/** @param document plain data, changed by the overrides */
export function readDocument(document: unknown, overrides: readonly Override[]): DocumentResult {
  const problems: Problem[] = [];
  if (isMapping(document)) {
    for (const override of overrides) {
      const problem = applyOverride(document, override);
      if (problem !== null) problems.push(problem);
    }
  }
  const parsed = scenarioSchema.safeParse(document, { reportInput: true });
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, document)));
  if (parsed.success && problems.length === 0) return resolve(parsed.data as ScenarioDocument);
  if (isMapping(document)) problems.push(...furtherProblems(document, problems));
  return { scenario: null, problems };
}

/** In the words of a scenario's author. */
function problemsOf(issue: z.core.$ZodIssue, document: unknown): Problem[] {
  const path = issue.path as (string | number)[];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const legal = legalKeys(scenarioSchema, path, document);
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key (did you mean "${nearest(key, legal)}"?)` }));
    }
    case 'invalid_type': {
      const expected = issue.expected === 'array' ? 'a list' : 'a mapping';
      return [{ path, message: `expected ${expected}, got ${shown(issue.input)}` }];
    }
    case 'invalid_union': {
      const legal = Object.keys(ACTIONS);
      const given = (issue.input as { action?: unknown } | undefined)?.action;
      if (given === undefined) return [{ path, message: `is missing; expected one of ${legal.join(', ')}` }];
      return [{ path, message: `unknown action ${shown(given)} (did you mean "${nearest(String(given), legal)}"?)` }];
    }
    case 'too_big':
      return [{ path, message: `expected at most ${issue.maximum} of them` }];
    default:
      return [{ path, message: issue.message }];
  }
}

/** What resolve.ts would say of the rest, with the fields that have a problem already taken out. */
function furtherProblems(document: Record<string, unknown>, problems: readonly Problem[]): Problem[] {
  const rest = structuredClone(document);
  // Nothing may be found wrong for the sake of a value that is not the user's.
  const unjudged: Record<string, unknown> = { 'boards.count': MAX_BOARDS, duration: formatDuration(MAX_DURATION_MS), version: 1 };
  for (const { path } of problems) {
    const [section, key] = path;
    const inside = rest[section];
    if (section === 'steps' && Array.isArray(inside) && typeof key === 'number') inside[key] = { at: '0s', action: 'ap.down' };
    else if (isMapping(inside) && key !== undefined) delete inside[key];
    else delete rest[section];
    const value = unjudged[path.slice(0, 2).join('.')];
    if (value === undefined) continue;
    if (path.length === 1) rest[section] = value;
    else (rest[section] as Record<string, unknown>)[key] = value;
  }
  const parsed = scenarioSchema.safeParse(rest);
  return parsed.success ? resolve(parsed.data as ScenarioDocument).problems : [];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
