import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Beacon } from './beacon.ts';
import { plainQueue } from './queues.ts';
import { Air, scripted, slots } from './testing/air.ts';

/** A frame of 90 IP bytes at MCS 7, SIFS and its acknowledgement, AIFS, a slot; µs. */
const FRAME = 62;
const EXCHANGE = FRAME + 10 + 34;
const AIFS = 37;
const SLOT = 9;
/** From the end of a frame that is not acknowledged until its sender counts slots again. */
const TIMEOUT = 39 + AIFS;

describe('a radio alone', () => {
  it('sends at the next slot boundary when the air has long been idle', async () => {
    const air = new Air();
    const send = air.sender(air.radio(slots(0)));
    send(AIFS + 4 * SLOT + 2, 'a');
    await air.run();
    expect(air.fates).toEqual([['a', AIFS + 5 * SLOT + FRAME]]);
  });

  it('waits for AIFS and its back-off between two frames', async () => {
    const air = new Air();
    const send = air.sender(air.radio(slots(3, 5)));
    send(1000, 'a');
    send(1000, 'b');
    send(1000, 'c');
    await air.run();
    const first = AIFS + 107 * SLOT + FRAME;
    const second = first + 10 + 34 + AIFS + 3 * SLOT + FRAME;
    expect(air.fates).toEqual([
      ['a', first],
      ['b', second],
      ['c', second + 10 + 34 + AIFS + 5 * SLOT + FRAME],
    ]);
  });

  it('still runs its back-off when it had nothing to send', async () => {
    const air = new Air();
    const send = air.sender(air.radio(slots(8)));
    send(1000, 'a');
    const start = AIFS + 107 * SLOT;
    send(start + EXCHANGE + AIFS + 3 * SLOT, 'b');
    await air.run();
    expect(air.fates[1]).toEqual(['b', start + EXCHANGE + AIFS + 8 * SLOT + FRAME]);
  });

  it('costs two events a frame: its begin, and what the test sends', async () => {
    const air = new Air();
    const send = air.sender(air.radio(slots(3)));
    for (let packet = 0; packet < 100; packet++) send(1000 * packet, packet);
    await air.run();
    expect(air.kernel.eventCount).toBe(200);
  });

  it('is told of a frame while it is on the air, with the time at which it arrives', async () => {
    const air = new Air();
    let toldUs = 0;
    air.receiver.arrive = () => {
      toldUs = air.kernel.nowUs;
    };
    air.sender(air.radio(slots(0)))(AIFS, 'a');
    await air.run();
    expect(toldUs).toBe(AIFS + 5);
  });
});

describe('two radios', () => {
  it('take turns by their back-offs, and the one that waits loses no slot', async () => {
    const air = new Air();
    const one = air.sender(air.radio(slots(2, 0)));
    const other = air.sender(air.radio(slots(5, 15)));
    const third = air.sender(air.radio(slots(0)));
    third(AIFS, 'busy');
    one(AIFS + 20, 'a'); // meets a busy medium and draws
    other(AIFS + 20, 'b');
    await air.run();
    const idle = AIFS + EXCHANGE;
    const a = idle + AIFS + 2 * SLOT;
    // Of five slots two were over, and the one at the end of AIFS counts: two are left.
    expect(air.fates.slice(1)).toEqual([
      ['a', a + FRAME],
      ['b', a + EXCHANGE + AIFS + 2 * SLOT + FRAME],
    ]);
  });

  it('collide when their back-offs end together, and try again with a window twice as large', async () => {
    const air = new Air();
    const draws = (retry: number) => scripted(4.5 / 16, retry / 32, 0);
    const radios = [air.radio(draws(3.5)), air.radio(draws(20.5))];
    const [one, other] = radios.map((radio) => air.sender(radio));
    air.sender(air.radio(slots(0)))(AIFS, 'busy');
    one(AIFS + 20, 'a');
    other(AIFS + 20, 'b');
    await air.run();
    const collision = AIFS + EXCHANGE + AIFS + 4 * SLOT;
    const a = collision + FRAME + TIMEOUT + 3 * SLOT;
    expect(air.fates[1]).toEqual(['a', a + FRAME]);
    expect(air.fates[2]).toEqual(['b', a + EXCHANGE + AIFS + (20 - 3 - 1) * SLOT + FRAME]);
    expect(radios.map(({ attempts, failures }) => [attempts, failures])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it('wait for an acknowledgement that does not come, while others go on', async () => {
    const air = new Air();
    const one = air.sender(air.radio(scripted(4.5 / 16, 0)));
    const other = air.sender(air.radio(scripted(4.5 / 16, 9.5 / 32)));
    const third = air.sender(air.radio(slots(8)));
    air.sender(air.radio(slots(0)))(AIFS, 'busy');
    one(AIFS + 20, 'a');
    other(AIFS + 20, 'b');
    third(AIFS + 20, 'c');
    await air.run();
    const over = AIFS + EXCHANGE + AIFS + 4 * SLOT + FRAME;
    const c = over + AIFS + 3 * SLOT; // of eight slots five were counted before the collision
    expect(c).toBeLessThan(over + TIMEOUT);
    expect(air.fates.slice(1, 3)).toEqual([
      ['c', c + FRAME],
      ['a', c + EXCHANGE + AIFS + FRAME],
    ]);
  });

  it.each([
    [4, 1],
    [5, 0],
  ])('collide when one begins %i µs after the other: failed tries %i', async (gapUs, failures) => {
    const air = new Air();
    const radio = air.radio(slots(0));
    const start = AIFS + 100 * SLOT;
    air.medium.addBeacon(new Beacon(air.medium.carrier, start - gapUs, () => {}));
    air.sender(radio)(start - 1, 'a');
    await air.run(20_000);
    expect(radio.failures).toBe(failures);
    expect(air.fates).toHaveLength(1);
  });
});

describe('a frame', () => {
  it('is given up after its last try, and the next one begins with the smallest window', async () => {
    const air = new Air();
    const radio = air.radio(scripted(0.999), { tries: 3 });
    const path = air.path();
    path.silent = true;
    air.sender(radio, path)(AIFS, 'a');
    air.sender(radio, path)(AIFS, 'b');
    await air.run();
    // Two retries after the longest back-offs of windows of 31 and 63 slots.
    const third = AIFS + 2 * (FRAME + TIMEOUT) + (31 + 63) * SLOT;
    expect(air.fates.map(([, why]) => why)).toEqual(['retries', 'retries']);
    expect([radio.attempts, radio.failures, radio.retryDrops]).toEqual([6, 6, 2]);
    const air2 = new Air();
    const again = air2.radio(scripted(0.999), { tries: 3 });
    const lost = air2.path();
    lost.silent = true;
    const send = air2.sender(again, lost);
    send(AIFS, 'a');
    send(AIFS, 'b');
    air2.at(third + FRAME + 5, () => {
      lost.silent = false;
    });
    await air2.run();
    expect(air2.fates[1]).toEqual(['b', third + FRAME + TIMEOUT + 15 * SLOT + FRAME]);
  });

  it('is lost by signal as often as its path says, by draws of that path alone', async () => {
    const air = new Air();
    const path = air.path(undefined, scripted(0.1, 0.3, 0.2, 0.9));
    path.errorRate = 0.25;
    const radio = air.radio(slots(0));
    air.sender(radio, path)(AIFS, 'a');
    air.sender(radio, path)(AIFS, 'b');
    await air.run();
    expect([radio.attempts, radio.failures, radio.delivered]).toEqual([4, 2, 2]);
  });

  it('that fails by signal has its air reserved for others, but not for its sender', async () => {
    const air = new Air();
    const path = air.path(undefined, scripted(0, 0.9));
    path.errorRate = 0.5;
    const one = air.sender(air.radio(scripted(0.999, 0)), path);
    const other = air.sender(air.radio(slots(0)));
    one(AIFS, 'a');
    other(AIFS + 20, 'b');
    await air.run();
    // The other one waits for the acknowledgement that does not come, 44 µs, and then AIFS; the sender gives
    // up after 39.
    expect(air.fates[0]).toEqual(['b', AIFS + EXCHANGE + AIFS + FRAME]);
  });

  it('does not wait longer in a queue than that allows, unless it is the last', async () => {
    const air = new Air();
    const queue = { ...plainQueue(10), lifetimeUs: 100 };
    const send = air.sender(air.radio(slots(0), { queue }));
    for (const packet of ['a', 'b', 'c']) send(AIFS, packet);
    await air.run();
    expect(air.fates.map(([packet, fate]) => (fate === 'expired' ? `${packet} expired` : packet))).toEqual(['a', 'b expired', 'c']);
  });

  it('that finds the queue full is lost at once', async () => {
    const air = new Air();
    const radio = air.radio(slots(0), { queue: plainQueue(2) });
    const send = air.sender(radio);
    for (const packet of ['a', 'b', 'c']) send(AIFS, packet);
    await air.run();
    expect(air.fates[0]).toEqual(['c', 'queue full']);
    expect([radio.queueDrops, radio.queueMax, radio.delivered]).toEqual([1, 2, 2]);
  });

  it('is forgotten with its path, and others are not', async () => {
    const air = new Air();
    const radio = air.radio(slots(4));
    const [gone, stays] = [air.path(), air.path()];
    air.sender(radio, gone)(1000, 'a');
    air.sender(radio, stays)(1000, 'b');
    air.sender(radio, gone)(1000, 'c');
    air.at(1001, () => radio.clear(gone));
    await air.run();
    expect(air.fates.map(([packet]) => packet)).toEqual(['b']);
    expect(radio.pending).toBe(false);
  });
});

describe('an A-MPDU', () => {
  const aggregating = (air: Air) => air.radio(slots(0), { aggregate: true });

  it('takes all that waits for one receiver, and arrives as one', async () => {
    const air = new Air();
    const radio = aggregating(air);
    const [one, other] = [air.path(), air.path()];
    for (const [path, packet] of [
      [one, 'a'],
      [one, 'b'],
      [other, 'x'],
      [one, 'c'],
    ] as const)
      air.sender(radio, path)(AIFS + 20, packet);
    air.sender(air.radio(slots(0)))(AIFS, 'busy');
    await air.run();
    const start = AIFS + EXCHANGE + AIFS;
    const us = 36 + 4 * Math.ceil((22 + 8 * 3 * 132) / 260) + 6;
    expect(air.fates.slice(1)).toEqual([
      ['a', start + us],
      ['b', start + us],
      ['c', start + us],
      ['x', start + us + 10 + 38 + AIFS + FRAME],
    ]);
    expect([radio.attempts, radio.delivered]).toEqual([2, 4]);
  });

  it('holds 64 packets at most', async () => {
    const air = new Air();
    const radio = aggregating(air);
    const send = air.sender(radio);
    for (let packet = 0; packet < 100; packet++) send(AIFS, packet);
    await air.run();
    expect([radio.attempts, radio.delivered]).toEqual([2, 100]);
    expect(air.fates.map(([packet]) => packet)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});

describe('beacons', () => {
  const BEACON = 1360;

  it('go when they are due, cost no event while nobody wants the air, and are in its busy time', async () => {
    const air = new Air();
    air.medium.addBeacon(new Beacon(air.medium.carrier, 5000, () => {}));
    await air.run();
    expect(air.kernel.eventCount).toBe(0);
    expect(air.medium.busyUs).toBe(10 * BEACON);
  });

  it('keep a frame waiting', async () => {
    const air = new Air();
    air.medium.addBeacon(new Beacon(air.medium.carrier, 5000, () => {}));
    air.sender(air.radio(slots(3)))(5100, 'a');
    await air.run();
    expect(air.fates).toEqual([['a', 5000 + BEACON + AIFS + 3 * SLOT + FRAME]]);
  });

  it('wait for a frame, and then go first', async () => {
    const air = new Air();
    const start = AIFS + 551 * SLOT;
    air.medium.addBeacon(new Beacon(air.medium.carrier, start + FRAME - 10, () => {}));
    const radio = air.radio(slots(0));
    air.sender(radio)(start, 'a');
    air.sender(radio)(start, 'b');
    await air.run();
    expect(air.fates).toEqual([
      ['a', start + FRAME],
      ['b', start + EXCHANGE + 19 + BEACON + AIFS + FRAME],
    ]);
  });

  it('are told of to who waits for one', async () => {
    const air = new Air();
    const told: number[][] = [];
    const beacon = new Beacon(air.medium.carrier, 5000, (...what) => told.push(what));
    air.medium.addBeacon(beacon);
    air.at(200_000, () => air.medium.awaitBeacon(beacon));
    await air.run();
    expect(told).toEqual([[5000 + 2 * 102_400 + BEACON, 3]]);
  });

  it('of an access point that was off go on at their times', async () => {
    const air = new Air();
    const beacon = new Beacon(air.medium.carrier, 5000, () => {});
    air.medium.addBeacon(beacon);
    air.at(10_000, () => air.medium.removeBeacon(beacon));
    air.at(500_000, () => air.medium.addBeacon(beacon));
    await air.run();
    expect(air.medium.busyUs).toBe((1 + 5) * BEACON);
  });
});

it('a long time with nothing but beacons is the same whether it is looked at or not', async () => {
  const play = async (looks: number[]) => {
    const air = new Air();
    for (const firstUs of [5_000, 5_900, 60_000]) air.medium.addBeacon(new Beacon(air.medium.carrier, firstUs, () => {}));
    const send = air.sender(air.radio(slots(3, 9)));
    for (const atUs of [1_000, 700_123, 700_200]) send(atUs, atUs);
    for (const atUs of looks) air.at(atUs, () => void air.medium.busyUs);
    await air.run();
    return [air.fates, air.medium.busyUs];
  };
  const unseen = await play([]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 999_999 }), { maxLength: 30 }), async (looks) => {
      expect(await play(looks)).toEqual(unseen);
    }),
    { numRuns: 50 },
  );
});

describe('the busy time', () => {
  it('is that of frames and acknowledgements, without the silence between them', async () => {
    const air = new Air();
    air.sender(air.radio(slots(0)))(AIFS, 'a');
    await air.run();
    expect(air.medium.busyUs).toBe(FRAME + 34);
  });

  it('of a collision is that of the longest frame', async () => {
    const air = new Air();
    const [one, other] = [air.radio(slots(0), { tries: 1 }), air.radio(slots(0), { tries: 1 })];
    air.sender(one)(AIFS, 'a');
    air.sender(other)(AIFS, 'b', 1028);
    await air.run();
    expect(air.medium.busyUs).toBe(174);
    expect(air.fates).toEqual([
      ['a', 'retries'],
      ['b', 'retries'],
    ]);
  });
});
