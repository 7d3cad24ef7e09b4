import { describe, expect, it } from 'vitest';
import { ACK, SYN } from '../wire/packet.ts';
import { LINUX, LWIP } from './parameters.ts';
import { DELAY_MS, gapsOf, Pair, type Sent } from './testing/pair.ts';

/** Timeouts are late by up to an eighth, never early. */
function expectGapsSeconds(gapsMs: readonly number[], seconds: readonly number[]): void {
  expect(gapsMs).toHaveLength(seconds.length);
  gapsMs.forEach((gap, index) => {
    expect(gap / 1000).toBeGreaterThanOrEqual(seconds[index]);
    expect(gap / 1000).toBeLessThanOrEqual(seconds[index] * 1.14 + 0.008);
  });
}

const isSyn = ({ packet }: Sent): boolean => packet.flags === SYN;
const isSynAck = ({ packet }: Sent): boolean => packet.flags === (SYN | ACK);
const clientData = ({ from, packet }: Sent): boolean => from === 'client' && packet.data.length > 0;
const serverData = ({ from, packet }: Sent): boolean => from === 'server' && packet.data.length > 0;

async function handshakeWithout(lost: Sent['from'], numbers: readonly number[], client: typeof LINUX | typeof LWIP = LINUX): Promise<Pair> {
  const pair = new Pair(client, LINUX);
  pair.fate = (_packet, from, number) => from !== lost || !numbers.includes(number);
  pair.connect();
  await pair.run(20_000);
  pair.sent.length = 0;
  return pair;
}

/** Gaps between the transmissions of a write that never gets through, ms: the first two. */
async function firstGapsMs(pair: Pair, from: Sent['from']): Promise<number[]> {
  pair.fate = () => false;
  const end = from === 'client' ? pair.clientEnd : pair.serverEnd;
  end.endpoint!.write('message');
  await pair.run(60_000);
  return gapsOf(pair.timesOf((sent) => sent.from === from && sent.packet.data.length > 0)).slice(0, 2);
}

describe('Linux, connecting', () => {
  it.each([
    ['linear, as current kernels do', 4, [1, 1, 1, 1, 1, 2, 4, 8, 16, 32], 131],
    ['in the classic way', 0, [1, 2, 4, 8, 16, 32], 127],
  ])('resends the SYN %s', async (_name, synLinearTimeouts, seconds, giveUpSeconds) => {
    const pair = new Pair({ ...LINUX, synLinearTimeouts }, LINUX);
    pair.fate = () => false;
    let failedAtMs = 0;
    pair.clientEnd.onClose = () => {
      failedAtMs = pair.nowMs;
    };
    pair.connect();
    await pair.run(300_000);
    expectGapsSeconds(gapsOf(pair.timesOf(isSyn)), seconds);
    expectGapsSeconds([failedAtMs], [giveUpSeconds]);
  });

  it('resends the SYN-ACK after 1, 3, 7, 15 and 31 s and forgets the attempt', async () => {
    const pair = new Pair({ ...LINUX, synRetries: 0, synLinearTimeouts: 0 }, LINUX);
    pair.fate = (_packet, from) => from === 'client';
    pair.connect();
    await pair.run(300_000);
    expectGapsSeconds(gapsOf(pair.timesOf(isSynAck)), [1, 2, 4, 8, 16]);
    expect(pair.server.endpointCount).toBe(0);
  });

  it('answers a repeated SYN at once and starts the timer of its SYN-ACK anew', async () => {
    const pair = new Pair(LWIP, LINUX, [400, 0]); // its first SYN timeout comes 1.4 s after the SYN, after the listener's
    pair.fate = (_packet, from) => from === 'client';
    pair.connect();
    await pair.run(1400 + DELAY_MS);
    const [, own, answer] = pair.timesOf(isSynAck);
    expectGapsSeconds([own - DELAY_MS], [1]);
    expect(answer).toBe(1400 + DELAY_MS);
    const before = pair.timesOf(isSynAck).length;
    await pair.run(1499);
    expect(pair.timesOf(isSynAck)).toHaveLength(before);
  });

  it('takes a seconds-long first RTT from a SYN-ACK that was lost, because the echo is that of the first SYN', async () => {
    expectGapsSeconds(await firstGapsMs(await handshakeWithout('server', []), 'client'), [0.24, 0.24]);
    // A probe after two round trips and 200 ms, then the RTO: three times the sample of a second.
    expectGapsSeconds(await firstGapsMs(await handshakeWithout('server', [0]), 'client'), [2.28, 3.12]);
  });

  it('takes the true RTT when only the SYN was lost', async () => {
    expectGapsSeconds(await firstGapsMs(await handshakeWithout('client', [0]), 'client'), [0.24, 0.24]);
  });

  it('starts with an RTO of 3 s after a resent SYN-ACK when the peer has no timestamps', async () => {
    expectGapsSeconds(await firstGapsMs(await handshakeWithout('client', [1], LWIP), 'server'), [3, 6]);
  });
});

describe('Linux, resending', () => {
  it('probes the tail after the RTO, times out after as long again, then doubles', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    pair.fate = () => false;
    pair.clientEnd.endpoint!.write('message');
    await pair.run(31_000);
    expectGapsSeconds(gapsOf(pair.timesOf(clientData)), [0.24, 0.244, 0.488, 0.976, 1.952, 3.904, 7.808]);
  });

  it('sends no tail-loss probe to a peer without SACK', async () => {
    const pair = await new Pair(LWIP, LINUX).connected();
    pair.fate = () => false;
    pair.serverEnd.endpoint!.write('message');
    await pair.run(7_000);
    expectGapsSeconds(gapsOf(pair.timesOf(serverData)), [0.24, 0.488, 0.976, 1.952]);
  });

  it('keeps a backed-off RTO after a resent segment when there are no timestamps (Karn)', async () => {
    const pair = await new Pair(LWIP, LINUX).connected();
    pair.fate = () => false;
    pair.serverEnd.endpoint!.write('first');
    await pair.run(1_000);
    pair.fate = () => true;
    await pair.run(3_000);
    expect(pair.clientEnd.received).toBe('first');
    pair.sent.length = 0;
    expect((await firstGapsMs(pair, 'server'))[0]).toBeGreaterThan(900);
  });

  it('has its RTO afresh from the echoed timestamp of a resent segment', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    pair.fate = () => false;
    pair.serverEnd.endpoint!.write('first');
    await pair.run(1_200);
    pair.fate = () => true;
    await pair.run(3_000);
    pair.sent.length = 0;
    expectGapsSeconds(await firstGapsMs(pair, 'server'), [0.24, 0.24]);
  });

  it('holds new messages back while it resends, and lets them leave together afterwards', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    pair.fate = () => false;
    pair.clientEnd.endpoint!.write('first ');
    await pair.run(600);
    for (const word of ['second ', 'third']) pair.clientEnd.endpoint!.write(word);
    await pair.run(100);
    expect(new Set(pair.sent.filter(clientData).map(({ packet }) => packet.data))).toEqual(new Set(['first ']));
    pair.fate = () => true;
    await pair.run(2_000);
    expect(pair.serverEnd.received).toBe('first second third');
    expect(pair.sent.filter(({ packet }) => packet.data === 'second third')).toHaveLength(1);
  });

  it('resends at once what is older than a segment that has arrived (RACK)', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    const startMs = pair.nowMs;
    pair.fate = ({ data }) => data !== 'lost';
    pair.clientEnd.endpoint!.write('lost');
    await pair.run(100);
    pair.fate = () => true;
    pair.clientEnd.endpoint!.write(' found');
    await pair.run(3 * DELAY_MS);
    expect(pair.timesOf(({ packet }) => packet.data === 'lost', startMs)).toEqual([0, 100 + 2 * DELAY_MS]);
    expect(pair.serverEnd.received).toBe('lost found');
  });

  it('waits for the third duplicate acknowledgement where the peer has no SACK', async () => {
    const pair = await new Pair(LWIP, LINUX).connected();
    const startMs = pair.nowMs;
    pair.fate = ({ data }) => data !== 'lost' || pair.nowMs > startMs;
    for (const word of ['lost', ' 1', ' 2']) pair.serverEnd.endpoint!.write(word);
    await pair.run(3 * DELAY_MS);
    expect(pair.timesOf(({ packet }) => packet.data === 'lost', startMs)).toEqual([0]);
    pair.serverEnd.endpoint!.write(' 3');
    await pair.run(3 * DELAY_MS);
    expect(pair.timesOf(({ packet }) => packet.data === 'lost', startMs)).toEqual([0, 5 * DELAY_MS]);
  });

  it.each([
    ['tcp_retries2 3', { dataRetries: 3 }, 3.9, 4.2],
    ['tcp_retries2 5', { dataRetries: 5 }, 15.7, 16.7],
    ['tcp_retries2 8', { dataRetries: 8 }, 126, 133],
    ['tcp_retries2 15', { dataRetries: 15 }, 925, 1050],
    ['TCP_USER_TIMEOUT 10 s', { userTimeoutMs: 10_000 }, 10.48, 10.8],
  ])('gives up after the time that %s means', async (_name, setting, leastSeconds, mostSeconds) => {
    const pair = await new Pair({ ...LINUX, ...setting }, LINUX).connected();
    pair.fate = () => false;
    const startMs = pair.nowMs;
    let failedAtMs = 0;
    pair.clientEnd.onClose = (end) => {
      expect(end).toBe('timeout');
      failedAtMs = pair.nowMs;
    };
    pair.clientEnd.endpoint!.write('message');
    await pair.run(1_200_000);
    expect((failedAtMs - startMs) / 1000).toBeGreaterThanOrEqual(leastSeconds);
    expect((failedAtMs - startMs) / 1000).toBeLessThanOrEqual(mostSeconds);
  });
});

describe('Linux, acknowledging', () => {
  it('answers in three packets, data, reply and acknowledgement, from the second exchange on', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    pair.serverEnd.onData = () => pair.serverEnd.endpoint!.write('reply');
    pair.clientEnd.endpoint!.write('first');
    await pair.run(3_000);
    pair.sent.length = 0;
    const startMs = pair.nowMs;
    pair.clientEnd.endpoint!.write('second');
    await pair.run(3_000);
    expect(pair.sent.map(({ from, packet, atMs }) => [from, packet.data, atMs - startMs])).toEqual([
      ['client', 'second', 0],
      ['server', 'reply', DELAY_MS],
      ['client', '', 2 * DELAY_MS],
    ]);
  });

  it('waits 40 ms for a reply that does not come, and acknowledges at once from then on', async () => {
    const pair = await new Pair(LINUX, LINUX).connected();
    pair.serverEnd.onData = () => pair.serverEnd.endpoint!.write('reply');
    pair.clientEnd.endpoint!.write('first');
    await pair.run(3_000);
    pair.serverEnd.onData = () => {};
    const delays: number[] = [];
    for (const word of ['second', 'third']) {
      const startMs = pair.nowMs;
      pair.clientEnd.endpoint!.write(word);
      await pair.run(3_000);
      delays.push(pair.timesOf(({ from, atMs }) => from === 'server' && atMs > startMs, startMs)[0] - DELAY_MS);
    }
    expect(delays[0]).toBeGreaterThanOrEqual(40);
    expect(delays[0]).toBeLessThanOrEqual(48);
    expect(delays[1]).toBe(0);
  });
});
