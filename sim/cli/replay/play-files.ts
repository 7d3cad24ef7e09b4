/**
 * Many files of `replay`: one after another in this thread, or several at a time in threads of their own.
 * What comes out is the same, and is said in the order of the files.
 */
import { plural } from 'host/format';
import { kitModule } from 'host/kit';
import { Threads, TrialFailure } from '../../workers/pool.ts';
import type { Io } from '../io.ts';
import type { LoadedFile } from '../load-file.ts';
import { RunFailure } from '../run-failure.ts';
import { type Outcome, type PlayOptions, playFile, replayLine } from './play-file.ts';
import { END_EARLY, type PlayResult, type PlayTask } from './worker.ts';

type PlayThreads = Threads<PlayTask | typeof END_EARLY, PlayResult>;

/**
 * Plays all files, or as many as there is time for before `signal` aborts: of those under way then, what they
 * have.
 * @param onPlayed called in the order of the files, also before an error is thrown
 */
export async function playFiles(
  files: readonly LoadedFile[],
  options: Omit<PlayOptions, 'fileCount' | 'progress'>,
  workers: number,
  onPlayed: (file: LoadedFile, outcome: Outcome) => void,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const most = Math.min(workers, files.length);
  if (most > 1) return await playInThreads(files, { ...options, fileCount: files.length, progress: false }, most, onPlayed, io, signal);
  for (const file of files) {
    if (signal.aborted) return;
    onPlayed(file, await playFile(file, { ...options, fileCount: files.length, progress: true }, io, signal));
  }
}

async function playInThreads(
  files: readonly LoadedFile[],
  options: PlayOptions,
  most: number,
  onPlayed: (file: LoadedFile, outcome: Outcome) => void,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const { json, quiet } = options.output;
  if (!json && !quiet) io.out(`${plural(files.length, 'run')}, ${most} at a time.\n\n`);
  const threads: PlayThreads = new Threads(kitModule('sim/cli/replay/worker'), most, END_EARLY);
  const results = new Map<LoadedFile, PlayResult>();
  const tell = (file: LoadedFile): boolean => {
    const result = results.get(file);
    if (result === undefined) return false;
    for (const { to, text } of result.said) io[to](text);
    onPlayed(file, result.outcome);
    return true;
  };
  let told = 0;
  try {
    await threads.run(
      files,
      ({ file, scenario, recording, field, overrides, ports }) => ({
        played: { file, scenario, recording, field, overrides, ports },
        options,
        screen: { colour: io.colour, columns: io.columns },
      }),
      (file, result) => {
        results.set(file, result);
        while (told < files.length && tell(files[told])) told++;
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof TrialFailure)) throw error;
    throw new RunFailure(replayLine(error.trial as LoadedFile, null), error);
  } finally {
    // Behind a file that did not come to its end.
    for (const file of files.slice(told)) tell(file);
    await threads.close();
  }
}
