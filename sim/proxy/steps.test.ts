/**
 * Steps of a scenario between a real client and a real relay, through a proxy as a user starts it: each
 * outage is met as what it is, and no other.
 */
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startProxy } from './testing/start-proxy.ts';
import { Witness } from './testing/witness.ts';

const OUTAGE_MS = 3_000;
/** Of relay.restart without `for:`. */
const RESTART_MS = 2_000;
const SCENARIO = `version: 1
boards: { count: 1 }
steps:
  - { at: 2s, action: ap.down, for: ${OUTAGE_MS}ms }
  - { at: 8s, action: relay.hang, for: ${OUTAGE_MS}ms }
  - { at: 15s, action: relay.stop, for: ${OUTAGE_MS}ms }
  - { at: 21s, action: relay.restart }
`;
const BEAT_MS = 100;
const PATIENCE = { timeout: 60_000, interval: 50 };
/** Of a busy machine. */
const LATE_MS = 2_000;

/** Sends something to be echoed all the time, and connects again whenever it can. */
function startClient(url: string, witness: Witness): void {
  let isOver = false;
  let latest: WebSocket;
  const connect = (): void => {
    const socket = new WebSocket(url);
    latest = socket;
    let beat: NodeJS.Timeout | undefined;
    socket.on('open', () => {
      witness.tell('open');
      beat = setInterval(() => socket.send('beat'), BEAT_MS);
    });
    socket.on('message', () => witness.tell('heard'));
    socket.on('error', () => {});
    socket.on('close', () => {
      // An attempt that failed has met nothing.
      if (beat !== undefined) witness.tell('close');
      clearInterval(beat);
      if (!isOver) setTimeout(connect, BEAT_MS);
    });
  };
  connect();
  onTestFinished(() => {
    isOver = true;
    latest.terminate();
  });
}

it('an access point and a relay that go and come back are met by a client as what they are', { timeout: 90_000 }, async () => {
  const witness = new Witness();
  // The relay does not hear of the access point: the client's old session still has the id.
  startClient(`ws://${await startProxy(SCENARIO, 'linux', '--duplicate-id', 'takeover')}/client`, witness);
  const expected = ['open', 'close', 'open', 'silence', 'close', 'open', 'close', 'open'];
  await expect.poll(() => witness.met, PATIENCE).toEqual(expected);
  const [hangMs] = witness.silencesMs;
  const [apMs, stopMs, restartMs] = witness.gapsMs;
  for (const [isMs, leastMs] of [
    [hangMs, OUTAGE_MS - BEAT_MS],
    [stopMs, OUTAGE_MS - 2 * BEAT_MS],
    [restartMs, RESTART_MS - 2 * BEAT_MS],
    // A client is told by the reset when the access point is back.
    [apMs, 0],
  ]) {
    expect(isMs).toBeGreaterThanOrEqual(leastMs);
    expect(isMs).toBeLessThan(leastMs + LATE_MS);
  }
});
