/**
 * What a command found, as continuous integration lists it: a suite for each scenario, and in it a case for
 * the scenario itself and for each check and threshold that it was held to. JUnit, annotations and Markdown
 * are written from it.
 */
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

/** The same with what ended the command before it was finished. */
export function withError(report: CiReport, error: unknown): CiReport {
  const cause = error instanceof RunFailure ? error.cause : error;
  const words = cause instanceof Error ? cause.message : String(cause);
  const why = error instanceof UsageError || error instanceof ThreadStuck ? words : `a bug in the kit: ${words}`;
  const replay = error instanceof RunFailure ? error.replay : `npx tsx ${report.command}`;
  const end: Case = { asked: 'scenario', name: TO_THE_END, outcome: 'error', why, replay, place: null };
  const suite: Suite = { name: report.command, file: null, seconds: null, properties: [], verdict: '', cases: [end] };
  return { ...report, verdict: `ENDED: ${why}`, suites: [...report.suites, suite] };
}

export function isBad({ outcome }: Case): boolean {
  return outcome === 'failed' || outcome === 'error';
}
