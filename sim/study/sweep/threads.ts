/** The worker threads of a study: each runs trials. */
import { kitModule } from 'host/kit';
import { Threads } from '../../workers/pool.ts';
import type { TrialResult } from './trial.ts';
import type { WorkerTask } from './worker.ts';

export type TrialThreads = Threads<WorkerTask, TrialResult>;

/** @param most threads at a time, 1 to MAX_WORKERS */
export function trialThreads(most: number): TrialThreads {
  return new Threads(kitModule('sim/study/sweep/worker'), most);
}
