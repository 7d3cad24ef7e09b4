/**
 * Random numbers that differ between boards and boots (rule 7): Espruino's own are the same everywhere until
 * they are seeded. A xorshift generator (Marsaglia 2003, 32 bits) into which seeds are mixed, on top of the
 * engine's. Unpredictable enough for masks and jitter; not for secrets.
 */
import type { Random } from '../index.ts';

export function createRandom(): Random {
  // Any state but 0.
  let state = 0x9e3779b9;

  function step(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  }

  return {
    uint32: () => (step() ^ E.hwRand()) >>> 0,
    seed(value) {
      state ^= value;
      if (state === 0) state = 0x9e3779b9;
      // So that every bit of the seed has reached every bit of the state.
      for (let i = 0; i < 8; i++) step();
      // TLS and Math.random draw from the engine.
      E.srand(state);
    },
  };
}
