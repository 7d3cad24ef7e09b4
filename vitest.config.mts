/**
 * How the tests of all workspaces run. Most need no isolation to speak of and no wall clock, so the limits
 * are there to end a test that hangs, not to time one: they are generous because the machine may have two
 * cores and be busy with something else.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['**/*.test.ts'],
    // A test that starts a process or opens real sockets takes a second or two when the machine is idle.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One worker per core of the smallest machine this is meant for.
    maxWorkers: 2,
    // A forgotten `.only` must not make a red suite green.
    allowOnly: false,
    restoreMocks: true,
    // Cursor control and colour would spoil a log; vitest looks at the terminal by itself otherwise.
    reporters: ['default'],
  },
});
