/**
 * When a run that is busy must let Node have a turn: signals are seen then, and nothing else waits for one.
 *
 * tsx's launcher sends a signal on and kills a child that has not answered within 30 ms, twice
 * (`relaySignalToChild` of its command line), so the period is shorter than that with room for the event in
 * hand.
 */
const PERIOD_MS = 15;

/** @param nowMs the wall clock */
export function turnDue(nowMs: () => number): () => boolean {
  let nextMs = nowMs() + PERIOD_MS;
  return () => {
    const now = nowMs();
    if (now < nextMs) return false;
    nextMs = now + PERIOD_MS;
    return true;
  };
}
