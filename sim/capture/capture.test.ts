/**
 * What a capture holds of a run: each packet where it was seen, in the order of time, with what became of it;
 * and that nobody notices.
 */
import { app } from 'firmware/apps/sos';
import { beforeAll, describe, expect, it } from 'vitest';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import { flowOf } from '../net/wire/flow.ts';
import { ACK, Packet, UDP } from '../net/wire/packet.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { Capture } from './capture.ts';
import { blocksOf, optionsOf, type PacketBlock, packetsOf } from './testing/blocks.ts';
import { captureRun } from './testing/captured-run.ts';

const EPOCH_US = WORLD_EPOCH_MS * 1000;
const LOSSY: ScenarioDocument = {
  boards: { count: 3 },
  link: { loss: 0.1 },
  steps: [
    { at: 20_000, action: 'link.blackhole', boards: { kind: 'ids', ids: ['board-2'] }, for: 10_000, parameters: {} },
    { at: 40_000, action: 'link.reset', boards: { kind: 'ids', ids: ['board-3'] }, parameters: {} },
  ],
};

const interfacesOf = (file: Buffer) =>
  blocksOf(file)
    .filter(({ type }) => type === 1)
    .map(({ body }) =>
      optionsOf(body.subarray(8))
        .find(([code]) => code === 2)?.[1]
        .toString(),
    );

const said = (packets: readonly PacketBlock[], comment: string) => packets.filter(({ comments }) => comments.includes(comment));

describe.each([
  ['an air of its own', 'private'],
  ['shared air', 'shared'],
] as const)('on %s', (_name, medium) => {
  const document: ScenarioDocument = { ...LOSSY, air: { medium } };
  let file: Buffer;
  let packets: PacketBlock[];
  beforeAll(async () => {
    file = (await captureRun(document, 'both')).bytes;
    packets = packetsOf(file);
  });

  it('changes nothing of the run, and is the same twice', async () => {
    const { summary, bytes } = await captureRun(document, 'both');
    expect(summary.trace_hash).toBe((await run(makeScenario(document), app)).summary.trace_hash);
    expect(bytes.equals(file)).toBe(true);
    expect((await captureRun({ ...document, seed: 2 }, 'both')).bytes.equals(file)).toBe(false);
  });

  it('is in the order of time, by the calendar of the world', () => {
    const times = packets.map(({ epochUs }) => epochUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(EPOCH_US);
    expect(times.at(-1)).toBeLessThan(EPOCH_US + 2 * 60_000_000);
  });

  it('shows what was lost at its sender only, and all else at both ends, with the same bytes', () => {
    expect(interfacesOf(file)).toEqual(['board-1 air', 'board-2 air', 'board-3 air', 'relay eth']);
    const keyOf = ({ frame }: PacketBlock) => frame.toString('latin1');
    const isLost = ({ comments }: PacketBlock) => comments.some((comment) => /lost|swallowed/.test(comment));
    const sent = packets.filter(({ outbound }) => outbound);
    const arrived = packets.filter(({ outbound }) => !outbound);
    expect(arrived.some(isLost)).toBe(false);
    const through = sent.filter((packet) => !isLost(packet));
    const arrivals = new Set(arrived.map(keyOf));
    const [end] = packets.slice(-1);
    const underWay = through.filter((packet) => !arrivals.has(keyOf(packet)));
    for (const { epochUs } of underWay) expect(end.epochUs - epochUs).toBeLessThan(1_000_000);
    expect(arrived).toHaveLength(through.length - underWay.length);
    expect(sent.length - through.length).toBeGreaterThan(20);
  });

  it('says what became of packets, where the wire would not tell', () => {
    const swallowed = said(packets, 'swallowed by link.blackhole');
    expect(swallowed.length).toBeGreaterThan(0);
    for (const { epochUs, frame } of swallowed) {
      expect(Math.abs(epochUs - EPOCH_US - 25_000_000)).toBeLessThanOrEqual(5_000_000);
      expect([frame[29], frame[33]]).toContain(2);
    }
    expect(said(packets, 'lost on the air').length).toBeGreaterThan(20);
    const resets = said(packets, 'made up on the way, by link.reset');
    expect(resets.filter(({ outbound }) => outbound)).toHaveLength(2);
    expect(said(packets, 'sent again').filter(({ outbound }) => outbound).length).toBeGreaterThan(20);
  });

  it('is the same of a board, whichever others are captured, and at one place as at both', async () => {
    const framesOf = (all: readonly PacketBlock[], id: number) =>
      all.filter((one) => one.interface === id).map(({ epochUs, frame }) => `${epochUs} ${frame.toString('hex')}`);
    const alone = await captureRun(document, 'board', [1]);
    expect(interfacesOf(alone.bytes)).toEqual(['board-2 air']);
    expect(framesOf(packetsOf(alone.bytes), 0)).toEqual(framesOf(packets, 1));
    const relay = await captureRun(document, 'relay');
    expect(interfacesOf(relay.bytes)).toEqual(['relay eth']);
    expect(framesOf(packetsOf(relay.bytes), 0)).toEqual(framesOf(packets, 3));
  });
});

describe('a packet whose end nobody tells', () => {
  function openCapture(at: 'board' | 'both' = 'board') {
    const times: number[] = [];
    const sink = { begin: () => {}, take: (_block: Buffer, atUs: number) => void times.push(atUs) };
    return { times, capture: new Capture({ seed: 1, boards: [0], at, relayPort: 80, comment: '', sink }) };
  }
  const packet = (seq: number, flow = flowOf(0, 1)) => new Packet(flow, ACK, seq, 1, 100, 'x', 0, 0, 0, false, null);

  it('keeps those behind it waiting for 10 s at most, and is written when the capture ends', () => {
    const { times, capture } = openCapture();
    const second = packet(2);
    capture.sent(packet(1), 'up', 0);
    capture.sent(second, 'up', 1_000_000);
    capture.delivered(second, 'up', 1_020_000);
    expect(times).toEqual([]);
    capture.sent(packet(3), 'up', 10_000_000);
    expect(times).toEqual([0, 1_000_000]);
    capture.finish();
    expect(times).toEqual([0, 1_000_000, 10_000_000]);
  });

  it('is one of a bounded number', () => {
    const { times, capture } = openCapture();
    for (let number = 1; number <= 20_000; number++) capture.sent(packet(number), 'up', number);
    expect(times).toEqual(Array.from({ length: 20_000 - 16_384 }, (_, index) => index + 1));
  });

  it('is none of a board that nobody looks at, nor one of the time server’s', () => {
    const { times, capture } = openCapture('both');
    const others = packet(1, flowOf(1, 1));
    capture.sent(others, 'up', 0);
    capture.delivered(others, 'up', 1);
    capture.lost(others, 'up', 1, 'blackhole');
    const answer = new Packet(flowOf(0, 0), UDP, 0, 0, 0, 'x', 0, 0, 0, false, null);
    capture.sent(answer, 'down', 2);
    capture.delivered(answer, 'down', 3);
    capture.finish();
    expect(times).toEqual([3]);
  });

  it('may arrive twice', () => {
    const { times, capture } = openCapture('both');
    const doubled = packet(1);
    capture.sent(doubled, 'up', 0);
    capture.delivered(doubled, 'up', 5);
    capture.delivered(doubled, 'up', 6);
    expect(times).toEqual([0, 5, 6]);
  });
});
