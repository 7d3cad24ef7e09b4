/**
 * Where a scenario's file asks for something: the line of a threshold, of a check, of an expectation, for
 * whoever points at it.
 */
import { isMapping } from 'host/is-mapping';
import { parseDuration } from 'host/units';
import { LineCounter } from 'yaml';
import { expectStep } from '../steps/expect.ts';
import { offsetOf, parseYaml } from './yaml-text.ts';

/** Both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** What a run is held to; `scenario`: the run itself, which has to come to its end. */
export type Asked = 'scenario' | 'check' | 'threshold';

export type PlaceOf = (asked: Asked, name: string) => Place;

/**
 * @param text of a file that loads
 * @returns of what the file does not name itself (default checks, what `--set` changed) the list in which it
 *   would stand, else the beginning
 */
export function placesIn(text: string): PlaceOf {
  const lines = new LineCounter();
  const parsed = parseYaml(text, lines);
  if (typeof parsed === 'string') return () => ({ line: 1, column: 1 });
  const { document, value } = parsed;
  return (asked, name) => {
    const { line, col } = lines.linePos(offsetOf(document, whereIn(isMapping(value) ? value : {}, asked, name)));
    return { line, column: col };
  };
}

function whereIn(content: Record<string, unknown>, asked: Asked, name: string): { path: (string | number)[]; isKey?: boolean } {
  if (asked === 'scenario') return { path: [] };
  const key = asked === 'threshold' ? 'thresholds' : name.startsWith(`${expectStep.action} `) ? 'steps' : 'checks';
  const list = Array.isArray(content[key]) ? content[key] : [];
  const index = list.findIndex((one: unknown) => (key === 'steps' ? isExpectation(one, name) : String(one).trim() === name));
  return index < 0 ? { path: [key], isKey: true } : { path: [key, index] };
}

/** @param name of the check as which it ends */
function isExpectation(step: unknown, name: string): boolean {
  if (!isMapping(step) || step.expect === undefined) return false;
  const { expect, within, pin } = step;
  return expectStep.describe({ expect, within: typeof within === 'string' ? (parseDuration(within) ?? 0) : 0, pin }) === name;
}
