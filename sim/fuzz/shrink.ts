/**
 * Cuts a case down to what still breaks in the same way: fewer steps, then fewer boards, a shorter run,
 * simpler settings, over and over until nothing more can go. Each pass offers simpler cases, the boldest
 * first; one that still breaks is taken, and what is offered next is simpler than that.
 *
 * It finds a small case, not the smallest: each change is tried alone, and the seed stays.
 */
import type { Scenario } from '../scenario/scenario.ts';
import { type Case, scenarioOf } from './case.ts';
import { fewerBoards, fewerSteps, shorterRun, simplerSettings, simplerSteps } from './simpler.ts';

/** Runs; what is not small by then stays as it is. */
const MAX_RUNS = 400;

const PASSES = [fewerSteps, fewerBoards, shorterRun, simplerSettings, simplerSteps];

/** @param breaks whether a legal case breaks as the first one did */
export async function shrink(fuzzed: Case, breaks: (smaller: Case) => Promise<boolean>, maxRuns = MAX_RUNS): Promise<Case> {
  let smallest = fuzzed;
  let meaning = meaningOf(fuzzed);
  let runs = 0;
  const isTaken = async (offer: Case, offered: string): Promise<boolean> => {
    if (offered === meaning) return isShorter(offer, smallest);
    if (runs === maxRuns) return false;
    runs++;
    return await breaks(offer);
  };
  for (let before: Case | null = null; before !== smallest; ) {
    before = smallest;
    for (const pass of PASSES) {
      for (const offer of pass(() => smallest)) {
        const offered = meaningOf(offer);
        if (offered !== null && (await isTaken(offer, offered))) [smallest, meaning] = [offer, offered];
      }
    }
  }
  return smallest;
}

/** What says nothing may go without a run. */
function isShorter(offer: Case, than: Case): boolean {
  return JSON.stringify(offer).length < JSON.stringify(than).length;
}

/** Two cases of the same meaning need not both be run. null: not legal. */
function meaningOf(fuzzed: Case): string | null {
  const scenario: Scenario | null = scenarioOf(fuzzed);
  return scenario && JSON.stringify(scenario);
}
