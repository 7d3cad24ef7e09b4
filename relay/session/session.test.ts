import { describe, expect, it } from 'vitest';
import { maskedFrame } from '../testing/test-client.ts';
import { createTestRelay } from '../testing/test-relay.ts';
import { settle } from '../testing/virtual-clock.ts';

const TEXT = 1;
const CONTINUATION = 0;

describe('the end of a session', () => {
  it.each([
    [1000, 'closed one peer_closed 1000', '1000 normal closure'],
    [4999, 'closed one peer_closed 4999', '4999 closing'],
    [undefined, 'closed one peer_closed 1005', '1000 normal closure'],
  ])('answers close %s with code and reason, then FIN', async (code, event, answer) => {
    const { connect, events, clock } = createTestRelay();
    const client = await connect('/one');
    await client.close(code);
    expect(events.at(-1)).toBe(event);
    expect(client.closeFrame).toBe(answer);
    expect(client.connection.finSent).toBe(true);
    await client.end();
    expect(client.connection.destroyed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('by FIN without a close frame is the peer closing, with code 1006', async () => {
    const { connect, events } = createTestRelay();
    const client = await connect('/one');
    await client.end();
    expect(events.at(-1)).toBe('closed one peer_closed 1006');
    expect(client.connection.destroyed).toBe(true);
  });

  it('by FIN in the turn that holds a message back for it: it gets the message, and then FIN', async () => {
    const { connect } = createTestRelay({ envelope: 'raw' }, undefined, () => {});
    const [client, other] = [await connect('/one'), await connect('/two')];
    await other.send('held back');
    expect(client.texts).toEqual([]);
    await client.end();
    expect([client.texts, client.connection.finSent]).toEqual([['held back'], true]);
  });

  it('by FIN while data waits is limited by the close timeout', async () => {
    const { connect, clock } = createTestRelay({ pingIntervalMs: 0 });
    const [client, other] = [await connect('/one'), await connect('/two')];
    client.connection.stopReading();
    await other.send('stuck');
    await client.end();
    await clock.advance(9_999);
    expect(client.connection.destroyed).toBe(false);
    await clock.advance(1);
    expect(client.connection.destroyed).toBe(true);
  });

  it('by a broken connection is a reset', async () => {
    const { connect, events } = createTestRelay();
    const [one, two] = [await connect('/one'), await connect('/two')];
    one.connection.destroy(new Error('ECONNRESET'));
    two.connection.destroy();
    await settle();
    expect(events.slice(2)).toEqual(['closed one reset 1006', 'closed two reset 1006']);
  });

  it.each([
    ['an unmasked frame', Buffer.from([0x81, 1, 97]), 'protocol_error 1002'],
    ['a reserved bit', Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 'protocol_error 1002'],
    ['an unknown opcode', maskedFrame(3, Buffer.alloc(0)), 'protocol_error 1002'],
    ['a continuation of nothing', maskedFrame(CONTINUATION, Buffer.alloc(1)), 'protocol_error 1002'],
    ['a fragmented ping', maskedFrame(9, Buffer.alloc(1), false), 'protocol_error 1002'],
    ['text that is not UTF-8', maskedFrame(TEXT, Buffer.from([0xff])), 'protocol_error 1007'],
    ['a close code that must not be sent', maskedFrame(8, Buffer.from([0x03, 0xed])), 'protocol_error 1002'],
    ['a message that is too big', maskedFrame(TEXT, Buffer.alloc(65_537)), 'policy 1009'],
    ['too many fragments', Buffer.concat(Array(1_030).fill(maskedFrame(TEXT, Buffer.alloc(0), false))), 'protocol_error 1002'],
  ])('after %s says why and sends FIN', async (_what, bytes, cause) => {
    const { connect, events } = createTestRelay();
    const client = await connect('/one');
    await client.sendBytes(bytes);
    expect(events.at(-1)).toBe(`closed one ${cause}`);
    expect(client.closeFrame).toMatch(new RegExp(`^${cause.split(' ')[1]} .+`));
    expect(client.connection.finSent).toBe(true);
  });

  it('by a message in too many pieces is a matter of limits', async () => {
    const { connect, events } = createTestRelay();
    const client = await connect('/one');
    const fragments = Array(1_030).fill(maskedFrame(CONTINUATION, Buffer.alloc(0), false));
    await client.sendBytes(Buffer.concat([maskedFrame(TEXT, Buffer.alloc(0), false), ...fragments]));
    expect(events.at(-1)).toBe('closed one policy 1008');
  });

  it('by a frame in too many pieces is one as well', async () => {
    const { connect, events } = createTestRelay();
    const client = await connect('/one');
    const bytes = maskedFrame(TEXT, Buffer.alloc(60_000));
    for (let i = 0; i < 1_100; i++) client.connection.push(bytes.subarray(i, i + 1));
    await settle();
    expect(events.at(-1)).toBe('closed one policy 1008');
  });

  it('comes only once, whatever follows', async () => {
    const { connect, events } = createTestRelay();
    const client = await connect('/one');
    await client.close(1000);
    await client.sendBytes(Buffer.from('garbage'));
    await client.end();
    client.connection.destroy(new Error('late'));
    await settle();
    expect(events.filter((event) => event.startsWith('closed'))).toHaveLength(1);
    expect(client.frames).toHaveLength(1);
  });

  it('cuts off everything that is still under way from or to it', async () => {
    const { connect, events, clock } = createTestRelay({ duplicateId: 'takeover' });
    const older = await connect('/one');
    const other = await connect('/two');
    await clock.advance(20_000);
    const [ping] = older.pings;
    await connect('/one');
    const before = events.length;
    await older.send('from the grave');
    await older.ping(Buffer.from('x'));
    await older.pong(ping);
    await other.send('hi');
    expect(events.slice(before).filter((event) => event.startsWith('received'))).toEqual(['received two 2 text']);
    expect(events.slice(before)).not.toContain('pong one 14');
    expect(other.texts).toEqual(['Server got your message!']);
    expect(older.frames.map(({ opcode }) => opcode)).toEqual([9, 8]);
  });

  it('waits for the close frame of the peer before it sends FIN, but not for ever', async () => {
    const { connect, clock } = createTestRelay({ duplicateId: 'takeover' });
    const [polite, deaf] = [await connect('/one'), await connect('/two')];
    await connect('/one');
    await connect('/two');
    expect(polite.connection.finSent).toBe(false);
    await polite.close(4001);
    expect(polite.connection.finSent).toBe(true);
    await clock.advance(10_000);
    expect(deaf.connection.destroyed).toBe(true);
  });
});

describe('a client that stops reading', () => {
  it('holds a bounded amount of memory and loses what does not fit, while others get everything', async () => {
    const { connect, events } = createTestRelay({ maxBufferedBytes: 100_000, pingIntervalMs: 0 });
    const [stopped, reader, sender] = [await connect('/stopped'), await connect('/reader'), await connect('/sender')];
    stopped.connection.stopReading();
    for (let i = 0; i < 20; i++) await sender.sendBinary(Buffer.alloc(10_000));
    expect(stopped.connection.writableLength).toBeLessThanOrEqual(100_000);
    expect(reader.binaries).toHaveLength(20);
    expect(events.filter((event) => event === 'dropped stopped 10000')).toHaveLength(11);

    stopped.connection.startReading();
    await settle();
    await sender.send('again');
    expect(stopped.texts).toEqual(['Mes from sender: again']);
  });

  it('cannot fill memory with answers to its pings', async () => {
    const { connect, events } = createTestRelay({ maxBufferedBytes: 10_000, pingIntervalMs: 0 });
    const client = await connect('/one');
    client.connection.stopReading();
    for (let i = 0; i < 100; i++) await client.ping(Buffer.alloc(125));
    expect(client.connection.writableLength).toBeLessThanOrEqual(10_000);
    // 127 bytes each, and 600 for each that waits behind the first.
    expect(events.filter((event) => event.startsWith('answered'))).toHaveLength(15);
  });

  it('gets a message larger than the bound when nothing else waits', async () => {
    const { connect } = createTestRelay({ maxBufferedBytes: 10 });
    const [one, two] = [await connect('/one'), await connect('/two')];
    await one.send('much longer than ten bytes');
    expect(two.texts).toEqual(['Mes from one: much longer than ten bytes']);
  });
});

describe('a stop of the relay', () => {
  it('closes every session with code and reason, ends the rest, and is done when all connections are gone', async () => {
    const { relay, connect, dial, clock, events } = createTestRelay();
    const [polite, deaf, pending] = [await connect('/one'), await connect('/two'), dial()];
    let isDone = false;
    const closed = relay.close(1001, 'maintenance').then(() => {
      isDone = true;
    });
    expect(relay.close()).toBeInstanceOf(Promise);
    await settle();
    expect([polite.closeFrame, deaf.closeFrame]).toEqual(['1001 maintenance', '1001 maintenance']);
    expect(events.slice(2)).toEqual(['closed one shutdown 1001', 'closed two shutdown 1001']);
    expect(pending.connection.destroyed).toBe(true);
    await polite.close(1001);
    await polite.end();
    expect(isDone).toBe(false);
    await clock.advance(10_000);
    await closed;
    expect(deaf.connection.destroyed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('takes no new connection', async () => {
    const { relay, dial, events } = createTestRelay();
    await relay.close();
    expect(dial().connection.destroyed).toBe(true);
    expect(events).toEqual(['refused  shutdown 0']);
  });
});
