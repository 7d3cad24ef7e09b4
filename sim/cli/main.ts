/** Picks the command, and turns whatever went wrong into words on stderr and an exit code. */
import { nearest } from 'host/nearest';
import { UsageError } from 'host/user-error';
import { ThreadStuck } from '../workers/beats.ts';
import { runCommand } from './commands/run.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { meantBy } from './files/meant-by.ts';
import { NothingAnswers } from './flags/relay-target.ts';
import type { Io } from './io.ts';
import { RunFailure } from './run-failure.ts';
import { SOURCE_MAPS_FLAG } from './source-maps.ts';

type CommandFunction = (words: readonly string[], io: Io) => Promise<ExitCode>;

/**
 * A replay brings its parser of YAML, for which a run need not wait. What a run needs is imported at once:
 * under tsx each `import()` costs some 20 ms.
 */
const COMMANDS: Record<string, CommandFunction> = {
  run: runCommand,
  replay: async (words, io) => (await import('./commands/replay.ts')).replayCommand(words, io),
  describe: async (words, io) => (await import('./commands/describe.ts')).describeCommand(words, io),
  sweep: async (words, io) => (await import('./commands/sweep.ts')).sweepCommand(words, io),
  fuzz: async (words, io) => (await import('./commands/fuzz.ts')).fuzzCommand(words, io),
  tune: async (words, io) => (await import('./commands/tune.ts')).tuneCommand(words, io),
  advise: async (words, io) => (await import('./commands/advise.ts')).adviseCommand(words, io),
  compare: async (words, io) => (await import('./commands/compare.ts')).compareCommand(words, io),
  presets: async (words, io) => (await import('./presets/command.ts')).presetsCommand(words, io),
  why: async (words, io) => (await import('./commands/why.ts')).whyCommand(words, io),
  init: async (words, io) => (await import('./commands/init.ts')).initCommand(words, io),
  proxy: async (words, io) => (await import('./commands/proxy.ts')).proxyCommand(words, io),
};

function unknownCommand(name: string): string {
  return `unknown command ${JSON.stringify(name)}; the nearest legal command is ${nearest(name, Object.keys(COMMANDS))}`;
}

/** @param words of the command line after the program's name */
export async function main(words: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const [first] = words;
    if (first === undefined || first.startsWith('-')) return await COMMANDS.run(words, io);
    if (!Object.hasOwn(COMMANDS, first)) {
      throw new UsageError(meantBy(first) ?? unknownCommand(first));
    }
    return await COMMANDS[first](words.slice(1), io);
  } catch (thrown) {
    const error = thrown instanceof ThreadStuck ? (await import('../sandbox/watchdog.ts')).stuckIn(thrown.frames) : thrown;
    if (error instanceof UsageError) {
      io.err(`${error.message}\n`);
      return error instanceof NothingAnswers ? EXIT.threshold : EXIT.usage;
    }
    const cause = error instanceof RunFailure ? error.cause : error;
    io.err(
      `This is a bug in the kit (its lines: NODE_OPTIONS=${SOURCE_MAPS_FLAG}):\n${cause instanceof Error ? cause.stack : String(cause)}\n`,
    );
    if (error instanceof RunFailure) io.err(`It happens again with: ${error.replay}\n`);
    return EXIT.bug;
  }
}
