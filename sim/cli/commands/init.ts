/** `npx tsx sim init [DIR]`: a project of one's own to begin with. */
import { type Command, readCommandLine, switchFlag } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Initialised, initProject } from '../init/project.ts';
import type { Io } from '../io.ts';

const INIT_FLAGS = { json: switchFlag('Print what was done as JSON and nothing else') };

const COMMAND: Command<typeof INIT_FLAGS> = {
  usage: 'npx tsx sim init',
  positionals: '[DIR]',
  about:
    'Writes a small project that works at once: firmware, its test, two scenarios, a config, a workflow for GitHub. ' +
    'Without DIR into this folder. What is there already stays as it is.',
  flags: INIT_FLAGS,
  examples: [['npx tsx sim init my-device', 'into a new folder']],
};

export async function initCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const [folder = '.', ...more] = line.positionals;
  if (folder === '' || more.length > 0) throw new UsageError('init: expected one DIR, or none for this folder');
  const done = initProject(folder);
  io.out(line.values.json ? toJson({ version: 1, folder, ...done }) : `${told(folder, done).join('\n')}\n`);
  return EXIT.ok;
}

function told(folder: string, { written, changed, left, missing }: Initialised): string[] {
  const next = [
    ...(folder === '.' ? [] : [`cd ${shellQuote(folder)}`]),
    ...(missing.length > 0 ? [`npm install --save-dev ${missing.join(' ')}`] : []),
    'npm test',
  ];
  return [
    ...(written.length > 0 ? [wrap(`Written: ${written.join(', ')}.`)] : []),
    ...changed.map(({ file, added }) => wrap(`Changed: ${file}, which has got ${added.join(', ')}.`)),
    ...(left.length > 0 ? [wrap(`Left as they were: ${left.join(', ')}.`)] : []),
    `Next: ${next.join(' && ')}`,
  ];
}
