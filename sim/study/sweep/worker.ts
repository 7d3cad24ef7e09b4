/** The inside of a worker thread: runs the trials it is sent, one after another. */
import { parentPort } from 'node:worker_threads';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Reply } from '../../workers/reply.ts';
import { runTrial, type TrialResult } from './trial.ts';

export interface WorkerTask {
  scenario: Scenario;
  seed: number;
  metrics: readonly string[];
}

parentPort?.on('message', async ({ scenario, seed, metrics }: WorkerTask) => {
  parentPort?.postMessage(await attempt(scenario, seed, metrics));
});

async function attempt(scenario: Scenario, seed: number, metrics: readonly string[]): Promise<Reply<TrialResult>> {
  try {
    return { result: await runTrial(scenario, seed, metrics) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
