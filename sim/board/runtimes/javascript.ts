/**
 * JavaScript against the HAL, as Espruino runs it: a module with `app(hal, config)`, in the engine that runs
 * the simulator.
 */
import { boot, type FirmwareApp } from 'firmware/boot';
import { parseConfig } from 'firmware/config';
import type { Hal } from 'hal';
import { createSimulatedHal, type Machine } from 'hal/simulated';
import type { FirmwareImage, HostedCode, Program, Programs, Runtime } from '../runtime.ts';

export const JAVASCRIPT: Runtime = {
  runs: () => true,
  configOf: parseConfig,
  load: null,
};

/**
 * @param appOn called at each boot, for the app that this board runs until the next @param placeOf left out:
 * no place is known of any error
 */
export function javascriptImage(
  appOn: (hal: Hal) => FirmwareApp,
  hosted: HostedCode,
  placeOf: (error: unknown) => string = () => '',
): FirmwareImage {
  const start = (machine: Machine): void => {
    const hal = createSimulatedHal(machine);
    boot(hal, appOn(hal));
  };
  return { reports: true, hosted, placeOf, start };
}

/** One for each group of a fleet. */
export function imagesOf(programs: Programs, groups: number): readonly FirmwareImage[] {
  if (!isList(programs)) return new Array<FirmwareImage>(groups).fill(imageOf(programs));
  if (programs.length !== groups) throw new Error(`${programs.length} programs for ${groups} groups of boards`);
  return programs.map(imageOf);
}

function isList(programs: Programs): programs is readonly Program[] {
  return Array.isArray(programs);
}

/**
 * @param app may be a mere function, of which nothing else is known: it is the same one on all boards, and so
 * are the variables around it
 */
export function imageOf(app: Program): FirmwareImage {
  if (typeof app !== 'function') return app;
  return javascriptImage(() => app, { usesPromises: mentionsPromises(String(app)), supervision: null });
}

/**
 * Whether code can make a promise: without one of these words there is none to be had. Words in comments and
 * names count, which costs time and nothing else.
 */
export function mentionsPromises(code: string): boolean {
  return /\b(async|Promise|queueMicrotask|import\s*\()/.test(code);
}
