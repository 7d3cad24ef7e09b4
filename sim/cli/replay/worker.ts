/**
 * The inside of a worker thread of `replay`: plays the files that it is sent, one after another, and keeps
 * what they say for whoever prints it.
 */
import '../../scenario/steps/index.ts'; // steps name them

import { parentPort } from 'node:worker_threads';
import { certificatesFor } from '../../certificates/fleet.ts';
import { loadPrograms } from '../../sandbox/load-firmware.ts';
import { loadOwn } from '../../sandbox/own-firmware.ts';
import { programsOf } from '../../scenario/groups.ts';
import { replyWith } from '../../workers/reply.ts';
import type { Io } from '../io.ts';
import { openCapture } from '../output/run-capture.ts';
import { planWords, print } from '../output/run-words.ts';
import { RunFailure } from '../run-failure.ts';
import { type Outcome, type PlayedFile, type PlayOptions, playFile } from './play-file.ts';

export interface PlayTask {
  played: PlayedFile;
  /** Never live. */
  options: PlayOptions;
  screen: Pick<Io, 'colour' | 'columns'>;
}

/** In place of a task: the file under way is to end with what it has. */
export const END_EARLY = 'end early';

export interface PlayResult {
  outcome: Outcome;
  /** In order. */
  said: { to: 'out' | 'err'; text: string }[];
}

let underWay = new AbortController();

parentPort?.on('message', async (task: PlayTask | typeof END_EARLY) => {
  if (task === END_EARLY) underWay.abort();
  else {
    underWay = new AbortController();
    parentPort?.postMessage(await replyWith(() => play(task, underWay.signal)));
  }
});

async function play({ played, options, screen }: PlayTask, signal: AbortSignal): Promise<PlayResult> {
  const said: PlayResult['said'] = [];
  const io: Io = {
    ...screen,
    out: (text) => said.push({ to: 'out', text }),
    err: (text) => said.push({ to: 'err', text }),
    errIsTerminal: false,
    nowMs: () => performance.now(),
  };
  const { scenario } = played;
  const app = await loadPrograms(programsOf(scenario), loadOwn);
  try {
    const brought = { certificates: await certificatesFor(scenario), openCapture, words: { planWords, print } };
    return { outcome: await playFile({ ...played, app }, options, io, signal, brought), said };
  } catch (error) {
    // What replays it, the main thread knows.
    throw error instanceof RunFailure ? error.cause : error;
  }
}
