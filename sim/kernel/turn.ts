/** One full turn of Node's event loop: everything that streams deferred with `nextTick`, promises or `setImmediate` has run after it. */

export function takeTurn(): Promise<void> {
  return new Promise(onImmediate);
}

function onImmediate(resolve: () => void): void {
  setImmediate(resolve);
}
