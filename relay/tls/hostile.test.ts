/**
 * TLS clients that mean harm: what they do costs bounded memory and time, and those who mean well do not
 * notice.
 */
import { once } from 'node:events';
import { connect as connectTcp, Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { RelayConfig } from '../config.ts';
import { closed, dial, eventsOf, LOOPBACK, open, startTlsRelay, type TlsRelay, Workshop } from '../testing/tls-relay.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { HANDSHAKE_BYTES, HANDSHAKE_TIMEOUT_MS, Handshakes, MAX_HANDSHAKES } from './handshakes.ts';

let workshop: Workshop;
let running: TlsRelay | null = null;

beforeAll(async () => {
  workshop = await Workshop.open(Date.now());
});

afterEach(async () => {
  await running?.close();
  running = null;
});

/** A relay with a client that means well, which must still be served in the end. */
async function startWithGuest(config: Partial<RelayConfig> = {}): Promise<TlsRelay & { guest: WebSocket }> {
  running = await startTlsRelay(workshop, 2, config);
  return { ...running, guest: (await open(running, 'guest', workshop.client('guest'))) as WebSocket };
}

async function expectServed(guest: WebSocket): Promise<void> {
  const answer = once(guest, 'message');
  guest.send('SOS!');
  expect(String((await answer)[0])).toBe('Server got your message!');
}

/** The start of a record that announces 512 bytes, of which none come. */
const HALF_A_HELLO = Buffer.from('1603010200', 'hex');

describe('a client that does not finish its handshake', () => {
  it('cannot keep others out, however many it begins', async () => {
    const test = await startWithGuest();
    const ends: Promise<void>[] = [];
    for (let i = 0; i < MAX_HANDSHAKES + 500; i++) {
      const socket = connectTcp(test.front.address.port, LOOPBACK);
      socket.on('error', () => {});
      ends.push(closed(socket));
      socket.resume();
      await once(socket, 'connect');
      socket.write(HALF_A_HELLO);
    }
    const refusals = await eventsOf(test, 501);
    expect(new Set(refusals.slice(1))).toEqual(new Set(['refused full 0']));
    expect(await open(test, 'late', workshop.client('late'))).toBeInstanceOf(WebSocket);
    await expectServed(test.guest);
    test.front.close();
    await Promise.all(ends);
  });

  it('has its part in the bound on memory', async () => {
    const test = await startWithGuest({ maxMemoryBytes: 10 * HANDSHAKE_BYTES });
    const ends: Promise<void>[] = [];
    for (let i = 0; i < 30; i++) {
      const socket = connectTcp(test.front.address.port, LOOPBACK);
      socket.on('error', () => {});
      ends.push(closed(socket));
      socket.resume();
      await once(socket, 'connect');
      socket.write(HALF_A_HELLO);
    }
    const refusals = await eventsOf(test, 21);
    expect(new Set(refusals.slice(1))).toEqual(new Set(['refused memory_full 0']));
    expect(test.relay.memory.heldBytes).toBeLessThanOrEqual(10 * HANDSHAKE_BYTES);
    await expectServed(test.guest);
    test.front.close();
    await Promise.all(ends);
  });

  it('is cut off at the deadline, whatever it sends', async () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    const handshakes = new Handshakes(
      clock,
      () => 0,
      (_socket, reason) => told.push(reason),
    );
    const socket = new Socket();
    handshakes.add(socket);
    await clock.advance(HANDSHAKE_TIMEOUT_MS - 1);
    expect([told, socket.destroyed]).toEqual([[], false]);
    await clock.advance(1);
    expect([told, socket.destroyed, handshakes.size]).toEqual([['timeout'], true, 0]);
  });
});

describe('a client with a strange certificate', () => {
  it.each([
    [1_000_000, 'refused tls_protocol 0'],
    [60_000, 'opened big as nobody'],
  ])('with a name of %i characters costs little: %s', async (characters, event) => {
    const test = await startWithGuest();
    await open(test, 'big', workshop.client('x'.repeat(characters)));
    expect((await eventsOf(test, 2))[1]).toBe(event);
    expect(JSON.stringify(test.lines[1]).length).toBeLessThan(300);
    await expectServed(test.guest);
  });
});

describe('a client that asks for more', () => {
  it('gets no second handshake on a TLS 1.2 connection', async () => {
    const test = await startWithGuest({ handshakeTimeoutMs: 300 });
    let handshakes = 0;
    test.front.server.on('keylog', () => handshakes++);
    const socket = dial(test, { ...workshop.client('again'), maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    let renegotiated = false;
    socket.renegotiate({}, (error) => {
      renegotiated = error === null;
    });
    await closed(socket);
    expect([handshakes, renegotiated]).toEqual([1, false]);
    await expectServed(test.guest);
  });

  it('is never let in on an old session, with either version', async () => {
    const test = await startWithGuest();
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      let session: Buffer | undefined;
      const first = dial(test, { ...workshop.client('again'), maxVersion });
      first.on('session', (ticket) => {
        session = ticket;
      });
      await once(first, 'secureConnect');
      session ??= first.getSession();
      first.destroy();
      const second = dial(test, { ...workshop.client('again'), maxVersion, session });
      await once(second, 'secureConnect');
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    }
  });
});

it('bytes that are no TLS at any point of a handshake harm nobody', async () => {
  const test = await startWithGuest();
  for (const bytes of [Buffer.alloc(70_000), Buffer.alloc(70_000, 0xff), Buffer.concat([HALF_A_HELLO, Buffer.alloc(70_000, 1)])]) {
    const socket = connectTcp(test.front.address.port, LOOPBACK);
    socket.on('error', () => {});
    socket.end(bytes);
    socket.resume();
    await closed(socket);
  }
  expect((await eventsOf(test, 4)).slice(1)).toEqual(Array(3).fill('refused tls_protocol 0'));
  await expectServed(test.guest);
});
