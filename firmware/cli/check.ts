/** `npx tsx firmware check`: what in an app, and in all it imports, Espruino cannot run. */
import { type Command, type Flags, readCommandLine, UsageError } from 'relay/usage';
import { checkProgram } from '../build/build.ts';
import { FindingsError } from '../build/findings-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { findApp } from './load-app.ts';

const FLAGS = {} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx firmware check',
  about: 'Names every construct that Espruino cannot run, with its place and what to write instead. Exit code 2 when there is one.',
  positionals: 'FILE…',
  flags: FLAGS,
  examples: [['npx tsx firmware check my-app.ts', 'The app and all it imports']],
};

export async function checkCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  if (line.positionals.length === 0) throw new UsageError('expected at least one file to check');
  try {
    const findings = await checkProgram(line.positionals.map(findApp));
    if (findings.length > 0) throw new FindingsError(findings);
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error;
    io.out(`${error.message}\n`);
    return EXIT.usage;
  }
  io.out('Nothing that Espruino cannot run.\n');
  return EXIT.ok;
}
