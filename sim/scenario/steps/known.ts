/**
 * Actions by name, for whoever may have no step to look up: a run without steps need not load forty files.
 * index.ts puts them here, and whoever reads or makes steps imports that.
 */
import type { Action } from './action.ts';

/** Empty until index.ts is loaded. */
export const KNOWN_ACTIONS: Record<string, Action> = {};

export function actionOf({ action }: { action: string }): Action {
  if (!Object.hasOwn(KNOWN_ACTIONS, action)) throw new Error(`${action}: no such action, or steps/index.ts was not loaded`);
  return KNOWN_ACTIONS[action];
}
