/**
 * Each bound on what a client or an address may ask for, on a virtual clock; what needs a real socket is in
 * server.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { AddressLimits, networkOf } from '../admission/address-limits.ts';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import type { LogFields } from '../log.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createRelay } from '../relay.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { maskedFrame, TestClient } from '../testing/test-client.ts';
import { createTestRelay, type TestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle, VirtualClock } from '../testing/virtual-clock.ts';

function dialFrom({ relay }: TestRelay, remoteAddress: string): TestClient {
  const connection = Object.assign(new MemoryConnection(), { remoteAddress });
  relay.server.emit('connection', connection);
  return new TestClient(connection);
}

describe('connections from one address', () => {
  it('are bounded at a time, and a place is free again when one ends', async () => {
    const test = createTestRelay({ maxPerAddress: 2 });
    const [first] = [dialFrom(test, '192.0.2.1'), dialFrom(test, '::ffff:192.0.2.1')];
    expect(dialFrom(test, '192.0.2.1').connection.destroyed).toBe(true);
    expect(dialFrom(test, '192.0.2.2').connection.destroyed).toBe(false);
    expect(test.events).toEqual(['refused  address_full 0']);
    first.connection.destroy();
    await settle();
    expect(dialFrom(test, '192.0.2.1').connection.destroyed).toBe(false);
  });

  it('are bounded per second, also when they end at once, with two seconds’ worth in a burst', async () => {
    const test = createTestRelay({ maxConnectRate: 5 });
    const knock = async () => {
      const { connection } = dialFrom(test, '192.0.2.1');
      const isRefused = connection.destroyed;
      connection.destroy();
      await settle();
      return isRefused;
    };
    for (let i = 0; i < 10; i++) expect(await knock()).toBe(false);
    expect(await knock()).toBe(true);
    expect(test.events.at(-1)).toBe('refused  address_rate 0');
    await test.clock.advance(199);
    expect(await knock()).toBe(true);
    await test.clock.advance(1);
    expect(await knock()).toBe(false);
    expect(await knock()).toBe(true);
  });

  it('are not bounded without an address, as in a simulation', () => {
    const { dial, events } = createTestRelay({ maxPerAddress: 1, maxConnectRate: 1 });
    const clients = Array.from({ length: 100 }, () => dial());
    expect(clients.some(({ connection }) => connection.destroyed)).toBe(false);
    expect(events).toEqual([]);
  });

  it('are forgotten when they are gone for two seconds, however many addresses there were', async () => {
    const clock = new VirtualClock();
    const limits = new AddressLimits(clock, 10, 10);
    for (let i = 0; i < 1_000; i++) {
      limits.enter(`2001:db8:0:${i.toString(16)}::1`);
      limits.leave(`2001:db8:0:${i.toString(16)}::1`);
    }
    limits.enter('192.0.2.1');
    expect(limits.size).toBe(1_001);
    await clock.advance(2_000);
    limits.enter('192.0.2.1');
    expect(limits.size).toBe(1);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
  ])('from %s count for %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('messages of one client', () => {
  it('are bounded per second; beyond it the client is closed with 1008 and not read any more', async () => {
    const { connect, events, clock } = createTestRelay({ maxMessageRate: 5, pingIntervalMs: 0 });
    const [flooder, other] = [await connect('/flooder'), await connect('/other')];
    for (let i = 0; i < 12; i++) await flooder.send('x');
    expect(other.texts).toHaveLength(10);
    expect(flooder.closeFrame).toBe('1008 too many messages');
    expect(events.at(-1)).toBe('closed flooder policy 1008');
    expect(flooder.connection.isPaused()).toBe(true);
    await clock.advance(10_000);
    expect(flooder.connection.destroyed).toBe(true);
    await other.send('still here');
    expect(other.texts.at(-1)).toBe('Server got your message!');
  });

  it('at that rate go on for ever', async () => {
    const { connect, clock } = createTestRelay({ maxMessageRate: 5, pingIntervalMs: 0 });
    const client = await connect('/one');
    for (let i = 0; i < 50; i++) {
      await client.send('x');
      await clock.advance(200);
    }
    expect(client.texts).toHaveLength(50);
  });

  it('include its pings', async () => {
    const { connect } = createTestRelay({ maxMessageRate: 5, pingIntervalMs: 0 });
    const client = await connect('/one');
    for (let i = 0; i < 12; i++) await client.ping(Buffer.from('x'));
    expect(client.pongs).toHaveLength(10);
    expect(client.closeFrame).toBe('1008 too many messages');
  });

  it('include pongs that nobody asked for', async () => {
    const { connect } = createTestRelay({ maxMessageRate: 5, pingIntervalMs: 0 });
    const client = await connect('/one');
    for (let i = 0; i < 10; i++) await client.pong(Buffer.from('x'));
    expect(client.closeFrame).toBe(null);
    await client.pong(Buffer.from('x'));
    expect(client.closeFrame).toBe('1008 too many messages');
  });
});

describe('what waits for a client that does not read', () => {
  it('counts what Node keeps for each frame, so tiny messages are bounded too', async () => {
    const { connect, events } = createTestRelay({ maxBufferedBytes: 100_000, pingIntervalMs: 0 });
    const [stopped, sender] = [await connect('/stopped'), await connect('/sender')];
    stopped.connection.stopReading();
    for (let i = 0; i < 300; i++) await sender.sendBinary(Buffer.alloc(1));
    // 603 bytes each, of which 3 are on the wire.
    expect(events.filter((event) => event === 'sent stopped 1 broadcast')).toHaveLength(167);
    expect(events.filter((event) => event === 'dropped stopped 1')).toHaveLength(133);

    stopped.connection.startReading();
    await settle();
    for (let i = 0; i < 300; i++) await sender.sendBinary(Buffer.alloc(1));
    expect(stopped.binaries).toHaveLength(467);
  });

  it('closes it with 1013 when it is to be closed', async () => {
    const { connect, events, clock } = createTestRelay({ maxBufferedBytes: 1_024, slowClients: 'close', pingIntervalMs: 0 });
    const [stopped, sender] = [await connect('/stopped'), await connect('/sender')];
    stopped.connection.stopReading();
    for (let i = 0; i < 3; i++) await sender.sendBinary(Buffer.alloc(1_000));
    expect(events.filter((event) => event.includes('stopped')).slice(1)).toEqual([
      'sent stopped 1000 broadcast',
      'dropped stopped 1000',
      'closed stopped policy 1013',
    ]);
    await clock.advance(10_000);
    expect(stopped.connection.destroyed).toBe(true);
    expect(sender.closeFrame).toBeNull();
  });
});

/** What Prometheus is told of a relay that has met `act`. */
async function countedOf(
  config: Partial<RelayConfig>,
  act: (dial: () => TestClient, clock: VirtualClock) => Promise<void>,
): Promise<string> {
  const clock = new VirtualClock();
  const { observer, page } = createMetrics(clock, () => relay);
  const settings = { ...DEFAULT_CONFIG, pingIntervalMs: 0, ...config };
  const relay = createRelay({ clock, epochMs: () => 0, random: () => 0, config: settings, log: { info() {}, warn() {} }, observer });
  const dial = () => {
    const connection = Object.assign(new MemoryConnection(), { remoteAddress: '192.0.2.1' });
    relay.server.emit('connection', connection);
    return new TestClient(connection);
  };
  await act(dial, clock);
  return (await page()).body;
}

async function join(dial: () => TestClient, id: string): Promise<TestClient> {
  const client = dial();
  await client.sendBytes(upgradeRequest(`/${id}`));
  return client;
}

describe('a bound that is met', () => {
  const refused = (reason: string) => `squall_relay_refused_total{reason="${reason}"} 1`;
  const closed = (code: number) => `squall_relay_disconnects_total{cause="policy",code="${code}"} 1`;
  type Act = (dial: () => TestClient, clock: VirtualClock) => Promise<unknown>;
  const cases: [flag: string, Partial<RelayConfig>, Act, string][] = [
    ['max-payload', { maxPayloadBytes: 9 }, async (dial) => (await join(dial, 'one')).send('too much to say'), closed(1009)],
    ['max-clients', { maxClients: 1 }, async (dial) => [await join(dial, 'one'), await join(dial, 'two')], refused('full')],
    ['max-pending', { maxPending: 1 }, async (dial) => [dial(), dial()], refused('pending_full')],
    ['max-per-address', { maxPerAddress: 1 }, async (dial) => [dial(), dial()], refused('address_full')],
    ['max-connect-rate', { maxConnectRate: 1 }, async (dial) => [dial(), dial(), dial()], refused('address_rate')],
    [
      'max-message-rate',
      { maxMessageRate: 1 },
      async (dial) => (await join(dial, 'one')).sendBytes(Buffer.concat(Array(3).fill(maskedFrame(1, Buffer.from('x'))))),
      closed(1008),
    ],
    [
      'max-buffered',
      { maxBufferedBytes: 1_024, slowClients: 'close' },
      async (dial) => {
        const slow = await join(dial, 'slow');
        slow.connection.stopReading();
        await (await join(dial, 'one')).sendBytes(Buffer.concat(Array(3).fill(maskedFrame(2, Buffer.alloc(1_000)))));
      },
      closed(1013),
    ],
    [
      'max-memory',
      { maxMemoryBytes: 10_000 },
      async (dial) => (await join(dial, 'one')).sendBytes(maskedFrame(2, Buffer.alloc(20_000)).subarray(0, 15_000)),
      closed(1013),
    ],
    ['max-memory', { maxMemoryBytes: 30_000 }, async (dial) => Array.from({ length: 7 }, () => dial()), refused('memory_full')],
    ['max-header', { maxHeaderBytes: 512 }, (dial) => join(dial, `one?${'x'.repeat(600)}`), refused('large_headers')],
    [
      'handshake-timeout',
      { handshakeTimeoutMs: 100 },
      async (dial, clock) => {
        dial();
        await clock.advance(100);
      },
      refused('timeout'),
    ],
  ];

  it.each(cases)('(--%s) is counted by its name', async (_flag, config, act, line) => {
    const page = await countedOf(config, async (dial, clock) => void (await act(dial, clock)));
    expect(page.split('\n')).toContain(line);
  });

  it('(--slow-clients drop) is counted too', async () => {
    const page = await countedOf({ maxBufferedBytes: 1_024 }, async (dial) => {
      const slow = await join(dial, 'slow');
      slow.connection.stopReading();
      await (await join(dial, 'one')).sendBytes(Buffer.concat(Array(3).fill(maskedFrame(2, Buffer.alloc(1_000)))));
    });
    expect(page).toContain('squall_relay_messages_dropped_total 2\n');
  });

  it('fills no log: refusals are written so many a second, and then how many were left out', async () => {
    const lines: string[] = [];
    const note = (fields: LogFields, message: string) => lines.push(`${message}${'count' in fields ? ` ${fields.count}` : ''}`);
    const clock = new VirtualClock();
    const config = { ...DEFAULT_CONFIG, maxPerAddress: 1 };
    const relay = createRelay({ clock, epochMs: () => 0, random: () => 0, config, log: { info: note, warn: note } });
    const flood = (count: number) => {
      for (let i = 0; i < count; i++)
        relay.server.emit('connection', Object.assign(new MemoryConnection(), { remoteAddress: '192.0.2.1' }));
    };
    flood(1_001);
    expect(lines).toEqual(Array(100).fill('connection refused'));
    await clock.advance(20);
    flood(3);
    expect(lines.slice(100)).toEqual(['more connections refused than are logged 900', 'connection refused']);
    await relay.close();
    expect(lines.at(-1)).toBe('more connections refused than are logged 2');
  });
});
