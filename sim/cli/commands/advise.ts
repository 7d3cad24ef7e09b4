/**
 * `npx tsx sim advise`: three questions, and the keepalive to set in one sentence. Tuned by simulation, as
 * `tune` does it.
 */
import { readCommandLine } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { stringify } from 'yaml';
import { notSettable } from '../../presets/limits.ts';
import type { ClientName, ServerName } from '../../presets/names.ts';
import {
  ADVICE_METRICS,
  ADVICE_MINIMIZE,
  type AdviceQuestion,
  adviceGoal,
  adviceStudy,
  keepalives,
} from '../../study/tune/advice-world.ts';
import { parseGoals } from '../../study/tune/goal.ts';
import { makeTuneStudy } from '../../study/tune/study.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { ADVISE_COMMAND, type Answer, DETECT_WITHIN, IDLE_TIMEOUT, LINK, type Question } from '../flags/advise-flags.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { adviceWords } from '../output/tune-table.ts';
import { runTuning } from '../tuning.ts';

/** More than any question needs: who is undecided has the most seeds before. */
const BUDGET = 200;

const QUESTIONS = [DETECT_WITHIN, LINK, IDLE_TIMEOUT] as const;

export async function adviseCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(ADVISE_COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { values } = line;
  const missing = QUESTIONS.filter(({ flag }) => !line.given.has(flag));
  if (missing.length > 0 && io.ask === undefined)
    throw new UsageError(missing.map(({ flag, expected }) => `--${flag} is missing: expected ${expected}`).join('\n'));
  const detect = values['detect-within'] ?? (await ask(DETECT_WITHIN, io));
  const link = detect && (values.link ?? (await ask(LINK, io)));
  const idle = link && (values['idle-timeout'] ?? (await ask(IDLE_TIMEOUT, io)));
  if (detect === null || link === null || idle === null) return EXIT.interrupted;
  const question: AdviceQuestion = { detectWithinMs: detect.answer, link: link.answer, idleTimeoutMs: idle.answer, ...librariesOf(values) };
  if (Object.keys(keepalives(question)).length === 0) throw new UsageError(nothingToSet(question));

  const made = makeTuneStudy({
    file: 'the question',
    text: stringify(adviceStudy(question)),
    folder: null,
    locateTrace: (name) => name,
    locateFirmware: (name) => name,
    overrides: [],
    vary: {},
    seeds: null,
    metrics: ADVICE_METRICS,
  });
  if (made.study === null) throw new UsageError(made.errors.join('\n'));
  const goals = parseGoals(adviceGoal(question));
  if (typeof goals === 'string') throw new Error(goals);
  const { study, text } = made;
  const tuning = {
    study,
    text,
    goals,
    minimize: ADVICE_MINIMIZE,
    budget: BUDGET,
    command: commandOf(
      [detect, link, idle].map(({ text }) => text),
      values,
    ),
    plan:
      `Trying ${study.cells.length} keepalives that find a dead link within ${detect.text}, with ${study.base.boards.count} boards that only listen, on a link that is ` +
      `${link.text}${idle.answer === null ? '' : `, behind something that forgets idle connections after ${idle.text}`}.`,
    tellsBatches: false,
    tell: adviceWords,
  };
  return await interruptible(io, (signal) => runTuning(tuning, 'advice', values, io, signal));
}

function librariesOf({ client, 'server-preset': server }: Values): Pick<AdviceQuestion, 'libraries'> {
  return client === undefined && server === undefined ? {} : { libraries: { client, server } };
}

function nothingToSet({ libraries: { client, server } = {} }: AdviceQuestion): string {
  const why = [
    ...new Set(Object.entries(notSettable(client, server)).flatMap(([path, reason]) => (path.includes('backoff') ? [] : [reason]))),
  ];
  return `no keepalive of ${[client, server].filter((name) => name !== undefined).join(' and ')} finds a dead link in that time${why.length === 0 ? '' : `; ${why.join('; ')}`}`;
}

type Values = { out?: string; client?: ClientName; 'server-preset'?: ServerName };

function commandOf(answers: readonly string[], values: Values): string {
  const flags = answers.map((text, index) => `--${QUESTIONS[index].flag} ${shellQuote(text)}`);
  const others = (['client', 'server-preset', 'out'] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name} ${shellQuote(value)}`];
  });
  return ['npx tsx sim advise', ...flags, ...others].join(' ');
}

/** Until there is an answer; null when there will be none. */
async function ask<T>(question: Question<T>, io: Io): Promise<Answer<T> | null> {
  const { words, usual, parse } = question;
  for (;;) {
    const text = (await io.ask?.(`${words}? [${usual}] `)) ?? null;
    if (text === null) return null;
    try {
      const given = text.trim() || usual;
      return { answer: parse(given), text: given };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.err(`${error.message}\n`);
    }
  }
}
