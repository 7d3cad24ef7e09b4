/**
 * The HAL's contract on the Espruino backend, in a real engine against real servers on loopback.
 *
 * Needs ESPRUINO, the path of an engine for this computer, and is reported as skipped without it. The engine
 * plays all cases in one run, which the tests here wait for and look into. What neither that engine nor the
 * platform can do is left out by name.
 */
import { CONFORMANCE, type ConformanceCase } from 'hal/conformance';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Engine, ESPRUINO } from '../testing/espruino.ts';
import { freePort, Peers } from '../testing/hal-conformance/peers.ts';
import { buildConformance } from '../testing/hal-conformance/program.ts';

/** By what a case needs: why it cannot be had. */
const LEFT_OUT: Partial<Record<NonNullable<ConformanceCase['needs']>, string>> = {
  silent: 'a connect that nobody answers stops the whole engine, for two minutes on Linux',
  namesErrors: 'Espruino does not tell errors apart',
  readsAfterEnd: 'Espruino closes both directions at once',
  holdsPeerBack: 'Espruino reads on during a pause',
  loseWifi: 'Espruino on a computer has no Wi-Fi',
  stop: 'a board is never asked to stop',
  boots: 'Espruino on a computer ends where a board boots again',
  sleepsLightly: 'Espruino on a computer does not sleep',
  savesPower: 'Espruino on a computer has no Wi-Fi',
};
/** Fifteen seconds on an idle computer. */
const LIMIT_MS = 180_000;
const LOOK_EVERY_MS = 100;

/**
 * By the name of the case that finds it, at once or after having waited: so an exception gets out of a case
 * in the engine as well.
 */
const DEFECTS: Record<string, string> = {
  'base64 gives the texts of RFC 4648': 'function btoa(){return ""}',
  'a timer runs once and not before its delay': 'var engineTimeout=setTimeout;function setTimeout(f,ms){return engineTimeout(f,ms/2)}',
};

/** @param defect what the engine runs first, to break it */
async function play(names: readonly string[], defect = ''): Promise<string[]> {
  const peers = new Peers();
  const settings = { linkPort: await peers.start(), refusedPort: await freePort(), names };
  const engine = new Engine(`${defect}\n${await buildConformance(settings)}`);
  try {
    await vi.waitFor(() => expect(engine.console).toContain('all cases were played'), { timeout: LIMIT_MS, interval: LOOK_EVERY_MS });
    return engine.console.split(/[\r\n]+/);
  } finally {
    await engine.stop();
    peers.stop();
  }
}

describe.skipIf(ESPRUINO === undefined)('in Espruino', () => {
  let lines: string[] = [];
  beforeAll(async () => {
    lines = await play(CONFORMANCE.map(({ name }) => name));
  }, LIMIT_MS);

  it.for(CONFORMANCE)('$name', ({ name, needs }, { skip }) => {
    const line = lines.find((text) => text.includes(name));
    const why = needs === undefined ? undefined : LEFT_OUT[needs];
    expect(line).toContain(`${why === undefined ? 'ok' : 'left out'} ${name}`);
    if (why !== undefined) skip(why);
  });

  it('no error goes uncaught meanwhile', () => {
    expect(lines.filter((line) => /uncaught/i.test(line))).toEqual([]);
  });

  it.for(Object.entries(DEFECTS))('does not pass in an engine that is broken: %s', { timeout: LIMIT_MS }, async ([name, defect]) => {
    expect((await play([name], defect)).filter((line) => line.includes(`FAILED ${name}: `))).toHaveLength(1);
  });
});
