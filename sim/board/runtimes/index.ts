/**
 * Every kind of firmware that a board can run. A new one is a file or folder here and a line below, above
 * JavaScript, which takes whatever is left.
 */
import type { Runtime } from '../runtime.ts';
import { JAVASCRIPT } from './javascript.ts';

const RUNTIMES: Record<string, Runtime> = {
  javascript: JAVASCRIPT,
};

/** @param file as its user names the program */
export function runtimeOf(file: string): Runtime {
  return Object.values(RUNTIMES).find((runtime) => runtime.runs(file)) ?? JAVASCRIPT;
}
