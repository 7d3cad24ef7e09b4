import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestClient } from '../testing/test-client.ts';
import { createTestRelay, type TestRelay } from '../testing/test-relay.ts';
import { settle } from '../testing/virtual-clock.ts';

const SECOND = 1_000;
const KEEPALIVE = { pingIntervalMs: 10 * SECOND, pingTimeoutMs: 10 * SECOND };

/** Lets time pass in small steps, in which living clients answer their pings. */
async function live({ clock }: TestRelay, clients: TestClient[], ms: number, stepMs = 100): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await clock.advance(stepMs);
    for (const client of clients) await client.answerPings();
  }
}

describe('the keepalive', () => {
  it('pings first after a whole interval, then once sooner by the share of the client, then every interval, always with a payload of readable text', async () => {
    const test = createTestRelay(KEEPALIVE, () => 0.25);
    const client = await test.connect('/one');
    const pingsAtMs: number[] = [];
    for (let ms = 0; ms < 40_000; ms += 100) {
      await live(test, [client], 100);
      if (client.pings.length > pingsAtMs.length) pingsAtMs.push(test.clock.now());
    }
    expect(pingsAtMs).toEqual([10_000, 17_500, 27_500, 37_500]);
    for (const payload of client.pings) expect(payload.toString()).toMatch(/^[0-9a-z]{8}$/);
  });

  it('leaves nobody less than a whole interval before the first ping, and finds every link within its bound, whatever the share and the moment of death', async () => {
    const moment = fc.integer({ min: 0, max: 50 });
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), moment, async (share, tenths) => {
        const [pingIntervalMs, pingTimeoutMs] = [SECOND, 2 * SECOND];
        const test = createTestRelay({ pingIntervalMs, pingTimeoutMs }, () => share);
        const client = await test.connect('/one');
        await test.clock.advance(pingIntervalMs - 1);
        expect(client.pings).toEqual([]);
        await live(test, [client], 1 + tenths * 100);
        client.isAlive = false;
        await test.clock.advance(pingIntervalMs + pingTimeoutMs);
        expect(test.events.at(-1)).toBe('closed one ping_timeout 1011');
      }),
      { numRuns: 50 },
    );
  });

  it('finds a link that died at the opening after interval + timeout', async () => {
    const test = createTestRelay(KEEPALIVE, () => 0.9);
    const client = await test.connect('/one');
    await test.clock.advance(20 * SECOND - 1);
    expect(client.closeFrame).toBeNull();
    await test.clock.advance(1);
    expect(client.closeFrame).toBe('1011 ping timeout');
  });

  it('measures the round trip of every ping, also with several under way', async () => {
    const test = createTestRelay({ pingIntervalMs: SECOND, pingTimeoutMs: 5 * SECOND }, () => 0);
    const client = await test.connect('/one');
    await test.clock.advance(4_000);
    expect(client.pings).toHaveLength(4);
    await client.answerPings();
    expect(test.rttsMs).toEqual([3_000, 2_000, 1_000, 0]);
    expect(test.events.filter((event) => event.startsWith('pong'))).toEqual(Array(4).fill('pong one 14'));
  });

  it('closes at interval + timeout after the link died at the latest, frees the id at that moment and harms nobody else', async () => {
    const test = createTestRelay(KEEPALIVE);
    const { clock, relay, connect, events } = test;
    const [dead, other] = [await connect('/dead'), await connect('/other')];
    await live(test, [dead, other], 15_000); // the second ping of both was answered just now
    dead.isAlive = false;
    await live(test, [dead, other], 19_900);
    expect(relay.clients).toBe(2);
    await live(test, [dead, other], 100);
    expect(events).toContain('closed dead ping_timeout 1011');
    expect(dead.closeFrame).toBe('1011 ping timeout');
    expect((await connect('/dead')).status).toBe(101);
    await other.send('hi');
    expect(other.texts).toEqual(['Server got your message!']);
    expect(dead.texts).toEqual([]);
    expect(clock.now()).toBe(35_000);
  });

  it('ends the connection of a dead client after the close timeout, although it never answered', async () => {
    const test = createTestRelay({ ...KEEPALIVE, closeTimeoutMs: 3 * SECOND });
    const client = await test.connect('/one');
    await test.clock.advance(20 * SECOND);
    expect(client.closeFrame).toBe('1011 ping timeout');
    await test.clock.advance(2_999);
    expect(client.connection.destroyed).toBe(false);
    await test.clock.advance(1);
    await settle();
    expect(client.connection.destroyed).toBe(true);
    expect(test.clock.pending).toBe(0);
  });

  it('finds dead links evenly between the timeout and interval + timeout', async () => {
    let draw = 0;
    const count = 100;
    const test = createTestRelay(KEEPALIVE, () => (draw++ + 0.5) / count);
    const clients: TestClient[] = [];
    for (let i = 0; i < count; i++) clients.push(await test.connect(`/board-${i}`));
    await live(test, clients, 20_000);
    const diedAtMs = test.clock.now();
    const closedAtMs: number[] = [];
    for (let ms = 0; ms < 20_000; ms += 50) {
      await test.clock.advance(50);
      while (test.relay.clients + closedAtMs.length < count) closedAtMs.push(test.clock.now() - diedAtMs);
    }
    expect(closedAtMs).toHaveLength(count);
    const mean = closedAtMs.reduce((sum, ms) => sum + ms, 0) / count;
    expect(Math.min(...closedAtMs)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...closedAtMs)).toBeLessThanOrEqual(20_000);
    expect(mean).toBeGreaterThan(14_900);
    expect(mean).toBeLessThan(15_100);
  });

  it('counts from the oldest unanswered ping when the timeout is longer than the interval', async () => {
    const test = createTestRelay({ pingIntervalMs: 2 * SECOND, pingTimeoutMs: 7 * SECOND });
    const client = await test.connect('/one');
    await test.clock.advance(8_999);
    expect(client.pings).toHaveLength(4);
    expect(client.closeFrame).toBeNull();
    await test.clock.advance(1);
    expect(client.closeFrame).toBe('1011 ping timeout');
  });

  it('takes any pong as a sign of life, but reports no round trip for one it never asked for', async () => {
    const test = createTestRelay(KEEPALIVE);
    const client = await test.connect('/one');
    for (let i = 0; i < 10; i++) {
      await test.clock.advance(9 * SECOND);
      await client.pong(Buffer.from('unasked'));
      await client.pong(Buffer.from('deadbeef')); // looks like the relay's, but from a time that never was
      await client.pong(Buffer.alloc(0));
    }
    expect(test.relay.clients).toBe(1);
    expect(test.rttsMs).toEqual([]);
  });

  it('does not take messages for pongs', async () => {
    const test = createTestRelay(KEEPALIVE);
    const client = await test.connect('/one');
    for (let i = 0; i < 20; i++) {
      await client.send('hi');
      await test.clock.advance(SECOND);
    }
    expect(test.events.at(-1)).toBe('closed one ping_timeout 1011');
  });

  it('is off when the interval is 0', async () => {
    const { clock, connect, relay } = createTestRelay({ pingIntervalMs: 0 });
    const client = await connect('/one');
    await clock.advance(100_000 * SECOND);
    expect(client.frames).toEqual([]);
    expect(relay.clients).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('reads the sockets once more when the relay itself stood still', async () => {
    const test = createTestRelay(KEEPALIVE);
    const alive = await test.connect('/alive');
    await test.connect('/dead');
    await test.clock.advance(11 * SECOND);
    await test.clock.stall(60 * SECOND);
    expect(test.relay.clients).toBe(2);
    await alive.answerPings(); // the pong had been waiting in the kernel
    await test.clock.advance(100);
    expect(test.events.filter((event) => event.startsWith('closed'))).toEqual(['closed dead ping_timeout 1011']);
  });

  it('does not count the time in which the event loop was busy, and no more than that', async () => {
    const test = createTestRelay(KEEPALIVE, () => 0.5, setImmediate);
    const [late, dead] = [await test.connect('/late'), await test.connect('/dead')];
    await test.clock.advance(11 * SECOND); // pinged a second ago
    for (let i = 0; i < 5; i++) {
      await test.clock.stall(SECOND);
      await test.clock.advance(100);
    }
    await test.clock.advance(7.5 * SECOND); // which makes 19 s since the opening, of which 4.5 at least were deaf ones
    expect(test.relay.clients).toBe(2);
    await late.answerPings();
    await test.clock.advance(2 * SECOND);
    expect(test.events.filter((event) => event.startsWith('closed'))).toEqual(['closed dead ping_timeout 1011']);
    expect(dead.closeFrame).toBe('1011 ping timeout');
    late.connection.destroy();
    await test.clock.advance(10 * SECOND);
    expect(test.clock.pending).toBe(0);
  });

  it('reads once more when the event loop was busy at the very moment of a deadline', async () => {
    const test = createTestRelay(KEEPALIVE, () => 0.5, setImmediate);
    const late = await test.connect('/late');
    await test.clock.advance(19_990);
    await test.clock.stall(400); // in which the pong came
    expect(test.relay.clients).toBe(1);
    await late.answerPings();
    await test.clock.advance(1_000);
    expect(test.relay.clients).toBe(1);
  });

  it("answers a client's ping with the ping's own payload in one write, empty if that was", async () => {
    const { connect, events } = createTestRelay();
    const client = await connect('/one');
    await client.ping(Buffer.from('abc'));
    await client.ping(Buffer.alloc(0));
    expect(client.pongs).toEqual([Buffer.from('abc'), Buffer.alloc(0)]);
    expect(events.slice(1)).toEqual(['answered one 5', 'answered one 2']);
  });
});
