import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { openMetrics } from './metrics-flag.ts';
import type { Relay } from './relay.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

it('answers to who reads /metrics, and leaves all else to others', async () => {
  const { pages } = await openMetrics('on', new VirtualClock(), () => ({ pending: 0 }) as Relay);
  const ask = (method: string, url: string) => pages({ method, url } as IncomingMessage);
  expect(await ask('GET', '/metrics?now')).toMatchObject({ status: 200, body: expect.stringContaining('squall_relay_clients 0') });
  expect([ask('POST', '/metrics'), ask('GET', '/metrics/'), ask('GET', '/')]).toEqual([null, null, null]);
});
