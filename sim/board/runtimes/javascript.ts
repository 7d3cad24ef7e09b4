/**
 * JavaScript against the HAL, as Espruino runs it: a module with `app(hal, config)`, in the engine that runs
 * the simulator.
 */
import { boot, type FirmwareApp } from 'firmware/boot';
import { parseConfig } from 'firmware/config';
import { createSimulatedHal } from 'hal/simulated';
import type { FirmwareImage, HostedCode, Runtime } from '../runtime.ts';

export const JAVASCRIPT: Runtime = {
  runs: () => true,
  configOf: parseConfig,
  load: null,
};

/** @param placeOf left out: no place is known of any error */
export function javascriptImage(app: FirmwareApp, hosted: HostedCode, placeOf: (error: unknown) => string = () => ''): FirmwareImage {
  return { reports: true, hosted, placeOf, start: (machine) => boot(createSimulatedHal(machine), app) };
}

/** @param app may be a mere function, of which nothing else is known */
export function imageOf(app: FirmwareApp | FirmwareImage): FirmwareImage {
  if (typeof app !== 'function') return app;
  return javascriptImage(app, { usesPromises: mentionsPromises(String(app)), supervision: null });
}

/**
 * Whether code can make a promise: without one of these words there is none to be had. Words in comments and
 * names count, which costs time and nothing else.
 */
export function mentionsPromises(code: string): boolean {
  return /\b(async|Promise|queueMicrotask|import\s*\()/.test(code);
}
