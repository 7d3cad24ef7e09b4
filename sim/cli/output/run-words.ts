/** What a run says of itself to a person: what it is going to do, and how it went. A program's run (`--json`) loads none of it. */
import { wrap } from 'host/wrap';
import type { RunResult } from '../../measure/result.ts';
import { verdictOf } from '../../report/verdict.ts';
import { describeScenario } from '../../scenario/describe.ts';
import { groupsOf } from '../../scenario/groups.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Io, screenOf } from '../io.ts';
import { errorTable } from './error-table.ts';
import { summaryTable } from './summary-table.ts';

/** What it leaves, and how to go on. */
export interface Left {
  /** null: no files. */
  folder: string | null;
  files: readonly string[];
  /** null: no capture. */
  capture: string | null;
  /** The command that runs it again. */
  replay: string;
}

/** The plan, and what is to be known of the presets in it. */
export async function planWords(scenario: Scenario, time: 'virtual' | 'real'): Promise<string> {
  return `${wrap(describeScenario(scenario, time))}\n${await notesOn(scenario)}\n`;
}

/** Presets are loaded only for whoever names one. */
export async function notesOn(scenario: Scenario): Promise<string> {
  const { server } = scenario.relay;
  const clients = new Set(groupsOf(scenario).map(({ boards }) => boards.client));
  if (server === undefined && [...clients].every((client) => client === undefined)) return '';
  const { presetNotes } = await import('../../presets/notes.ts');
  const notes = [...clients].flatMap((client) => presetNotes(client, undefined));
  return [...notes, ...presetNotes(undefined, server)].map((note) => `${wrap(note)}\n`).join('');
}

export function print(result: RunResult, { folder, files, capture, replay }: Left, io: Io): void {
  const { summary, stalls, why } = result;
  const screen = screenOf(io);
  const { colours } = screen;
  io.out(`${colours.bold((verdictOf(result).kind === 'good' ? colours.green : colours.red)(wrap(summary.verdict)))}\n`);
  io.out(`${summaryTable(summary, stalls, screen)}\n`);
  const errors = errorTable(summary, screen);
  if (errors !== null) io.out(`${errors}\n`);
  if (folder !== null) io.out(`Written to ${folder}/ (${files.join(', ')})\n`);
  if (capture !== null) io.out(`${capture}\n`);
  io.out(`Again: ${replay}\n`);
  if (why !== undefined) io.out(`Why: ${why}\n`);
}
