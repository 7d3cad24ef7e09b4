import { describe, expect, it } from 'vitest';
import { flowOf } from '../net/wire/flow.ts';
import { ACK, Packet, SYN } from '../net/wire/packet.ts';
import { Witness } from './witness.ts';

const FLOW = flowOf(2, 1);
const PING = '\x89\x80\x00\x00\x00\x00';

function packet(seq: number, data: string, flags = ACK): Packet {
  return new Packet(FLOW, flags, seq, 1, 5_000, data, 0, 0, 0, false, null);
}

/** Sent at this time, ms, and lost so much later. */
function lose(witness: Witness, one: Packet, atMs: number, laterMs = 0): void {
  witness.sent(one, 'up', atMs * 1_000);
  witness.lost(one, 'up', (atMs + laterMs) * 1_000, 'rule.loss');
}

describe('what a witness tells', () => {
  it('is how often a packet was sent before, also before it began to remember, and how many were lost in a row', () => {
    const witness = new Witness(100, 1_000);
    lose(witness, packet(1, PING), 10);
    lose(witness, packet(1, PING), 50);
    lose(witness, packet(1, PING), 130);
    const arrives = packet(1, PING);
    witness.sent(arrives, 'up', 500_000);
    witness.delivered(arrives, 'up', 512_000);
    lose(witness, packet(7, PING), 600);
    expect(witness.happenings.map(({ board, what, isLoss }) => [board, what, isLoss])).toEqual([
      ['board-3', 'to the relay: the second retransmission of the ping is lost (loss, number 3 of those lost in a row)', true],
      ['board-3', 'to the relay: the third retransmission of the ping arrives after 12 ms', false],
      ['board-3', 'to the relay: the ping is lost (loss)', true],
    ]);
  });

  it('is when a packet was lost, which on a shared medium is later than it was sent', () => {
    const witness = new Witness(0, 1_000);
    lose(witness, packet(0, '', SYN), 20, 3);
    expect(witness.happenings).toMatchObject([{ atMs: 20, decidedMs: 23, what: 'to the relay: the SYN is lost (loss)' }]);
  });

  it('is each event in its words, but for what another says as well', () => {
    const witness = new Witness(0, 1_000);
    witness.onLine('{"t":5,"board":"board-1","event":"channel.state","state":"waiting","cause":"reset","wait_ms":1500}', 5);
    witness.onLine('{"t":6,"board":"board-1","event":"board.log","line":"channel: open -> waiting"}', 6);
    witness.onLine('{"t":2000,"event":"run.drain"}', 2_000);
    expect(witness.happenings).toEqual([
      {
        atMs: 5,
        decidedMs: 5,
        board: 'board-1',
        what: 'channel.state waiting reset wait 1.5 s',
        isPacket: false,
        isEnd: true,
        isLoss: false,
      },
    ]);
  });
});
