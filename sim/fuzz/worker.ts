/**
 * The inside of a worker thread: judges cases, and shrinks one that broke.
 *
 * What is thrown outside of any call (in a callback of a stream) ends the case in hand as a crash, and not
 * the thread.
 */
import { parentPort } from 'node:worker_threads';
import { takeTurn } from '../kernel/turn.ts';
import { replyWith } from '../workers/reply.ts';
import type { Case } from './case.ts';
import { CRASH, type Finding, findingOf, judge } from './judge.ts';
import { shrink } from './shrink.ts';

/** With a finding the case is shrunk, else judged. */
export interface FuzzTask {
  fuzzed: Case;
  finding: Finding | null;
}

export interface FuzzResult {
  /** What the case breaks, or of one that was shrunk what the smallest breaks. */
  findings: Finding[];
  smallest: Case;
}

let crashed: (error: unknown) => void = () => {};
process.on('uncaughtException', (error) => crashed(error));

parentPort?.on('message', async (task: FuzzTask) => {
  parentPort?.postMessage(await replyWith(() => answer(task)));
});

async function answer({ fuzzed, finding }: FuzzTask): Promise<FuzzResult> {
  if (finding === null) return { findings: await findingsOf(fuzzed), smallest: fuzzed };
  let last = finding;
  const smallest = await shrink(fuzzed, async (smaller) => {
    const same = (await findingsOf(smaller)).find((one) => isSame(one, finding));
    if (same) last = same;
    return same !== undefined;
  });
  return { findings: [last], smallest };
}

async function findingsOf(fuzzed: Case): Promise<Finding[]> {
  const abandoned = new AbortController();
  let crash: Finding | null = null;
  crashed = (error) => {
    crash ??= findingOf(error);
    abandoned.abort();
  };
  const findings = await judge(fuzzed, abandoned.signal);
  if (findings === null) throw new Error(`a case that is not legal: ${JSON.stringify(fuzzed)}`);
  // What the run left behind may still throw, and is not the next case's fault.
  await takeTurn();
  return crash === null ? findings : [crash];
}

/** Of two crashes the first lines count, numbers aside. */
function isSame(a: Finding, b: Finding): boolean {
  return a.name === b.name && (a.name !== CRASH || firstLine(a.detail) === firstLine(b.detail));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0].replaceAll(/\d+/g, '#');
}
