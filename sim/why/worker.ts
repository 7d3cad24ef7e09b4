/** The inside of a worker thread: plays the runs that it is sent. */
import { parentPort } from 'node:worker_threads';
import { certificatesFor } from '../certificates/fleet.ts';
import { loadFirmware } from '../sandbox/load-firmware.ts';
import { loadOwn } from '../sandbox/own-firmware.ts';
import { replyWith } from '../workers/reply.ts';
import { playTrial, type Trial } from './play.ts';

parentPort?.on('message', async (trial: Trial) => {
  parentPort?.postMessage(
    await replyWith(async () => {
      const { scenario } = trial;
      return await playTrial(trial, await loadFirmware(scenario.boards.firmware, loadOwn), await certificatesFor(scenario));
    }),
  );
});
