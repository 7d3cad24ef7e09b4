import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AirPath } from './air-path.ts';
import { MCS_7 } from './phy.ts';
import { scripted } from './testing/air.ts';
import { type QueueSettings, TransmitQueue } from './transmit-queue.ts';

const SETTINGS: QueueSettings = { listPackets: 3, waitingPackets: 10, quantumBytes: 100, lifetimeUs: 1000 };

function path(): AirPath {
  return new AirPath(MCS_7, scripted(0), null, { arrive() {}, lose() {} });
}

/** Puts `count` packets of 100 bytes in for each path, one path after another: a1, a2 … b1 … */
function filled(settings: QueueSettings, count: number, names: string): { queue: TransmitQueue; took: () => string[] } {
  const queue = new TransmitQueue(settings);
  const paths = [...names].map((name) => ({ name, path: path() }));
  for (const { name, path } of paths) {
    for (let index = 1; index <= count; index++) queue.push(path, `${name}${index}`, 100, 0);
  }
  const took = (): string[] => {
    const packets: string[] = [];
    while (queue.length > 0) packets.push(queue.take(queue.next, 0) as string);
    return packets;
  };
  return { queue, took };
}

describe('a transmit queue', () => {
  it('sends what is in its list in the order in which it came', () => {
    expect(filled({ ...SETTINGS, listPackets: 9 }, 3, 'abc').took()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2', 'c3']);
  });

  it('serves those who wait before the list in turn, each for as many bytes', () => {
    expect(filled({ ...SETTINGS, listPackets: 1 }, 3, 'abc').took()).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'c2', 'b3', 'c3']);
    const two = filled({ ...SETTINGS, listPackets: 1, quantumBytes: 200 }, 3, 'abc');
    expect(two.took()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'c2', 'b3', 'c3']);
  });

  it('refuses what finds no room, and has room again when a packet has gone', () => {
    const { queue } = filled({ ...SETTINGS, waitingPackets: 1 }, 4, 'a');
    const other = path();
    expect(queue.push(other, 'x', 100, 0)).toBe(false);
    queue.take(queue.next, 0);
    expect([queue.push(other, 'x', 100, 0), queue.push(other, 'y', 100, 0), queue.length]).toEqual([true, false, 4]);
  });

  it('knows that a packet is too old from when it came into the list', () => {
    const { queue } = filled({ ...SETTINGS, listPackets: 1 }, 2, 'a');
    expect([queue.overdue(1000), queue.overdue(1001)]).toEqual([false, true]);
    queue.take(queue.next, 900);
    expect([queue.overdue(1900), queue.overdue(1901)]).toEqual([false, true]);
  });

  it('hands over packets behind the first, whose places are then empty', () => {
    const queue = new TransmitQueue({ ...SETTINGS, listPackets: 9 });
    const [a, b] = [path(), path()];
    for (const [path, packet] of [
      [a, 'a1'],
      [b, 'b1'],
      [a, 'a2'],
      [b, 'b2'],
      [a, 'a3'],
    ] as const)
      queue.push(path, packet, 100, 0);
    expect([queue.take(a, 0), queue.take(a, 0)]).toEqual(['a1', 'a2']);
    expect(queue.length).toBe(3);
    queue.push(a, 'a4', 100, 0);
    const rest: unknown[] = [];
    while (queue.length > 0) rest.push(queue.take(queue.next, 0));
    expect(rest).toEqual(['b1', 'b2', 'a3', 'a4']);
  });

  it('loses no packet, none twice, and keeps the order of each receiver, whatever comes and goes', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), to: fc.nat(3), bytes: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('clear' as const), to: fc.nat(3) }),
    );
    const settings = fc.record({
      listPackets: fc.integer({ min: 1, max: 6 }),
      waitingPackets: fc.nat(12),
      quantumBytes: fc.integer({ min: 1, max: 500 }),
      lifetimeUs: fc.constant(1000),
    });
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 200 }), (which, steps) => {
        const queue = new TransmitQueue(which);
        const paths = [0, 1, 2, 3].map(path);
        const expected: number[][] = [[], [], [], []];
        steps.forEach((one, index) => {
          if (one.kind === 'push') {
            const waits = expected.flat().length;
            const taken = queue.push(paths[one.to], index, one.bytes, 0);
            if (taken) expected[one.to].push(index);
            else expect(waits).toBeGreaterThanOrEqual(which.waitingPackets);
          } else if (one.kind === 'clear') {
            let count = queue.clear(paths[one.to], 0);
            expect(count).toBe(expected[one.to].length);
            while (count-- > 0) expect(paths[one.to].shift()).toBe(expected[one.to].shift());
          } else if (queue.length > 0) {
            const { next } = queue;
            const count = Math.min(one.count, next.admitted);
            for (let packet = 0; packet < count; packet++) {
              expect(queue.take(next, 0)).toBe(expected[paths.indexOf(next)].shift());
            }
          }
          expect(queue.length).toBe(expected.flat().length);
          expect(queue.length).toBeLessThanOrEqual(which.listPackets + which.waitingPackets);
          if (queue.length > 0) expect(queue.next.admitted).toBeGreaterThan(0);
        });
      }),
    );
  });
});
