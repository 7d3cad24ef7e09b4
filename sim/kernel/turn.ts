/** Ways to let Node do the work it has put off. */

/**
 * Until everything that was put off with `nextTick`, and what that put off in turn, has run, and the promises
 * that were settled by then.
 */
export function takeTick(): Promise<void> {
  return new Promise(onTick);
}

/**
 * One full turn of the event loop: also what was put off with `setImmediate`, signals, and sockets that have
 * something to tell.
 */
export function takeTurn(): Promise<void> {
  return new Promise(onTurn);
}

function onTick(resolve: () => void): void {
  process.nextTick(resolve);
}

function onTurn(resolve: () => void): void {
  setImmediate(resolve);
}
