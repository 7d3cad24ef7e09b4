/** What a board runs, and what is known of it beside its code. */
import type { FirmwareApp } from 'firmware/boot';

export interface Firmware {
  readonly app: FirmwareApp;
  /** Where in the app's source an error was thrown: `file:line`, the file as seen from the app's folder; '' when that is not known. */
  placeOf(error: unknown): string;
}

/** An app of which nothing else is known. */
export function firmwareOf(app: FirmwareApp): Firmware {
  return { app, placeOf: () => '' };
}
