/**
 * How the tests of all workspaces run. Most need no wall clock, so the limits are there to end a test that
 * hangs, not to time one: they are generous because the machine may have two cores and be busy with something
 * else. A worker keeps the modules it has loaded from one file of tests to the next, which saves most of the
 * time of a short one.
 */
import { configDefaults, defineConfig } from 'vitest/config';

/** They count what their own process holds, sockets, timers or bytes, so they have one for themselves. */
const COUNT_THEIR_PROCESS = ['firmware/soak.test.ts', 'relay/abuse/streams.test.ts', 'relay/server/real-clock.test.ts'];

export default defineConfig({
  test: {
    environment: 'node',
    // A test that starts a process or opens real sockets takes a second or two when the machine is idle.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One worker per core of the smallest machine this is meant for, and one more: a quarter of the time a test
    // waits, for real clocks and programs.
    maxWorkers: 3,
    // A forgotten `.only` must not make a red suite green.
    allowOnly: false,
    restoreMocks: true,
    // Cursor control and colour would spoil a log; vitest looks at the terminal by itself otherwise.
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'kit',
          include: ['**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...COUNT_THEIR_PROCESS],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'own process', include: COUNT_THEIR_PROCESS, isolate: true } },
    ],
  },
});
