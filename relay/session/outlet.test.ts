import { describe, expect, it } from 'vitest';
import { MemoryBound } from '../admission/memory-bound.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { Outlet, Turn } from './outlet.ts';

function createWorld() {
  const flushes: (() => void)[] = [];
  const turn = new Turn((flush) => flushes.push(flush));
  const open = () => {
    const stream = new MemoryConnection();
    return {
      stream,
      outlet: new Outlet(stream, { turn, memory: new MemoryBound(Number.POSITIVE_INFINITY) }),
      lengths: () => stream.writes.map(({ length }) => length),
    };
  };
  const endTurn = () => {
    for (const flush of flushes.splice(0)) flush();
  };
  return { flushes, open, endTurn };
}

describe('what a client gets in one turn of the event loop', () => {
  it('is written at its end, in one write and in order, and the next turn begins anew', () => {
    const { flushes, open, endTurn } = createWorld();
    const { stream, outlet } = open();
    for (const text of ['one ', 'two ', 'three']) outlet.send(Buffer.from(text));
    expect(stream.writes).toEqual([]);
    expect(flushes).toHaveLength(1);
    endTurn();
    outlet.send(Buffer.from('four'));
    endTurn();
    expect(stream.writes.map(String)).toEqual(['one two three', 'four']);
  });

  it('is written in several writes when it does not fit into one segment, so that no frame is cut', () => {
    const { open, endTurn } = createWorld();
    const { outlet, lengths } = open();
    for (let i = 0; i < 5; i++) outlet.send(Buffer.alloc(600));
    endTurn();
    expect(lengths()).toEqual([1_200, 1_200, 600]);
  });

  it('is written at once when it is larger than a segment, behind what came before', () => {
    const { open, endTurn } = createWorld();
    const { outlet, lengths } = open();
    for (const bytes of [100, 5_000, 10]) outlet.send(Buffer.alloc(bytes));
    expect(lengths()).toEqual([100, 5_000]);
    endTurn();
    expect(lengths()).toEqual([100, 5_000, 10]);
  });

  it('is the same memory for all who get the same, and never mixed up with what another gets', () => {
    const { open, endTurn } = createWorld();
    const [a, b, c, d] = [open(), open(), open(), open()];
    const [one, two, other] = [Buffer.from('one '), Buffer.from('two '), Buffer.from('other')];
    for (const { outlet } of [a, b, d]) for (const frame of [one, two]) outlet.send(frame);
    for (const frame of [one, other]) c.outlet.send(frame);
    endTurn();
    expect([a, b, c, d].map(({ stream }) => String(stream.writes[0]))).toEqual(['one two ', 'one two ', 'one other', 'one two ']);
    expect(b.stream.writes[0]).toBe(a.stream.writes[0]);
  });

  it('comes before whatever is done to the stream next', () => {
    const { open, endTurn } = createWorld();
    const { stream, outlet, lengths } = open();
    outlet.send(Buffer.alloc(10));
    outlet.flush();
    stream.end();
    endTurn();
    expect(lengths()).toEqual([10]);
  });

  it('is let go when the connection has ended within the turn, without an error', () => {
    const { open, endTurn } = createWorld();
    const { stream, outlet } = open();
    outlet.send(Buffer.alloc(10));
    stream.end();
    endTurn();
    expect([stream.writes.length, stream.errored]).toEqual([0, null]);
  });
});

describe('what waits for a client', () => {
  it('is its bytes, and what Node keeps for each write behind the first, until it is taken', async () => {
    const { open, endTurn } = createWorld();
    const { stream, outlet } = open();
    stream.stopReading();
    for (let i = 0; i < 3; i++) {
      outlet.send(Buffer.alloc(10));
      outlet.send(Buffer.alloc(10));
      endTurn();
    }
    expect(outlet.waitingBytes).toBe(60 + 2 * 600);
    stream.startReading();
    await new Promise(setImmediate);
    expect(outlet.waitingBytes).toBe(0);
  });
});
