/**
 * Says what nobody caught, and goes on (rule 10): timers and sockets survive it. The engine throws strings
 * and plain objects as well as errors.
 */

export function reportUncaught(): void {
  process.on('uncaughtException', (error) => console.log('uncaught: ' + describe(error)));
}

/**
 * Throws `error` again where nothing of the engine's stands above: a socket whose handler throws would lose
 * the handler.
 */
export function throwLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  }, 0);
}

export function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, stack } = error as { message?: string; stack?: string };
  return (message === undefined ? 'error' : message) + (stack === undefined ? '' : '\n' + stack);
}
