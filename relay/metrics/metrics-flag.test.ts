import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createTestRelay } from '../testing/test-relay.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { openMetrics } from './metrics-flag.ts';

it('answers to who reads /metrics, and leaves all else to others', async () => {
  const { relay } = createTestRelay();
  const { pages } = await openMetrics(
    'on',
    new VirtualClock(),
    () => relay,
    () => {},
  );
  const ask = (method: string, url: string) => pages({ method, url } as IncomingMessage);
  expect(await ask('GET', '/metrics?now')).toMatchObject({ status: 200, body: expect.stringContaining('squall_relay_clients 0') });
  expect([ask('POST', '/metrics'), ask('GET', '/metrics/'), ask('GET', '/')]).toEqual([null, null, null]);
});
