import { describe, expect, it } from 'vitest';
import { MemoryConnection } from './testing/memory-connection.ts';
import { TurnCork } from './turn-cork.ts';

/** A stream that keeps apart what it is given in one call, and a turn that ends when told to. */
function createWorld() {
  const calls: number[][] = [];
  class Gathering extends MemoryConnection {
    override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
      calls.push(chunks.map(({ chunk }) => chunk.length));
      done();
    }
    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      calls.push([chunk.length]);
      done();
    }
  }
  const flushes: (() => void)[] = [];
  const cork = new TurnCork((flush) => flushes.push(flush));
  const stream = new Gathering();
  const send = (bytes: number) => {
    cork.hold(stream, bytes);
    stream.write(Buffer.alloc(bytes));
  };
  const endTurn = () => {
    for (const flush of flushes.splice(0)) flush();
  };
  return { calls, flushes, stream, send, endTurn };
}

describe('what a client gets in one turn of the event loop', () => {
  it('is written at its end, in one call and in order, and the next turn begins anew', () => {
    const { calls, flushes, send, endTurn } = createWorld();
    for (const bytes of [10, 20, 30]) send(bytes);
    expect(calls).toEqual([]);
    expect(flushes).toHaveLength(1);
    endTurn();
    expect(calls).toEqual([[10, 20, 30]]);
    send(40);
    endTurn();
    expect(calls).toEqual([[10, 20, 30], [40]]);
  });

  it('is written in several calls when it does not fit into one segment, so that no frame is cut', () => {
    const { calls, send, endTurn } = createWorld();
    for (let i = 0; i < 5; i++) send(600);
    endTurn();
    expect(calls).toEqual([[600, 600], [600, 600], [600]]);
  });

  it('is written at once when it is larger than a segment, behind what came before', () => {
    const { calls, send, endTurn } = createWorld();
    send(100);
    send(5_000);
    expect(calls).toEqual([[100], [5_000]]);
    endTurn();
    expect(calls).toHaveLength(2);
  });

  it('is not lost when the stream ends within the turn', () => {
    const { calls, stream, send, endTurn } = createWorld();
    send(10);
    send(20);
    stream.end();
    expect(calls).toEqual([[10, 20]]);
    endTurn();
    expect(calls).toHaveLength(1);
  });
});
