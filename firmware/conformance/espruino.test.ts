/**
 * The suite on the firmware's client inside Espruino: needs ESPRUINO, the path of an engine for this
 * computer, and is reported as skipped without it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildProgram } from '../build/build.ts';
import { PROTOCOL_CASES, runSuite } from './suite.ts';
import { openSocketRig } from './testing/socket-rig.ts';

const ENGINE = process.env.ESPRUINO;
const APP = join(import.meta.dirname, 'testing', 'espruino-app.ts');

/**
 * The engine answers within a few ms, and takes its bytes in pieces of 536. A thousand small frames, or a
 * busy computer, take longer: what is missed is tried again.
 */
const QUIET_MS = 40;
const PATIENT_QUIET_MS = 3000;
const QUIET_MS_PER_KIB = 40;
const LIMIT_MS = 20 * 60_000;

/** Builds the program for this server and runs it, once. */
function engineClient(engine: string) {
  const folder = mkdtempSync(join(tmpdir(), 'squall-'));
  let child: ChildProcess | null = null;
  let started = false;
  onTestFinished(() => {
    child?.kill();
    rmSync(folder, { recursive: true });
  });
  return {
    quietMs: QUIET_MS,
    quietMsPerKib: QUIET_MS_PER_KIB,
    connect: (host: string, port: number) => {
      if (started) return;
      started = true;
      void buildProgram(APP, JSON.stringify({ server: `ws://${host}:${port}/` })).then(({ code }) => {
        const file = join(folder, 'echo.js');
        writeFileSync(file, code);
        child = spawn(engine, [file], { stdio: ['pipe', 'ignore', 'ignore'] });
      });
    },
  };
}

it.skipIf(ENGINE === undefined)(
  "the firmware's client inside Espruino is strictly right in every case too",
  { timeout: LIMIT_MS },
  async () => {
    const client = engineClient(ENGINE ?? '');
    const rig = await openSocketRig(client);
    onTestFinished(() => rig.close());
    const outcomes = await runSuite(() => rig);
    expect(outcomes).toHaveLength(PROTOCOL_CASES.length);
    client.quietMs = PATIENT_QUIET_MS;
    for (const [at, { name, verdict }] of outcomes.entries()) {
      if (verdict !== 'strict') expect(await PROTOCOL_CASES[at].run(rig), name).toBe('strict');
    }
  },
);
