/** `npx tsx firmware run`: an app as a plain client of any relay, on this computer. */
import { statSync } from 'node:fs';
import type { Storage } from 'hal';
import { FolderFiles, MemoryFiles } from 'hal/node';
import { type Command, type Flags, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { fileProblem } from 'host/file-problem';
import { makeFolder } from 'host/make-folder';
import { UsageError } from 'host/user-error';
import { certificateFiles } from './certificate-files.ts';
import { readConfigFile } from './config-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { JSON_FLAG, json } from './json.ts';
import { findApp, loadApp } from './load-app.ts';
import { runApp } from './run-app.ts';
import { readServer } from './server-flag.ts';

const FLAGS = {
  app: valueFlag({
    about: 'The app',
    expected: 'a file that exports app(hal, config)',
    parse: (text) => findApp(text) && text,
  }),
  server: valueFlag({
    about: 'The relay; goes before the one in the config, and may be left out when there is one',
    expected: 'a URL such as ws://127.0.0.1:8000/',
    parse: readServer,
  }),
  config: valueFlag({ about: 'The device’s config.json', expected: 'a JSON file', parse: readConfigFile }),
  flash: valueFlag({
    about: 'Where the files stay that the firmware writes, from run to run; without it they are gone at the end',
    expected: 'a folder, which is made when it is not there',
    parse: (text) => (text === '' || isNoFolder(text) ? null : text),
  }),
  pins: switchFlag('Tell what the firmware does to pins and serial ports, and move them by lines of the input: "help" says how'),
  once: switchFlag('Do not reconnect: exit with 0 when the first channel has ended or was refused'),
  json: JSON_FLAG,
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx firmware run',
  about: 'Runs an app on this computer, as a plain client of any relay, until Ctrl-C. Its console is the standard output.',
  flags: FLAGS,
  examples: [
    ['npx tsx firmware run --app firmware/apps/sos.ts --server ws://127.0.0.1:8000/', 'SOS to the relay of `npx tsx relay`'],
    ['npx tsx firmware run --app firmware/apps/sensor.ts --server ws://127.0.0.1:8000/ --pins --flash board-1', 'A board to play with'],
    ['npx tsx firmware run --app my-app.ts --server ws://relay.local/ --config config.json --once', 'One channel, then the end'],
  ],
};

export async function runCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { app, server, config, flash, pins, once, json: asJson } = line.values;
  const value: Record<string, unknown> = { ...config?.value, ...(server === undefined ? {} : { server }) };
  const missing = [
    ...(app === undefined ? [`--app is missing: expected ${FLAGS.app.expected}`] : []),
    ...(value.server === undefined ? [`--server is missing: expected ${FLAGS.server.expected}, here or in the config`] : []),
  ];
  if (app === undefined || missing.length > 0) throw new UsageError(missing.join('\n'));
  // Firmware reads bytes, one character each.
  const text = Buffer.from(JSON.stringify(value), 'utf8').toString('latin1');
  const files = { ...certificateFiles(value, config?.file ?? ''), 'config.json': text };
  // The app's console gives way to the document.
  const console = asJson ? { input: io.input, out: io.err, err: io.err } : io;
  const { exitCode, ...result } = await runApp({ app: loadApp(app), flash: flashOf(flash, files), pins, once }, console);
  if (asJson && exitCode !== EXIT.bug) io.out(json(result));
  return exitCode;
}

/** @param folder undefined: in memory @param carried what the board was delivered with */
function flashOf(folder: string | undefined, carried: Readonly<Record<string, string>>): Storage {
  if (folder === undefined) return new MemoryFiles(carried);
  try {
    makeFolder(folder);
  } catch (error) {
    throw new UsageError(`--flash: ${JSON.stringify(folder)} cannot be made: ${fileProblem(error) ?? String(error)}`);
  }
  return new FolderFiles(folder, carried);
}

/** Something else is there. */
function isNoFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}
