/**
 * The table of the language (testing/constructs) against an engine and Node: what is the same is the same,
 * and what is said to differ does.
 *
 * Needs ESPRUINO, the path of an engine for this computer, and is reported as skipped without it.
 */
import { describe, expect, it } from 'vitest';
import type { Construct } from '../testing/constructs/construct.ts';
import { CONSTRUCTS } from '../testing/constructs/index.ts';
import { libraryNames, nodeNames } from '../testing/constructs/names.ts';
import { namesInEngine, runInEngine, runInNode } from '../testing/constructs/run.ts';
import { ESPRUINO } from '../testing/espruino.ts';

/** Of what the engine has: what every object has, what an app asks `hal` for, and what the build changes. */
const NOT_FOR_APPS =
  /#constructor$|\.length$|^(Error|RegExp)#toString$|^(Function#length|Object#__proto__|File|(set|clear)(Timeout|Interval)|process|global|globalThis|eval)$/;

interface Outcome extends Construct {
  node: string;
  engine: string;
}

async function outcomesOf(constructs: readonly Construct[]): Promise<Outcome[]> {
  const [inNode, inEngine] = [await Promise.all(constructs.map(runInNode)), await runInEngine(constructs)];
  return constructs.map((construct, at) => ({ ...construct, node: inNode[at], engine: inEngine[at] }));
}

describe.skipIf(ESPRUINO === undefined)('in a real engine (ESPRUINO)', { timeout: 240_000 }, () => {
  it.each(Object.entries(CONSTRUCTS))('%s are as the table says', async (_, constructs) => {
    const outcomes = await outcomesOf(constructs);
    const differs = ({ node, engine }: Outcome) => node !== engine;
    expect(outcomes.filter((outcome) => outcome.verdict === 'same' && differs(outcome))).toEqual([]);
    expect(outcomes.filter((outcome) => /typed|unseen/.test(outcome.verdict) && !differs(outcome))).toEqual([]);
    // Whatever the checker refuses has an example of what for.
    const refused = new Set(outcomes.filter(({ verdict }) => verdict === 'found').map(({ words }) => words));
    const shown = new Set(outcomes.filter(differs).map(({ words }) => words));
    expect([...refused].filter((words) => !shown.has(words))).toEqual([]);
  });

  it('has each name of the library that apps are checked against, and nothing that the language has besides', async () => {
    const library = libraryNames();
    const language = nodeNames();
    const there = new Set(await namesInEngine([...new Set([...library, ...language])]));
    expect(library.filter((name) => !there.has(name))).toEqual([]);
    expect(language.filter((name) => there.has(name) && !library.includes(name) && !NOT_FOR_APPS.test(name))).toEqual([]);
  });
});
