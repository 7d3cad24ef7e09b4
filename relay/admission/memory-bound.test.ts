import { describe, expect, it } from 'vitest';
import { maskedFrame } from '../testing/test-client.ts';
import { createTestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle } from '../testing/virtual-clock.ts';
import { type Holder, MemoryBound } from './memory-bound.ts';

const KIB = 1_024;

describe('the bound on memory', () => {
  function createWorld(maxBytes: number, sizes: number[]) {
    const letGo: number[] = [];
    let asked = 0;
    const short: number[] = [];
    const bound = new MemoryBound(maxBytes, (count) => short.push(count));
    const held = [...sizes];
    const letGoOne = (index: number) => {
      held[index] = 0;
      letGo.push(index);
    };
    bound.watch(function* (): Generator<Holder> {
      asked++;
      for (const [index, heldBytes] of held.entries()) yield { heldBytes, letGo: () => letGoOne(index) };
    });
    return { bound, letGo, short, asked: () => asked };
  }

  it('lets those go that hold most, of equals the first, until a tenth is free', () => {
    const { bound, letGo, short } = createWorld(1_000, [10, 300, 200, 300, 150, 90]);
    bound.add(1_001);
    expect(letGo).toEqual([1]);
    expect([bound.heldBytes, bound.letGo, short]).toEqual([750, 1, [1]]);
  });

  it('lets nobody go while there is enough, and asks seldom', () => {
    const { bound, letGo, short, asked } = createWorld(1_000, [300, 300]);
    for (let i = 0; i < 1_000; i++) bound.add(1);
    expect(asked()).toBe(0);
    for (let i = 0; i < 1_000; i++) bound.add(1);
    // 600 are held: everybody is asked when 400 more could be.
    expect(asked()).toBe(3);
    expect([letGo, short]).toEqual([[], []]);
  });

  it('counts what stands in front of the relay, too', () => {
    const { bound, letGo } = createWorld(1_000, [300]);
    const front: string[] = [];
    bound.watch(() => [{ heldBytes: 700, letGo: () => front.push('front') }]);
    bound.add(1_001);
    expect([letGo, front]).toEqual([[], ['front']]);
  });
});

describe('a relay that is short of memory', () => {
  const config = { maxMemoryBytes: 100 * KIB, maxBufferedBytes: 1_024 * KIB, envelope: 'raw', pingIntervalMs: 0 } as const;

  it('lets the client go first that leaves most unread, and nobody else', async () => {
    const { connect, relay, events } = createTestRelay(config);
    const [slow, slower, sender] = [await connect('/slow'), await connect('/slower'), await connect('/sender')];
    slower.connection.stopReading();
    for (let i = 0; i < 2; i++) await sender.sendBinary(Buffer.alloc(20 * KIB));
    slow.connection.stopReading();
    for (let i = 0; i < 2; i++) await sender.sendBinary(Buffer.alloc(20 * KIB));
    expect(events.filter((event) => event.startsWith('closed'))).toEqual(['closed slower policy 1013']);
    expect(slower.connection.destroyed).toBe(true);
    expect([relay.memory.letGo, relay.clients]).toEqual([1, 2]);
    expect(relay.memory.heldBytes).toBeLessThan(100 * KIB);
  });

  it('lets the client go that keeps most unfinished, and tells it', async () => {
    const { connect, relay, events } = createTestRelay(config);
    const clients = [];
    for (let i = 0; i < 4; i++) clients.push(await connect(`/client-${i}`));
    for (const [i, client] of clients.entries())
      await client.sendBytes(maskedFrame(2, Buffer.alloc(60 * KIB), false).subarray(0, (i + 1) * 8 * KIB));
    expect(relay.memory.letGo).toBe(0);
    await clients[0].sendBytes(Buffer.alloc(20 * KIB));
    expect(events.filter((event) => event.startsWith('closed'))).toEqual(['closed client-3 policy 1013']);
    expect(clients[3].closeFrame).toBe('1013 the relay is short of memory');
  });

  it('lets handshakes go when they hold most, those that have waited longest first, and clients that hold nothing never', async () => {
    const { connect, dial, relay, events } = createTestRelay(config);
    const client = await connect('/client');
    const dialled = Array.from({ length: 40 }, () => dial());
    await settle();
    expect(events.slice(1)).toEqual(Array(relay.memory.letGo).fill('refused  memory_full 0'));
    expect(relay.memory.letGo).toBeGreaterThan(0);
    expect(dialled.findIndex(({ connection }) => !connection.destroyed)).toBe(relay.memory.letGo);
    const newest = dialled[39];
    await newest.sendBytes(upgradeRequest('/newest'));
    expect([newest.status, client.connection.destroyed]).toEqual([101, false]);
  });

  it('lets a client go that is closed already and does not read', async () => {
    const { connect, relay, events } = createTestRelay(config);
    const [stopped, other, sender] = [await connect('/stopped'), await connect('/other'), await connect('/sender')];
    stopped.connection.stopReading();
    for (let i = 0; i < 3; i++) await sender.sendBinary(Buffer.alloc(20 * KIB));
    await stopped.close(1000);
    other.connection.stopReading();
    for (let i = 0; i < 3; i++) await sender.sendBinary(Buffer.alloc(20 * KIB));
    expect(events.filter((event) => event.startsWith('closed'))).toEqual(['closed stopped peer_closed 1000']);
    expect([stopped.connection.destroyed, relay.memory.letGo]).toEqual([true, 1]);
  });
});
