/**
 * `import 'squall-kit/vitest'` in a test or a setup file: its `expect` knows runs from then on.
 *
 * Nothing is imported but types, so Jest does as well: it finds `expect` where both test runners keep theirs.
 * Where there is none yet, `expect.extend(matchers)` does it.
 */
// Named, or the compiler does not know what is added to below.
export type { Matchers } from 'vitest';

import { findExpect, matchers } from './matchers.ts';

export { matchers };

interface RunMatchers {
  /**
   * A threshold as scenario files have it: `p95(reconnect_ms) < 45s`. One of which there was no sample holds,
   * as it does there.
   */
  toHold(expression: string): void;
  /** Every check and threshold that the run was held to holds, and it came to its end. */
  toHaveNoViolations(): void;
  /**
   * The run is, event for event, the one whose hash the snapshot holds, or the one that is given. In another
   * major version of Node it may be another.
   */
  toMatchTrace(hash?: string): void;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: its type parameters must be vitest's own
  interface Matchers<T = any> extends RunMatchers {}
}

findExpect()?.extend(matchers);
