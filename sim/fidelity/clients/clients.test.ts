/** A short part of `npm run fidelity -- --clients`: the whole needs a minute. */
import { expect, it } from 'vitest';
import { LIBRARIES, rowsOf } from './cli.ts';
import { compare } from './compare.ts';
import type { Figures } from './figures.ts';
import { SOCKET_IO } from './socket-io.ts';

const SHORT = { clients: 6, spreadMs: 3_000, settleMs: 300, deadMs: 6_000, downMs: 3_000, backMs: 6_000 };
const FIGURES: Figures = { detectMs: [2_000, 5_000], clientDetectMs: [], tries: 4, peak: 8, backMs: [100] };

it('Socket.IO, live, finds dead links and comes back as its presets do', { timeout: 60_000 }, async () => {
  const rows = await rowsOf(SOCKET_IO, SHORT, 5);
  expect(rows.filter(({ agrees }) => agrees === false)).toEqual([]);
  expect(rows.map(({ live }) => live)).not.toContain('never');
});

it('what lies outside of what the model does is told, and what is missing on one side', () => {
  const judged = (live: Partial<Figures>) => compare(SOCKET_IO, FIGURES, { ...FIGURES, ...live }, 20).map(({ agrees }) => agrees);
  expect(judged({})).toEqual([true, true, true, null, null]);
  expect(judged({ detectMs: [9_000] })[0]).toBe(false);
  expect(judged({ clientDetectMs: [3_000] })[1]).toBe(false);
  expect(judged({ tries: 40 })[2]).toBe(false);
});

it.each(LIBRARIES.map((library) => [library.client, library] as const))('%s is there, or is skipped by name', (_, { missing }) => {
  expect(missing() ?? '').not.toContain('/');
});
