/** The inside of a worker thread: runs the trials it is sent, one after another. */
import '../../scenario/steps/index.ts'; // steps name them

import { parentPort } from 'node:worker_threads';
import type { Scenario } from '../../scenario/scenario.ts';
import { replyWith } from '../../workers/reply.ts';
import { runTrial } from './trial.ts';

export interface WorkerTask {
  scenario: Scenario;
  seed: number;
  metrics: readonly string[];
}

parentPort?.on('message', async ({ scenario, seed, metrics }: WorkerTask) => {
  parentPort?.postMessage(await replyWith(() => runTrial(scenario, seed, metrics)));
});
