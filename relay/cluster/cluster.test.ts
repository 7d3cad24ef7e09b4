import { describe, expect, test } from 'vitest';
import { createTestCluster } from '../testing/test-cluster.ts';
import { LEASE_MS } from './leases.ts';

const BACK_MS = 5_000;

describe('a cluster', () => {
  test('passes what a client says to the clients of all nodes, once and in its order', async () => {
    const { clock, nodes } = await createTestCluster(3);
    const clients = await Promise.all(nodes.map((node, index) => node.connect(`/board-${index}`)));
    for (let index = 0; index < 20; index++) await clients[0].send(`${index}`);
    await clock.advance(BACK_MS);
    const said = Array.from({ length: 20 }, (_, index) => `Mes from board-0: ${index}`);
    expect(clients[1].texts).toEqual(said);
    expect(clients[2].texts).toEqual(said);
    expect(clients[0].texts).toEqual(said.map(() => 'Server got your message!'));
    expect(nodes[0].cluster.status).toMatchObject({ unheardBytes: 0, strangeNotes: 0, missedBatches: 0 });
  });

  test('loses nothing that was acknowledged while its backplane is away', async () => {
    const { clock, nodes, bus } = await createTestCluster(2);
    const [sender, listener] = await Promise.all(nodes.map((node, index) => node.connect(`/board-${index}`)));
    for (let index = 0; index < 30; index++) {
      // The second node is cut off longer, so that what the first publishes at once is lost.
      if (index === 5) for (const { backplane } of nodes) backplane.cut();
      if (index === 15) nodes[0].backplane.connect();
      if (index === 25) nodes[1].backplane.connect();
      if (index === 10) bus.forget();
      await sender.send(`${index}`);
      await clock.advance(100);
    }
    await clock.advance(BACK_MS);
    expect(sender.texts).toHaveLength(30);
    expect(listener.texts).toEqual(Array.from({ length: 30 }, (_, index) => `Mes from board-0: ${index}`));
  });

  test('acknowledges nothing beyond what it can keep', async () => {
    const { clock, nodes } = await createTestCluster(2);
    const sender = await nodes[0].connect('/board-0');
    for (const { backplane } of nodes) backplane.cut();
    const large = 'x'.repeat(60_000);
    for (let index = 0; index < 150; index++) await sender.send(large);
    await clock.advance(10);
    const { refusedMessages, unheardBytes } = nodes[0].cluster.status;
    expect(refusedMessages).toBeGreaterThan(0);
    expect(unheardBytes).toBeLessThanOrEqual(9 * 1024 ** 2);
    expect(sender.texts).toHaveLength(150 - refusedMessages);
  });

  test('has an id at one node at a time, and frees it when its session ends', async () => {
    const { nodes } = await createTestCluster(2);
    const first = await nodes[0].connect('/board');
    const second = await nodes[1].connect('/board');
    expect([first.status, second.status]).toEqual([101, 403]);
    await first.close(1000);
    expect((await nodes[1].connect('/board')).status).toBe(101);
  });

  test('hands an id over to the newcomer when the older session has ended', async () => {
    const { clock, nodes } = await createTestCluster(2, { duplicateId: 'takeover' });
    const first = await nodes[0].connect('/board');
    const second = await nodes[1].connect('/board');
    await clock.advance(20);
    expect(first.closeFrame).toBe('4001 taken over');
    expect(second.status).toBe(101);
    expect(nodes.map(({ relay }) => relay.clients)).toEqual([0, 1]);
    expect((await nodes[1].connect('/board')).status).toBe(101);
    await clock.advance(LEASE_MS);
    expect((await nodes[1].cluster.status).leases).toBe(1);
  });

  test('has the ids of a node that died after its leases, and not before', async () => {
    const { clock, nodes } = await createTestCluster(2);
    await nodes[0].connect('/board');
    nodes[0].backplane.close();
    await clock.advance(LEASE_MS - 3_000);
    expect((await nodes[1].connect('/board')).status).toBe(403);
    await clock.advance(3_000);
    expect((await nodes[1].connect('/board')).status).toBe(101);
  });
});

describe('a node that is cut off', () => {
  test('keeps its clients, refuses new ids and says so', async () => {
    const { clock, nodes } = await createTestCluster(2);
    const [one, other] = [await nodes[0].connect('/board-0'), await nodes[0].connect('/board-1')];
    nodes[0].backplane.cut();
    expect((await nodes[0].connect('/board-2')).status).toBe(503);
    expect(nodes[0].relay.health).toEqual({ status: 'cut_off', clients: 2, cluster: 'down' });
    await one.send('hello');
    expect(other.texts).toEqual(['Mes from board-0: hello']);
    nodes[0].backplane.connect();
    await clock.advance(BACK_MS);
    expect(nodes[0].relay.health.status).toBe('ok');
  });

  test('with "local" admits new ids, and a doubled one ends where it has the lower number', async () => {
    const { clock, nodes } = await createTestCluster(2, {}, 'local');
    const rightful = await nodes[1].connect('/board');
    nodes[0].backplane.cut();
    const doubled = await nodes[0].connect('/board');
    const alone = await nodes[0].connect('/alone');
    expect(doubled.status).toBe(101);
    nodes[0].backplane.connect();
    await clock.advance(BACK_MS);
    expect(doubled.closeFrame).toBe('4001 taken over');
    expect([rightful.closeFrame, alone.closeFrame]).toEqual([null, null]);
    expect(nodes[0].cluster.status).toMatchObject({ conflicts: 1, leases: 1 });
  });

  test('loses an id that another was given after its lease', async () => {
    const { clock, nodes } = await createTestCluster(2);
    const older = await nodes[0].connect('/board');
    nodes[0].backplane.cut();
    await clock.advance(LEASE_MS);
    const newer = await nodes[1].connect('/board');
    expect(newer.status).toBe(101);
    nodes[0].backplane.connect();
    await clock.advance(BACK_MS);
    expect([older.closeFrame, newer.closeFrame]).toEqual(['4001 taken over', null]);
  });
});

test('what no node says is counted and believed by nobody', async () => {
  const { clock, nodes, bus } = await createTestCluster(2);
  const client = await nodes[0].connect('/board');
  const stranger = bus.node();
  stranger.start({ backplaneOnUp() {}, backplaneOnDown() {}, backplaneOnMessage() {} });
  const head = (fields: object) => `${JSON.stringify({ kind: 'messages', boot: 'x:aaaaaaaa', seq: 1, oldest: 1, ...fields })}\n`;
  const strange = [
    '',
    '\n',
    '{}\n',
    'null\n',
    head({ boot: '../..' }),
    head({ seq: -1 }),
    `${head({})}\0\x05`,
    head({ kind: 'evict', id: '<b>', fence: 1 }),
  ];
  for (const text of strange) stranger.publish(Buffer.from(text));
  await clock.advance(10);
  expect(nodes[0].cluster.status.strangeNotes).toBe(strange.length);
  expect(client.texts).toEqual([]);
});
