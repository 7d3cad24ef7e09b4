/**
 * Clients that are not the kit's, through the proxy to the relay, both started as a user does: they meet the outages of the scenario, and no other.
 * CHROMIUM names a browser if it is not where it usually is, MICROPYTHON the engine of the original's client; without them these tests are skipped.
 */
import { spawn } from 'node:child_process';
import { MICROPYTHON, OriginalClient } from 'relay/testing/original-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scratch } from '../cli/testing/scratch.ts';
import { CHROMIUM, Page } from './testing/browser.ts';

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
/** A busy machine can hold up an echo, but not for so long, ms. */
const SILENCE_MIN_MS = 1_500;
const PATIENCE = { timeout: 25_000, interval: 50 };

/** What a client has met, in order: `open`, `silence`, `close` and whatever else it tells; `heard` is the quiet life. */
class Witness {
  readonly met: string[] = [];
  readonly silencesMs: number[] = [];
  private heardAtMs = 0;

  tell(event: string): void {
    const nowMs = performance.now();
    const silenceMs = nowMs - this.heardAtMs;
    this.heardAtMs = nowMs;
    if (event !== 'heard') this.met.push(event);
    else if (silenceMs >= SILENCE_MIN_MS) {
      this.met.push('silence');
      this.silencesMs.push(silenceMs);
    }
  }
}

/** @returns what `pattern` finds in what the process says, and the process ends with the test */
async function start(words: string[], pattern: RegExp): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
      const found = pattern.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(said)));
  });
}

/** @returns where devices connect: the scenario begins */
async function startProxy(stack: string): Promise<string> {
  const keepalive = ['--ws-ping-interval', '1', '--ws-ping-timeout', '20'];
  // The browser's page is empty and has no origin.
  const served = ['--host', '127.0.0.1', '--port', '0', '--mode', 'echo', '--allow-origin', 'null', ...keepalive];
  const port = await start(['relay/index.ts', ...served], /"port":(\d+)/);
  const file = scratch().write('outages.yaml', SCENARIO);
  const flags = ['--listen', '127.0.0.1:0', '--upstream', `ws://127.0.0.1:${port}`, '--stack', stack, '--scenario', file];
  return start(['sim/index.ts', 'proxy', ...flags], /Devices connect to (\S+);/);
}

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
    page.run(connectFromPage(`ws://${await startProxy('linux')}/browser`));
    await expectOutages(witness);
  });

  it.skipIf(MICROPYTHON === undefined)('are met by the original client in MicroPython (MICROPYTHON)', async () => {
    const witness = new Witness();
    const events: Record<string, string> = { text: 'heard', closed: 'close' };
    const board = new OriginalClient(`ws://${await startProxy('lwip')}/board`, ([event]) => witness.tell(events[event] ?? String(event)));
    onTestFinished(() => board.stop());
    const beat = setInterval(() => board.send('text', 4), BEAT_MS);
    onTestFinished(() => clearInterval(beat));
    await expectOutages(witness);
  });
});
