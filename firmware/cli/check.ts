/** `npx tsx firmware check`: what in an app, and in all it imports, Espruino cannot run. */
import { type Command, type Flags, readCommandLine } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { checkApps, isError } from '../build/build.ts';
import { describeFindings, FindingsError } from '../build/findings-error.ts';
import type { Finding } from '../build/subset/subset.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { JSON_FLAG, json } from './json.ts';
import { findApp } from './load-app.ts';

const FLAGS = { json: JSON_FLAG } satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx firmware check',
  about:
    'Names what Espruino cannot run or does differently, and wrong types, each with its place and what to write instead. Exit code 2 when there is one.',
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
  const { findings, skipped } = await findingsIn(line.positionals.map(findApp));
  if (line.values.json) io.out(json({ findings }));
  else io.out(`${findings.length === 0 ? 'Nothing that Espruino cannot run.' : describeFindings(findings)}\n`);
  if (skipped !== '') io.err(`warning: ${skipped}\n`);
  return findings.some(isError) ? EXIT.usage : EXIT.ok;
}

/** What does not even parse is a finding like any other. */
async function findingsIn(files: string[]): Promise<{ findings: readonly Finding[]; skipped: string }> {
  try {
    return await checkApps(files);
  } catch (error) {
    if (error instanceof FindingsError) return { findings: error.findings, skipped: '' };
    throw error;
  }
}
