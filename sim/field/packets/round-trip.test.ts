/**
 * Runs of which everything is known, captured and read again: what is inferred is what was.
 *
 * Boards notice a dead link within seconds and try again often, so that there is something to see when it is
 * back. A board's own silence of a few seconds, when packets of it were lost one after another, is told
 * beside.
 */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { VantagePoint } from '../../capture/capture.ts';
import { captureRun } from '../../capture/testing/captured-run.ts';
import { WORLD_EPOCH_MS } from '../../kernel/calendar.ts';
import { readDocument } from '../../scenario/document/read-document.ts';
import type { ScenarioDocument } from '../../scenario/settings.ts';
import { captureView } from '../capture-view.ts';
import { describeField } from '../describe-field.ts';
import { planField } from '../field-plan.ts';
import { PacketReader } from './packet-reader.ts';
import { recordingOf } from './read-packets.ts';

const LATENCY_MS = 40;
const JITTER_MS = 4;
/** From, to, ms. */
const OUTAGES = [
  [40_000, 55_000],
  [80_000, 110_000],
  [140_000, 150_000],
] as const;
const BOARDS = 14;

function known(seed: number, loss: number): ScenarioDocument {
  return {
    seed,
    duration: 180_000,
    boards: {
      count: BOARDS,
      board_ping_interval: 3_000,
      board_ping_timeout: 3_000,
      backoff: { kind: 'exponential', jitter: 'full', min: 1_000, max: 4_000 },
    },
    relay: { ping_interval: 4_000, ping_timeout: 4_000 },
    link: { loss, latency: LATENCY_MS, jitter: JITTER_MS },
    air: { medium: 'private' },
    steps: OUTAGES.map(([from, to]) => ({ at: from, action: 'link.blackhole', for: to - from, parameters: {} })),
  };
}

function readBytes(bytes: Buffer, ports: readonly number[] = []) {
  const reader = new PacketReader(ports);
  reader.push(bytes);
  return recordingOf('run.pcapng', reader.finish());
}

async function planOf(document: ScenarioDocument, at: VantagePoint) {
  const { bytes } = await captureRun(document, at);
  return planField(readBytes(bytes));
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.each([0.05, 0.1])('a run with a loss of %d', { timeout: 120_000 }, (loss) => {
  it.each(SEEDS)('is found again in what the relay’s interface sees: seed %i', async (seed) => {
    const { recording, fleet, outages } = await planOf(known(seed, loss), 'relay');
    expect(recording.capture).toMatchObject({ near: 'server', isBetween: false, servers: ['10.0.255.1:8000'] });
    expect(recording.boards.map(({ id }) => id).sort()).toEqual(Array.from({ length: BOARDS }, (_, index) => `board-${index + 1}`).sort());
    expect(Math.abs((fleet?.lossRate ?? 1) - loss)).toBeLessThanOrEqual(0.02);
    expect(Math.abs((fleet?.latencyMs ?? 0) * 2 - 2 * LATENCY_MS)).toBeLessThanOrEqual(0.1 * 2 * LATENCY_MS);
    expect(recording.relay).toMatchObject({ ping_interval: '4s', mode: 'broadcast' });
    const shared = outages.filter(({ boards }) => boards.length > BOARDS / 2);
    expect(shared).toHaveLength(OUTAGES.length);
    shared.forEach(({ fromMs, toMs }, index) => {
      const worldMs = (ms: number) => (recording.epochMs ?? 0) + ms - WORLD_EPOCH_MS;
      expect(Math.abs(worldMs(fromMs) - OUTAGES[index][0])).toBeLessThanOrEqual(1_000);
      expect(Math.abs(worldMs(toMs ?? 0) - OUTAGES[index][1])).toBeLessThanOrEqual(1_000);
    });
  });
});

describe('a run', { timeout: 120_000 }, () => {
  it('is found again in what the boards’ interfaces see', async () => {
    const { recording, fleet, outages } = await planOf(known(1, 0.1), 'board');
    expect(recording.capture?.near).toBe('client');
    // There it is mostly acknowledgements that show losses: the rest went missing before it came.
    expect(Math.abs((fleet?.lossRate ?? 1) - 0.1)).toBeLessThanOrEqual(0.04);
    expect(Math.abs((fleet?.latencyMs ?? 0) - LATENCY_MS)).toBeLessThanOrEqual(0.1 * LATENCY_MS);
    expect(outages.filter(({ boards }) => boards.length > BOARDS / 2)).toHaveLength(OUTAGES.length);
  });

  it('with TLS is told by what can be seen, at a port that was named, and not taken for WebSocket else', async () => {
    const { bytes } = await captureRun({ ...known(2, 0.05), tls: 'encrypt' }, 'relay');
    expect(() => readBytes(bytes)).toThrow(
      /^run\.pcapng: expected a TCP connection that carries WebSocket, got .* to port 8000 used TLS: .* --port 8000$/,
    );
    const recording = readBytes(bytes, [8000]);
    const { fleet, outages } = planField(recording);
    const addresses = new Set(recording.capture?.clients.map(({ address }) => address));
    expect([...addresses].sort()).toEqual(Array.from({ length: BOARDS }, (_, index) => `10.0.0.${index + 1}`).sort());
    // A board that came back while its old session was not yet known to be dead is somebody else at its
    // address.
    expect(recording.boards.length).toBeLessThan(BOARDS + 4);
    expect(Math.abs((fleet?.lossRate ?? 1) - 0.05)).toBeLessThanOrEqual(0.02);
    // Handshakes take boards seconds: of a short outage they come back one by one.
    expect(outages.filter(({ boards }) => boards.length > BOARDS / 2).length).toBeGreaterThanOrEqual(OUTAGES.length - 1);
    expect(recording.capture?.blindSpots.join(' ')).toMatch(/TLS hides what \d+ clients sent/);
  });

  it('in which the relay restarts shows that nobody served', async () => {
    const document = known(3, 0.01);
    const steps = [{ at: 60_000, action: 'relay.restart', for: 8_000, parameters: {} }] as const;
    const { recording } = await planOf({ ...document, steps: [...steps] }, 'relay');
    expect(recording.downtimes).toHaveLength(1);
    const [{ fromMs, toMs }] = recording.downtimes;
    const startMs = WORLD_EPOCH_MS - (recording.epochMs ?? 0);
    expect(Math.abs(fromMs - startMs - 60_000)).toBeLessThan(1_000);
    expect(Math.abs(toMs - startMs - 68_000)).toBeLessThan(2_000);
  });

  it('from the middle of which a capture begins has its boards from the beginning on', async () => {
    const { bytes } = await captureRun(known(4, 0.02), 'relay');
    const whole = readBytes(bytes);
    // Head and interface, and what comes half a minute after the beginning.
    const packets: Buffer[] = [];
    let firstUs = 0;
    for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
      const block = bytes.subarray(at, at + bytes.readUInt32LE(at + 4));
      if (block.readUInt32LE(0) === 6) {
        const us = block.readUInt32LE(12) * 2 ** 32 + block.readUInt32LE(16);
        firstUs ||= us;
        if (us < firstUs + 30_000_000) continue;
      }
      packets.push(block);
    }
    const late = readBytes(Buffer.concat(packets));
    expect(late.boards).toHaveLength(whole.boards.length);
    expect(planField(late).outages.filter(({ boards }) => boards.length > BOARDS / 2)).toHaveLength(OUTAGES.length);
    expect(late.capture?.blindSpots.join(' ')).toContain('It begins in the middle of sessions');
  });

  it.each([
    ['server', '10.0.255.1'],
    ['client', '10.0.0.'],
  ])('of which only what the %s sent was captured says so', async (side, address) => {
    const { bytes } = await captureRun(known(5, 0.02), 'relay');
    const blocks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
      const block = bytes.subarray(at, at + bytes.readUInt32LE(at + 4));
      if (block.readUInt32LE(0) !== 6 || block.subarray(54, 58).join('.').startsWith(address)) blocks.push(block);
    }
    const recording = readBytes(Buffer.concat(blocks));
    expect(recording.capture?.blindSpots.join(' ')).toContain(`only what the ${side} sent is there`);
    expect(recording.boards).toHaveLength(BOARDS);
    expect(readDocument(planField(recording).document, []).scenario).not.toBeNull();
  });

  it('that is made of it is captured like the one that it is from', async () => {
    const { bytes } = await captureRun(known(6, 0.05), 'relay');
    const recording = readBytes(bytes);
    const plan = planField(recording);
    expect(describeField(plan, undefined).join('\n')).toMatch(
      /is a capture of packets from .* 14 clients of 10\.0\.255\.1:8000, seen at the server/,
    );
    const { scenario } = readDocument(plan.document, []);
    if (scenario === null) throw new Error('not legal');
    const again = planField(await captureView(scenario, app, 'server'));
    expect(again.recording.boards).toHaveLength(BOARDS);
    expect(Math.abs((again.fleet?.lossRate ?? 1) - (plan.fleet?.lossRate ?? 0))).toBeLessThanOrEqual(0.02);
    expect(again.outages.filter(({ boards }) => boards.length > BOARDS / 2)).toHaveLength(OUTAGES.length);
  });
});
