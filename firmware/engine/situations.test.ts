/**
 * The table of situations with the built SOS app in a real engine against real servers: the board finds every
 * bad end by itself, logs what the other backends log, tries again, and goes on blinking.
 *
 * ESPRUINO names the binary; without it these tests are skipped. A swallowed SYN is left out: the engine's
 * connect blocks it for as long as the kernel tries (two minutes on Linux). Espruino cannot tell a reset from
 * a FIN.
 */
import { describe, it, type TestContext } from 'vitest';
import { type Engine, ESPRUINO, edgesOf, PRINT_EDGES, startApp } from '../testing/espruino.ts';
import { openSituationServer } from '../testing/situation-server.ts';
import { firstAttempt, SITUATION_CONFIG, SITUATION_MAX_MS, SITUATIONS, type Situation, stateLine } from '../testing/situations.ts';

const HOST = '127.0.0.1';
const PLAYED = SITUATIONS.filter(({ syn }) => syn !== 'swallowed');
/** The build of the app, on a busy computer, ms. */
const BUILD_MAX_MS = 30_000;

async function listen(situation: Situation, { onTestFinished }: TestContext): Promise<number> {
  const server = await openSituationServer(situation);
  onTestFinished(() => server.close());
  return server.port;
}

/** The states that the console has told of, as lines of the table. */
function statesOf({ console }: Engine): string[] {
  return [...console.matchAll(/channel: \w+ -> (\w+)(?: ([\d.]+)s \(([^:)]*).*)?\r?\n/g)].map(([, state, waitS, cause]) =>
    stateLine(state, (cause ?? '').replaceAll(' ', '_'), Math.round(Number(waitS) * 1000)),
  );
}

describe.skipIf(ESPRUINO === undefined)(
  'in a real engine (ESPRUINO) the SOS app survives',
  { timeout: BUILD_MAX_MS + SITUATION_MAX_MS },
  () => {
    it.concurrent.for(PLAYED)('$name', async (situation, context) => {
      const port = await listen(situation, context);
      const engine = await startApp(
        'sos',
        `ws://${HOST}:${port}/`,
        { ...SITUATION_CONFIG, redirects: situation.redirects ?? 0 },
        PRINT_EDGES,
      );
      context.onTestFinished(() => engine.stop());
      const attempts = () => statesOf(engine).filter((state) => state === 'tcp').length;
      await context.expect.poll(attempts, { timeout: SITUATION_MAX_MS, interval: 50 }).toBeGreaterThan(1);
      const expected = situation.log.map((line) => line.replace('waiting reset', 'waiting peer_closed'));
      context.expect(firstAttempt(statesOf(engine))).toEqual(expected);
      const blinks = edgesOf(engine).length;
      await context.expect.poll(() => edgesOf(engine).length, { timeout: SITUATION_MAX_MS, interval: 50 }).toBeGreaterThan(blinks);
    });
  },
);
