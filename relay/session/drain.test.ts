import { expect, it } from 'vitest';
import { createTestRelay, type TestRelay } from '../testing/test-relay.ts';

const OVER_MS = 8_000;

function closed({ events }: TestRelay): string[] {
  return events.filter((event) => event.startsWith('closed'));
}

async function health(test: TestRelay): Promise<string> {
  const client = test.dial();
  await client.sendBytes(Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'));
  return client.connection.writes.join('');
}

it('closes its clients with 1012 one after the other, evenly, and lets nobody in meanwhile', async () => {
  const test = createTestRelay();
  for (const id of ['a', 'b', 'c', 'd']) await test.connect(`/${id}`);
  let isOver = false;
  test.relay.drain(OVER_MS).then(() => {
    isOver = true;
  });
  expect(test.relay.drain(0)).toBe(test.relay.drain(OVER_MS));

  for (const told of [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']]) {
    expect(closed(test)).toEqual(told.map((id) => `closed ${id} shutdown 1012`));
    expect(await health(test)).toMatch(
      new RegExp(`^HTTP/1.1 503 Service Unavailable\r\n.*\\{"status":"draining","clients":${4 - told.length}\\}$`, 's'),
    );
    expect(isOver).toBe(false);
    await test.clock.advance(OVER_MS / 4);
  }
  expect(isOver).toBe(true);

  const late = await test.connect('/late');
  expect(late.response).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 10\r\n.*the relay restarts\n$/s);
  expect(test.events.at(-1)).toBe('refused  shutdown 503');
});

it('refuses also who would take an id over, and is over at once when there is nobody', async () => {
  const test = createTestRelay({ duplicateId: 'takeover' });
  await test.relay.drain(OVER_MS);
  expect((await test.connect('/a')).status).toBe(503);
});

it('can be hurried: whoever closes the relay meanwhile closes those that are left', async () => {
  const test = createTestRelay();
  for (const id of ['a', 'b']) await test.connect(`/${id}`);
  test.relay.drain(OVER_MS);
  const done = test.relay.close();
  await test.clock.advance(20_000);
  await done;
  expect(closed(test)).toEqual(['closed a shutdown 1012', 'closed b shutdown 1001']);
});
