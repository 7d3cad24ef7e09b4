/**
 * Picks the command, and turns whatever went wrong into words on stderr and an exit code. One command a file,
 * one line each in the table.
 */
import { nearest } from 'host/nearest';
import { UsageError } from 'host/user-error';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** @param words of the command line after the command's name */
type CommandFunction = (words: readonly string[], io: Io) => Promise<ExitCode>;

interface CommandEntry {
  about: string;
  /** Loaded when asked for: a build needs a compiler, a run does not. */
  load(): Promise<CommandFunction>;
}

const COMMANDS: Record<string, CommandEntry> = {
  build: { about: 'make the file that a real Espruino board runs', load: async () => (await import('./build.ts')).buildCommand },
  check: { about: 'say what in a source Espruino cannot run', load: async () => (await import('./check.ts')).checkCommand },
  config: { about: 'write a config.json to begin with', load: async () => (await import('./config.ts')).configCommand },
  flash: { about: 'put a built file onto a board at a serial port', load: async () => (await import('./flash.ts')).flashCommand },
  run: { about: 'run an app on this computer, as a plain client of any relay', load: async () => (await import('./run.ts')).runCommand },
};

/** @param words of the command line after the program's name */
export async function main(words: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const [name] = words;
    if (name === '--help' || name === '-h') {
      io.out(help());
      return EXIT.ok;
    }
    if (name === undefined || !Object.hasOwn(COMMANDS, name)) throw new UsageError(unknownCommand(name));
    const command = await COMMANDS[name].load();
    return await command(words.slice(1), io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${error.message}\n`);
      return EXIT.usage;
    }
    io.err(`This is a bug in the kit:\n${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.bug;
  }
}

function unknownCommand(name: string | undefined): string {
  const names = Object.keys(COMMANDS);
  if (name === undefined) return `expected a command: ${names.join(', ')}; npx tsx firmware --help says what they do`;
  return `unknown command ${JSON.stringify(name)}; the nearest legal command is ${nearest(name, names)}`;
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(7)}${about}\n`);
  return `npx tsx firmware COMMAND [flags]\n\n${lines.join('')}\nnpx tsx firmware COMMAND --help shows a command's flags and examples.\n`;
}
