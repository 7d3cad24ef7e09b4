/** The inside of a worker thread: plays the runs that it is sent. */
import '../scenario/steps/index.ts'; // steps name them

import { parentPort } from 'node:worker_threads';
import { certificatesFor } from '../certificates/fleet.ts';
import { loadPrograms } from '../sandbox/load-firmware.ts';
import { loadOwn } from '../sandbox/own-firmware.ts';
import { programsOf } from '../scenario/groups.ts';
import { replyWith } from '../workers/reply.ts';
import { playTrial, type Trial } from './play.ts';

parentPort?.on('message', async (trial: Trial) => {
  parentPort?.postMessage(
    await replyWith(async () => {
      const { scenario } = trial;
      return await playTrial(trial, await loadPrograms(programsOf(scenario), loadOwn), await certificatesFor(scenario));
    }),
  );
});
