/**
 * One case of the fuzzer: a scenario as plain data, in the shape in which documentOf writes one and a file
 * holds one. Cases are drawn, cut down and written out in this shape; whether one is legal, its reader alone
 * says.
 */
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
    if (typeof boards === 'number') return [{ ...step, boards: Math.min(boards, count) }];
    if (!Array.isArray(boards)) return [step];
    const left = boards.filter(exists);
    return left.length > 0 ? [{ ...step, boards: left }] : [];
  });
  return { ...fuzzed, boards: { ...fuzzed.boards, count }, steps };
}
