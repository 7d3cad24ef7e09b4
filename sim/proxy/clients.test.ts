/**
 * Clients that are not the kit's, through the proxy to the relay, both started as a user does: they meet the
 * outages of the scenario, and no other. CHROMIUM names a browser if it is not where it usually is,
 * MICROPYTHON the engine of the original's client; without them these tests are skipped.
 */
import { MICROPYTHON, OriginalClient } from 'relay/testing/original-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHROMIUM, Page } from './testing/browser.ts';
import { startProxy } from './testing/start-proxy.ts';
import { Witness } from './testing/witness.ts';

const BLACKHOLE_MS = 3_000;
const SCENARIO = `version: 1
boards: { count: 1 }
steps:
  - { at: 2s, action: link.blackhole, for: ${BLACKHOLE_MS}ms }
  - { at: 10s, action: link.reset }
`;
/** The blackhole, and the time to the next retransmission, which is at most about as long again. */
const SILENCE_MAX_MS = 2 * BLACKHOLE_MS + 2_000;
/** How often clients send something to be echoed, ms. */
const BEAT_MS = 100;
const PATIENCE = { timeout: 25_000, interval: 50 };

async function expectOutages(witness: Witness): Promise<void> {
  await expect.poll(() => witness.met, PATIENCE).toEqual(['open', 'silence', 'close', 'open']);
  const [silenceMs] = witness.silencesMs;
  expect(silenceMs).toBeGreaterThan(BLACKHOLE_MS - BEAT_MS);
  expect(silenceMs).toBeLessThan(SILENCE_MAX_MS);
}

/** A WebSocket of a page that tells what happens to it, and is opened anew. */
const connectFromPage = (url: string) => `
  function connect() {
    const socket = new WebSocket(${JSON.stringify(url)});
    let beat;
    socket.onopen = () => {
      console.log('open');
      beat = setInterval(() => socket.send('beat'), ${BEAT_MS});
    };
    socket.onmessage = () => console.log('heard');
    socket.onclose = () => {
      console.log('close');
      clearInterval(beat);
      setTimeout(connect, ${BEAT_MS});
    };
  }
  connect();`;

describe('the outages of a scenario, and no other', { timeout: 60_000 }, () => {
  it.skipIf(CHROMIUM === undefined)('are met by the WebSocket of a browser (CHROMIUM)', async () => {
    const witness = new Witness();
    const page = await Page.open((event) => witness.tell(event));
    onTestFinished(() => page.close());
    page.run(connectFromPage(`ws://${await startProxy(SCENARIO, 'linux')}/browser`));
    await expectOutages(witness);
  });

  it.skipIf(MICROPYTHON === undefined)('are met by the original client in MicroPython (MICROPYTHON)', async () => {
    const witness = new Witness();
    const events: Record<string, string> = { text: 'heard', closed: 'close' };
    const board = new OriginalClient(`ws://${await startProxy(SCENARIO, 'lwip')}/board`, ([event]) =>
      witness.tell(events[event] ?? String(event)),
    );
    onTestFinished(() => board.stop());
    const beat = setInterval(() => board.send('text', 4), BEAT_MS);
    onTestFinished(() => clearInterval(beat));
    await expectOutages(witness);
  });
});
