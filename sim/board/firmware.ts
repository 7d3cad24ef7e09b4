/** What a board runs, and what is known of it beside its code. */
import type { FirmwareApp } from 'firmware/boot';

export interface Firmware {
  readonly app: FirmwareApp;
  /** A handler may leave promises behind, which then go on before anything else happens. */
  readonly usesPromises: boolean;
  /** Where in the app's source an error was thrown: `file:line`, the file as seen from the app's folder; '' when that is not known. */
  placeOf(error: unknown): string;
  /** Of an app that is not the kit's own. */
  readonly supervision: Supervision | null;
}

/** Keeps to the board what runs in the same process as everything else. */
export interface Supervision {
  /** Called before each handler of a board. False: there must not be another. */
  onHandler(): boolean;
  /** Rejects when a handler does not come back, after some seconds and with its place; the work is ended then. */
  watch<T>(work: () => Promise<T>): Promise<T>;
  /** Throws when the app has used what no board has, with each place. */
  verify(): void;
}

/** @param app may be a mere function, of which nothing else is known */
export function firmwareOf(app: FirmwareApp | Firmware): Firmware {
  if (typeof app !== 'function') return app;
  return { app, usesPromises: mentionsPromises(String(app)), placeOf: () => '', supervision: null };
}

/** Whether code can make a promise: without one of these words there is none to be had. Words in comments and names count, which costs time and nothing else. */
export function mentionsPromises(code: string): boolean {
  return /\b(async|Promise|queueMicrotask|import\s*\()/.test(code);
}
