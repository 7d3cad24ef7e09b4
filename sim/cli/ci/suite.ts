/**
 * What a command found, as continuous integration lists it: a suite for each scenario, and in it a case for
 * the scenario itself and for each check and threshold that it was held to. JUnit, annotations and Markdown
 * are written from it.
 */
import { plural } from 'host/format';
import { UsageError } from 'host/user-error';
import type { Asked, Place } from '../../scenario/document/places.ts';
import { ThreadStuck } from '../../workers/beats.ts';
import { RunFailure } from '../run-failure.ts';

/** `error`: nothing was found out, since the run did not come to its end. */
export type Outcome = 'held' | 'failed' | 'error' | 'not judged';

export interface Case {
  asked: Asked;
  /** As the summary has it. */
  name: string;
  outcome: Outcome;
  /** What failed or was not judged, and why; '' when it holds. */
  why: string;
  /** The command that plays it again. */
  replay: string;
  /** In the suite's file; null: there is none that one could point into. */
  place: Place | null;
}

/** The case of a scenario that is a run. */
export const TO_THE_END = 'comes to its end';

export interface Suite {
  /** Of the scenario, or of a study's cell. */
  name: string;
  /** As it was named on the command line; null: the default fleet. */
  file: string | null;
  /** Of the wall clock; null: not measured. */
  seconds: number | null;
  /** What else there is to know, as name and value. */
  properties: readonly [name: string, value: string][];
  verdict: string;
  cases: readonly Case[];
}

export interface CiReport {
  /** `sim replay` */
  command: string;
  /** Of all of it, in a sentence or two. */
  verdict: string;
  seconds: number;
  suites: readonly Suite[];
  /** For people; rows as long as the head. */
  table: { head: readonly string[]; rows: readonly (readonly string[])[] };
}

/** Of a command that has found out nothing yet. */
export function emptyReport(command: string): CiReport {
  return { command, verdict: '', seconds: 0, suites: [], table: { head: [], rows: [] } };
}

/** The same with what ended the command before it was finished. */
export function withError(report: CiReport, error: unknown): CiReport {
  const cause = error instanceof RunFailure ? error.cause : error;
  const words = cause instanceof Error ? cause.message : String(cause);
  const isMistake = error instanceof UsageError;
  const why = isMistake || error instanceof ThreadStuck ? words : `a bug in the kit: ${words}`;
  const replay = error instanceof RunFailure ? error.replay : `npx tsx ${report.command}`;
  const mistakes = (isMistake ? words.split('\n') : [why]).map((line) => suiteOfError(line, report.command, replay));
  return { ...report, verdict: `ENDED: ${mistakes[0].cases[0].why}${more(mistakes.length - 1)}`, suites: [...report.suites, ...mistakes] };
}

function more(mistakes: number): string {
  return mistakes === 0 ? '' : ` (and ${plural(mistakes, 'mistake')} more)`;
}

/** `file:line:column: …`, as mistakes in scenarios and firmware are told, or anything else. */
const AT_A_PLACE = /^(.+?):(\d+):(\d+): /;

function suiteOfError(words: string, command: string, replay: string): Suite {
  const [, file, line, column] = AT_A_PLACE.exec(words) ?? [];
  const place = file === undefined ? null : { line: Number(line), column: Number(column) };
  const name = place === null ? TO_THE_END : `${TO_THE_END} (${line}:${column})`;
  const end: Case = { asked: 'scenario', name, outcome: 'error', why: words, replay, place };
  return { name: file ?? command, file: file ?? null, seconds: null, properties: [], verdict: '', cases: [end] };
}

export function isBad({ outcome }: Case): boolean {
  return outcome === 'failed' || outcome === 'error';
}
