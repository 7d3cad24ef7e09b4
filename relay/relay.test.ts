import { describe, expect, it, vi } from 'vitest';
import { createTestRelay, EPOCH_MS, upgradeRequest } from './testing/test-relay.ts';

describe('broadcast', () => {
  it('passes a text on to all others and acknowledges it to the sender', async () => {
    const { connect } = createTestRelay();
    const [one, two, three] = [await connect('/one'), await connect('/two'), await connect('/three')];
    await one.send('hi');
    expect(one.texts).toEqual(['Server got your message!']);
    expect(two.texts).toEqual(['Mes from one: hi']);
    expect(three.texts).toEqual(['Mes from one: hi']);
  });

  it('passes on empty and non-ASCII text', async () => {
    const { connect } = createTestRelay();
    const [one, two] = [await connect('/one'), await connect('/two')];
    await one.send('');
    await one.send('zażółć 🛰');
    expect(two.texts).toEqual(['Mes from one: ', 'Mes from one: zażółć 🛰']);
  });

  it('names the sender and the time in a json envelope', async () => {
    const { connect, clock } = createTestRelay({ envelope: 'json' });
    const [one, two] = [await connect('/one'), await connect('/two')];
    await clock.advance(5_000);
    await one.send('say "hi"\n');
    const at = EPOCH_MS + 5_000;
    expect(two.texts.map((text) => JSON.parse(text))).toEqual([{ from: 'one', text: 'say "hi"\n', at }]);
    expect(one.texts.map((text) => JSON.parse(text))).toEqual([{ from: 'server', text: 'Server got your message!', at }]);
  });

  it('leaves the bytes alone in a raw envelope', async () => {
    const { connect } = createTestRelay({ envelope: 'raw' });
    const [one, two] = [await connect('/one'), await connect('/two')];
    await one.send('hi');
    expect(two.texts).toEqual(['hi']);
    expect(one.texts).toEqual(['Server got your message!']);
  });

  it.each(['original', 'json', 'raw'] as const)('passes binary on unchanged in the %s envelope', async (envelope) => {
    const { connect } = createTestRelay({ envelope });
    const [one, two] = [await connect('/one'), await connect('/two')];
    const bytes = Buffer.from([0, 255, 1, 254]);
    await one.sendBinary(bytes);
    expect(two.binaries).toEqual([bytes]);
    expect(one.binaries).toEqual([]);
  });

  it('writes every frame in one write, however large', async () => {
    const { connect } = createTestRelay();
    const [one, two] = [await connect('/one'), await connect('/two')];
    for (const length of [0, 1, 120, 130, 60_000]) await one.sendBinary(Buffer.alloc(length, 7));
    expect(two.frames.map(({ payload }) => payload.length)).toEqual([0, 1, 120, 130, 60_000]);
  });

  it('waits for no acknowledgement of what came before, whoever took the connection in', async () => {
    const { dial } = createTestRelay();
    const client = dial();
    const setNoDelay = vi.spyOn(client.connection, 'setNoDelay');
    await client.sendBytes(upgradeRequest('/one'));
    expect(setNoDelay).toHaveBeenCalledOnce();
  });

  it('tells the observer of each message in, each one out, and their sizes', async () => {
    const { connect, events } = createTestRelay();
    const one = await connect('/one');
    await connect('/two');
    await one.send('hi');
    expect(events.slice(2)).toEqual(['received one 2 text', 'sent one 24 reply', 'sent two 16 broadcast']);
  });
});

describe('echo', () => {
  it('answers the sender and nobody else', async () => {
    const { connect } = createTestRelay({ mode: 'echo' });
    const [one, two] = [await connect('/one'), await connect('/two')];
    await one.send('hi');
    await one.sendBinary(Buffer.from([1, 2]));
    expect(one.texts).toEqual(['Echo: hi']);
    expect(one.binaries).toEqual([Buffer.from([1, 2])]);
    expect(two.frames).toEqual([]);
  });

  it('answers in the chosen envelope', async () => {
    const raw = await createTestRelay({ mode: 'echo', envelope: 'raw' }).connect('/one');
    await raw.send('hi');
    expect(raw.texts).toEqual(['hi']);
    const json = await createTestRelay({ mode: 'echo', envelope: 'json' }).connect('/one');
    await json.send('hi');
    expect(json.texts.map((text) => JSON.parse(text))).toEqual([{ from: 'server', text: 'Echo: hi', at: EPOCH_MS }]);
  });
});

describe('an id that is connected already', () => {
  it('is refused with 403, and its holder does not notice', async () => {
    const { connect, events } = createTestRelay();
    const [holder, other] = [await connect('/one'), await connect('/two')];
    const second = await connect('/one');
    expect(second.status).toBe(403);
    expect(second.response).toMatch(/\r\nContent-Length: \d+\r\n/);
    expect(second.response).toMatch(/\r\nConnection: close\r\n/);
    expect(second.connection.finSent).toBe(true);
    expect(events.at(-1)).toBe('refused one duplicate_id 403');
    await other.send('still there?');
    expect(holder.texts).toEqual(['Mes from two: still there?']);
  });

  it('goes to the newer session at once when takeover is on', async () => {
    const { connect, events } = createTestRelay({ duplicateId: 'takeover' });
    const [older, other] = [await connect('/one'), await connect('/two')];
    const newer = await connect('/one');
    expect(older.closeFrame).toBe('4001 taken over');
    expect(events.slice(2)).toEqual(['closed one takeover 4001', 'opened one']);
    await other.send('hi');
    expect(newer.texts).toEqual(['Mes from two: hi']);
    expect(older.texts).toEqual([]);
  });

  it('is not taken over by a handshake that fails', async () => {
    const { relay, dial, connect, events } = createTestRelay({ duplicateId: 'takeover' });
    await connect('/one');
    const broken = dial();
    await broken.sendBytes(
      Buffer.from('GET /one HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n'),
    );
    expect(broken.status).toBe(400);
    expect(events).toEqual(['opened one', 'refused  bad_request 400']);
    expect(relay.clients).toBe(1);
  });

  it('is free again when its session has ended', async () => {
    const { connect } = createTestRelay();
    const one = await connect('/one');
    await one.close(1000);
    expect((await connect('/one')).status).toBe(101);
  });
});

describe('a client without an id', () => {
  it('gets one of its own', async () => {
    let draw = 0;
    const { connect, events } = createTestRelay({}, () => (draw++ % 36) / 36);
    await connect('/');
    await connect('/');
    const ids = events.map((event) => /^opened (client-[0-9a-z]{8})$/.exec(event)?.[1]);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a full relay', () => {
  it('refuses with 503 and Retry-After until somebody leaves', async () => {
    const { connect, events } = createTestRelay({ maxClients: 2 });
    const one = await connect('/one');
    await connect('/two');
    const third = await connect('/three');
    expect(third.status).toBe(503);
    expect(third.response).toMatch(/\r\nRetry-After: \d+\r\n/);
    expect(events.at(-1)).toBe('refused three full 503');
    await one.close(1000);
    expect((await connect('/three')).status).toBe(101);
  });

  it('still lets a session be taken over', async () => {
    const { connect } = createTestRelay({ maxClients: 1, duplicateId: 'takeover' });
    await connect('/one');
    expect((await connect('/one')).status).toBe(101);
  });

  it('hangs up on the connection that has waited longest when there are too many that are no session, and lets the newcomer in', async () => {
    const { connect, dial, events } = createTestRelay({ maxPending: 3 });
    await connect('/one'); // a session does not count
    events.length = 0;
    const clients = Array.from({ length: 4 }, () => dial());
    expect(clients.filter(({ connection }) => connection.destroyed)).toEqual([clients[0]]);
    expect((await connect('/two')).status).toBe(101);
    expect(events).toEqual(['refused  pending_full 0', 'refused  pending_full 0', 'opened two']);
  });

  it('hangs up on newcomers when all that are no session are closing, until their time is up', async () => {
    const { connect, dial, events, clock } = createTestRelay({ maxPending: 1, duplicateId: 'takeover', pingIntervalMs: 0 });
    await connect('/one');
    await connect('/one');
    events.length = 0;
    expect(dial().connection.destroyed).toBe(true);
    expect(events).toEqual(['refused  pending_full 0']);
    await clock.advance(10_000);
    expect(dial().connection.destroyed).toBe(false);
  });
});
