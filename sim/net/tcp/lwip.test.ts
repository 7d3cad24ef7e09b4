import { describe, expect, it } from 'vitest';
import { ACK, SYN } from '../wire/packet.ts';
import { LINUX, LWIP } from './parameters.ts';
import { DELAY_MS, gapsOf, Pair, type Sent } from './testing/pair.ts';

const PHASES_MS = [0, 1, 125, 249, 250, 333, 499];

const fromClient = ({ from }: Sent): boolean => from === 'client';
const clientData = ({ from, packet }: Sent): boolean => from === 'client' && packet.data.length > 0;
const clientAck = ({ from, packet }: Sent): boolean => from === 'client' && packet.flags === ACK && packet.data === '';

describe('lwIP', () => {
  it.each(PHASES_MS)('sends a SYN 13 times, 1.5 s apart, and gives up after 18.0 to 18.5 s (timer phase %i ms)', async (phaseMs) => {
    const pair = new Pair(LWIP, LINUX, [phaseMs, 0]);
    pair.fate = () => false;
    let failedAtMs = 0;
    pair.clientEnd.onClose = (end) => {
      expect(end).toBe('timeout');
      failedAtMs = pair.nowMs;
    };
    pair.connect();
    await pair.run(60_000);
    const gaps = gapsOf(pair.timesOf(({ packet }) => packet.flags === SYN));
    expect(gaps).toHaveLength(12);
    expect(gaps[0]).toBeGreaterThanOrEqual(1000);
    expect(gaps[0]).toBeLessThanOrEqual(1500);
    expect(new Set(gaps.slice(1))).toEqual(new Set([1500]));
    expect(failedAtMs).toBeGreaterThanOrEqual(18_000);
    expect(failedAtMs).toBeLessThanOrEqual(18_500);
  });

  it.each(PHASES_MS)(
    'resends data after 1.0 to 1.5 s, then at doubling gaps, and gives up after 1151 s (timer phase %i ms)',
    async (phaseMs) => {
      const pair = await new Pair(LWIP, LINUX, [phaseMs, 0]).connected();
      pair.fate = () => false;
      const startMs = pair.nowMs;
      let failedAtMs = 0;
      pair.clientEnd.onClose = () => {
        failedAtMs = pair.nowMs;
      };
      pair.clientEnd.endpoint!.write('message');
      await pair.run(2_000_000);
      const [first, ...rest] = gapsOf(pair.timesOf(clientData, startMs));
      expect(first).toBeGreaterThanOrEqual(1000);
      expect(first).toBeLessThanOrEqual(1500);
      expect(rest.map((ms) => ms / 1000)).toEqual([3, 6, 12, 24, 48, 96, 192, 192, 192, 192, 192]);
      expect(failedAtMs - startMs).toBeGreaterThanOrEqual(1_150_500);
      expect(failedAtMs - startMs).toBeLessThanOrEqual(1_151_000);
    },
  );

  it('acknowledges a lone segment with its 250 ms timer', async () => {
    for (const phaseMs of PHASES_MS) {
      const pair = await new Pair(LWIP, LINUX, [phaseMs, 0]).connected();
      const startMs = pair.nowMs;
      pair.serverEnd.endpoint!.write('one');
      await pair.run(1000);
      const [ackMs] = pair.timesOf((sent) => clientAck(sent) && sent.atMs >= startMs, startMs);
      expect(ackMs).toBeGreaterThanOrEqual(DELAY_MS);
      expect(ackMs).toBeLessThanOrEqual(DELAY_MS + 250);
      expect((startMs + ackMs + 500 - phaseMs) % 250).toBe(0);
    }
  });

  it('acknowledges every second segment at once', async () => {
    const pair = await new Pair(LWIP, LINUX).connected();
    const startMs = pair.nowMs;
    pair.serverEnd.endpoint!.write('one');
    pair.serverEnd.endpoint!.write('two');
    await pair.run(DELAY_MS + 1);
    expect(pair.timesOf((sent) => clientAck(sent) && sent.atMs >= startMs, startMs)).toEqual([DELAY_MS]);
  });

  it('carries the acknowledgement with data when there is some', async () => {
    const pair = await new Pair(LWIP, LINUX).connected();
    pair.clientEnd.onData = () => pair.clientEnd.endpoint!.write('answer');
    const startMs = pair.nowMs;
    pair.serverEnd.endpoint!.write('question');
    await pair.run(200);
    expect(pair.sent.filter((sent) => fromClient(sent) && sent.atMs >= startMs).map(({ packet }) => packet.data)).toEqual(['answer']);
  });

  it('sends new small messages while an older one waits for its retransmission, unless Nagle holds them', async () => {
    for (const nagle of [false, true]) {
      const pair = await new Pair({ ...LWIP, nagle }, LINUX).connected();
      pair.fate = () => false;
      pair.clientEnd.endpoint!.write('first');
      await pair.run(500);
      const beforeMs = pair.nowMs;
      pair.clientEnd.endpoint!.write('second');
      await pair.run(1);
      expect(pair.timesOf((sent) => clientData(sent) && sent.atMs >= beforeMs)).toHaveLength(nagle ? 0 : 1);
    }
  });

  it('sends the head again on the third duplicate acknowledgement, long before its timer', async () => {
    const pair = await new Pair({ ...LWIP, nagle: false }, LINUX).connected();
    const startMs = pair.nowMs;
    const lost = 1;
    pair.fate = ({ seq, data }) => !(data.length > 0 && seq === lost && pair.nowMs === startMs);
    for (const word of ['lost', 'one', 'two', 'three']) pair.clientEnd.endpoint!.write(word);
    await pair.run(3 * DELAY_MS);
    expect(pair.serverEnd.received).toBe('lostonetwothree');
    expect(pair.timesOf(({ from, packet }) => from === 'client' && packet.data === 'lost', startMs)).toEqual([0, 2 * DELAY_MS]);
  });

  it('asks a closed window with probes 1.5, 3, 6 … s apart, for as long as they are answered', async () => {
    const pair = await new Pair(LWIP, { ...LINUX, receiveBufferBytes: 100 }, [0, 0]).connected();
    pair.serverEnd.paused = true;
    const startMs = pair.nowMs;
    pair.clientEnd.endpoint!.write('x'.repeat(250));
    await pair.run(3_600_000);
    expect(pair.clientEnd.closed).toBeNull();
    const probes = gapsOf(pair.timesOf(({ from, packet, atMs }) => from === 'client' && packet.data === '' && atMs > startMs + 1000));
    expect(probes.slice(0, 6).map((ms) => ms / 1000)).toEqual([3, 6, 12, 24, 48, 60]);
    pair.serverEnd.onData = () => {};
    pair.serverEnd.resume();
    await pair.run(200_000);
    expect(pair.serverEnd.received).toBe('x'.repeat(250));
  });
});
