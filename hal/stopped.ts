/**
 * How a call that never returns ends its handler where the platform below goes on: it throws this, and the
 * backend, which stands below each handler, takes it. Firmware that catches it by chance acts on a board that
 * is off.
 */
export class BoardStopped extends Error {
  constructor() {
    super('the board has stopped: nothing after this call runs');
  }
}

/** Runs a handler of the firmware to its end, or to such a call. */
export function unlessStopped(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof BoardStopped)) throw error;
  }
}
