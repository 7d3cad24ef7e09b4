/**
 * What dumpcap or tcpdump captures on loopback of the relay's own sockets, with real clients behind the
 * proxy: the outage of the proxy's scenario is found. Skipped where neither may capture.
 *
 * The proxy ends every connection itself: on the wire to the relay nothing is lost, and the outage is that
 * pings are acknowledged by the proxy's kernel and answered by nobody.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { readCapture } from '../../cli/recording/read-capture.ts';
import { scratch } from '../../cli/testing/scratch.ts';
import { startRelayAndProxy } from '../../proxy/testing/start-proxy.ts';
import { planField } from '../field-plan.ts';

const FROM_MS = 4_000;
const LASTS_MS = 7_000;
const SCENARIO = `version: 1
boards: { count: 3 }
steps: [{ at: ${FROM_MS}ms, action: link.blackhole, for: ${LASTS_MS}ms }]
`;
const CLIENTS = ['kitchen', 'garage', 'attic'];
const BEAT_MS = 100;
/** Of a busy machine. */
const SLACK_MS = 2_000;
/**
 * A capture ends only after as long with everybody back: the kernel hands packets over in blocks, at the
 * latest after a second (libpcap's time-out), and what it has not handed over is lost with the program.
 */
const CALM_MS = 3_000;
/** The outage, the time to the next retransmission, which is at most about as long again, and the calm. */
const PATIENCE = { timeout: FROM_MS + 2 * LASTS_MS + CALM_MS + 12_000, interval: 100 };

const TOOLS: [name: string, path: string, words: string[], started: RegExp][] = [
  ['dumpcap', '/usr/bin/dumpcap', ['-q', '-i', 'lo', '-w'], /File: /],
  ['tcpdump', '/usr/bin/tcpdump', ['-i', 'any', '-U', '-Z', 'root', '-w'], /listening on /],
];

async function startCapture(path: string, words: readonly string[], file: string, port: number, started: RegExp): Promise<ChildProcess> {
  const filter = path.endsWith('dumpcap') ? ['-f', `tcp port ${port}`] : [`tcp port ${port}`];
  const child = spawn(path, [...words, file, ...filter], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
      if (started.test(said)) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(said)));
  });
  return child;
}

/** Echoes of each client, with when they came. */
function connect(url: string): number[] {
  const heardMs: number[] = [];
  const socket = new WebSocket(url);
  const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('beat'), BEAT_MS);
  onTestFinished(() => {
    clearInterval(beat);
    socket.terminate();
  });
  socket.on('message', () => heardMs.push(Date.now()));
  socket.on('error', () => {});
  return heardMs;
}

const PRESENT = TOOLS.filter(([, path]) => existsSync(path));

describe.skipIf(process.getuid?.() !== 0 || PRESENT.length === 0)('a capture of the relay’s own sockets', () => {
  it('shows the outage of the proxy’s scenario, whoever makes it', { timeout: 90_000 }, async () => {
    const { address, relayPort } = await startRelayAndProxy(SCENARIO, 'linux');
    const beginsMs = Date.now();
    const folder = scratch();
    const children = await Promise.all(
      PRESENT.map(([name, path, words, started]) => startCapture(path, words, folder.path(`${name}.pcapng`), relayPort, started)),
    );
    const clients = CLIENTS.map((id) => connect(`ws://${address}/${id}`));
    const isBack = (heardMs: readonly number[]) => {
      const backMs = heardMs.find((ms) => ms > beginsMs + FROM_MS + LASTS_MS) ?? Number.POSITIVE_INFINITY;
      return heardMs.some((ms) => ms < beginsMs + FROM_MS) && (heardMs.at(-1) ?? 0) > backMs + CALM_MS;
    };
    await expect.poll(() => clients.every(isBack), PATIENCE).toBe(true);
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    for (const child of children) child.kill('SIGINT');
    await ended;

    for (const [name] of PRESENT) {
      const recording = await readCapture(folder.path(`${name}.pcapng`), [relayPort]);
      expect(recording.boards.map(({ id }) => id).sort(), name).toEqual([...CLIENTS].sort());
      expect(recording.capture, name).toMatchObject({ near: 'server', servers: [`127.0.0.1:${relayPort}`] });
      expect(recording.relay, name).toMatchObject({ ping_interval: '1s', mode: 'echo' });
      const outages = planField(recording).outages.filter(({ boards }) => boards.length === CLIENTS.length);
      expect(outages, name).toHaveLength(1);
      const [{ fromMs, firstBackMs }] = outages;
      const startMs = (recording.epochMs ?? 0) - beginsMs;
      expect(Math.abs(startMs + fromMs - FROM_MS), name).toBeLessThan(SLACK_MS);
      expect((firstBackMs ?? 0) - fromMs, name).toBeGreaterThan(LASTS_MS - SLACK_MS);
      expect((firstBackMs ?? 0) - fromMs, name).toBeLessThan(2 * LASTS_MS + SLACK_MS);
    }
  });
});
