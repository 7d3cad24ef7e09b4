/**
 * Sequence numbers as they stand on the wire: random-looking, the same for the same seed whoever else is
 * captured, and true to what was sent.
 */
import { describe, expect, it } from 'vitest';
import { flowOf } from '../net/wire/flow.ts';
import { ACK, Packet, RST, SYN } from '../net/wire/packet.ts';
import { Connection, Connections } from './connections.ts';

const FLOW = flowOf(6, 1);

function packet(flags: number, seq: number, ack: number, data = ''): Packet {
  return new Packet(FLOW, flags, seq, ack, 5760, data, 0, 0, 0, false, null);
}

describe('initial numbers', () => {
  const first = (seed: number, ...flows: number[]) => {
    const connections = new Connections(seed);
    return flows.map((flow) => connections.of(flow).numbersOf(packet(SYN, 0, 0), 'up').seq);
  };

  it('are those of seed and connection, whatever else was captured before', () => {
    const [alone] = first(1, FLOW);
    expect(first(1, flowOf(1, 1), flowOf(6, 2), FLOW)[2]).toBe(alone);
    expect(new Set([alone, ...first(2, FLOW), ...first(1, flowOf(6, 2), flowOf(7, 1))]).size).toBe(4);
  });

  it('stay, however many connections a board has in between', () => {
    const flows = Array.from({ length: 40 }, (_, index) => flowOf(6, index + 1));
    const numbers = first(1, ...flows, ...flows);
    expect(numbers.slice(40)).toEqual(numbers.slice(0, 40));
  });
});

describe('a connection', () => {
  it('counts on from its initial numbers, over the end of 32 bits', () => {
    const connection = new Connection(2 ** 32 - 2, 100);
    expect(connection.numbersOf(packet(ACK, 5, 7), 'up')).toEqual({ seq: 3, ack: 107, edges: [] });
    expect(connection.numbersOf(packet(ACK, 7, 5), 'down')).toEqual({ seq: 107, ack: 3, edges: [] });
    expect(connection.numbersOf(packet(SYN, 0, 0), 'up').ack).toBe(0);
  });

  it('knows what was sent before: all of it, and not what only begins there', () => {
    const connection = new Connection(0, 0);
    const sent = [
      packet(SYN, 0, 0),
      packet(SYN, 0, 0),
      packet(ACK, 1, 1),
      packet(ACK, 1, 1),
      packet(ACK, 1, 1, 'abc'),
      packet(ACK, 1, 1, 'abc'),
    ];
    expect([...sent, packet(ACK, 2, 1, 'bcd')].map((one) => connection.note(one, 'up'))).toEqual([
      false,
      true,
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(connection.note(packet(SYN | ACK, 0, 1), 'down')).toBe(false);
  });

  it('gives a reset from the way the next number of its sender, and one to a SYN that nobody wanted none', () => {
    const connection = new Connection(1_000, 2_000);
    connection.note(packet(ACK, 1, 1, 'abc'), 'up');
    expect(connection.numbersOf(Packet.reset(FLOW), 'up')).toEqual({ seq: 1_004, ack: 0, edges: [] });
    expect(connection.numbersOf(packet(RST | ACK, 0, 1), 'down')).toEqual({ seq: 0, ack: 1_001, edges: [] });
  });
});
