/**
 * One case of the fuzzer: a scenario as plain data, in the shape in which documentOf writes one and a file
 * holds one. Cases are drawn, cut down and written out in this shape; whether one is legal, its reader alone
 * says.
 */
import { isMapping } from 'host/is-mapping';
import { boardIndex } from '../kernel/board-id.ts';
import { documentOf } from '../scenario/document/document-of.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';

export type Settings = Record<string, unknown>;

/** Keys that are missing have their defaults. */
export interface Case extends Settings {
  duration: string;
  boards: Settings & { count: number; config: Settings };
  relay: Settings;
  link: Settings;
  steps: Settings[];
}

export function caseOf(scenario: Scenario): Case {
  return documentOf(scenario) as Case;
}

/** null: not legal. */
export function scenarioOf(fuzzed: Case): Scenario | null {
  return readDocument(structuredClone(fuzzed), []).scenario;
}

/** The same with fewer boards; targets that name others are narrowed, or lost with their steps. */
export function withBoards(fuzzed: Case, count: number): Case {
  const exists = (id: string) => (boardIndex(id) ?? count) < count;
  const steps = fuzzed.steps.flatMap((step): Settings[] => {
    const { boards } = step;
    const [, most, group] = typeof boards === 'string' ? (/^(\d+) of (\w+)$/.exec(boards) ?? []) : [];
    // All of a group are legal however many it has.
    if (most !== undefined) return [{ ...step, boards: group }];
    if (typeof boards === 'number') return [{ ...step, boards: Math.min(boards, count) }];
    if (!Array.isArray(boards)) return [step];
    const left = boards.filter(exists);
    return left.length > 0 ? [{ ...step, boards: left }] : [];
  });
  return { ...fuzzed, ...fleetWith(fuzzed, count), boards: { ...fuzzed.boards, count }, steps };
}

/** Groups that counted their boards have the same share of them. */
function fleetWith({ fleet, boards }: Case, count: number): Settings {
  if (!isMapping(fleet)) return {};
  const groups = Object.entries(fleet as Record<string, Settings>).map(([name, { count: own, ...group }]) => {
    const size = typeof own === 'number' ? { share: own / boards.count } : {};
    return [name, { ...size, ...group }];
  });
  return count === boards.count ? { fleet } : { fleet: Object.fromEntries(groups) };
}
