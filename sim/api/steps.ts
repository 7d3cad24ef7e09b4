/** A step that a program gives, checked as the step of a scenario file is. */
import { formatDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { documentOf as writtenScenario } from '../scenario/document/document-of.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario, Step } from '../scenario/scenario.ts';
import { documentOf, type StepSettings } from './settings.ts';

/**
 * @param nowMs when it begins unless it says so
 * @throws UsageError with a line for each thing that is wrong
 */
export function readSteps(settings: StepSettings, scenario: Scenario, nowMs: number): Step[] {
  const { document, problems, inWords } = documentOf({ steps: [{ at: formatDuration(nowMs), ...settings }] });
  const { duration, boards, aps, air, fleet, ...rest } = writtenScenario(scenario);
  const { count } = boards as { count: number };
  const read = readDocument({ version: rest.version, duration, aps, air, boards: { count }, ...fleetOf(fleet), ...document }, []);
  const words = [
    ...problems,
    ...read.problems.map((problem) =>
      inWords(problem).replace(/^steps\.0(: |\.)/, (_, after: string) => (after === '.' ? 'step.' : 'step: ')),
    ),
  ];
  if (settings.at !== undefined && read.scenario?.steps.some(({ atMs }) => atMs < nowMs))
    words.push(`step.at: ${settings.at} is over: it is ${formatDuration(nowMs)}`);
  if (words.length === 0 && read.scenario !== null) return read.scenario.steps;
  throw new UsageError(words.join('\n'));
}

/** Who is in which group, and on what: all that steps need to know of one. */
function fleetOf(fleet: unknown): Record<string, unknown> {
  if (fleet === undefined) return {};
  const groups = Object.entries(fleet as Record<string, Record<string, unknown>>);
  const known = groups.map(([name, { count, share, device }]) => [name, { count, share, device }]);
  return { fleet: JSON.parse(JSON.stringify(Object.fromEntries(known))) };
}
