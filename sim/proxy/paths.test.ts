/** What a path does beside losing packets, on the model between real sockets: bytes stay whole. */
import { expect, it } from 'vitest';
import { pass, startRig } from './testing/rig.ts';

const LARGE = 'large '.repeat(1_000);

it.each([
  ['up', 'blackhole_up'],
  ['down', 'blackhole_down'],
] as const)('a black hole on the way %s lets the other way through', async (way, reason) => {
  const { proxy, pair } = await startRig();
  const { device, relay } = await pair();
  proxy.link(0).setCut(reason, true);
  device.send('to the relay');
  relay.send('to the device');
  const [open, dead] = way === 'up' ? [device, relay] : [relay, device];
  await open.when(({ received }) => received !== '');
  await pass(300);
  expect(dead.received).toBe('');
  proxy.link(0).setCut(reason, false);
  await dead.when(({ received }) => received !== '');
});

it('an MTU that nobody tells of hangs the connection at a large message', async () => {
  const { pair } = await startRig({ mtuBytes: 1_400, mtuIcmp: false });
  const { device, relay } = await pair();
  relay.send('small');
  await device.when(({ received }) => received === 'small');
  relay.send(LARGE);
  await pass(800);
  expect(device.received).toBe('small');
});

it('an MTU that ICMP tells of costs a round trip', async () => {
  const { proxy, pair } = await startRig({ mtuBytes: 1_400 });
  const { device, relay } = await pair();
  relay.send(LARGE);
  await device.when(({ received }) => received === LARGE);
  expect(proxy.counts.retransmits).toBeGreaterThan(0);
});

it('bytes arrive once and in order on a link that reorders, duplicates and corrupts', async () => {
  const { pair } = await startRig({ reorderRate: 0.2, reorderByMs: 20, duplicateRate: 0.2, bitErrorRate: 1e-5 });
  const { device, relay } = await pair();
  const text = Array.from({ length: 8_000 }, (_, number) => String(number)).join(' ');
  device.send(text);
  relay.send(text);
  await relay.when(({ received }) => received.length >= text.length);
  await device.when(({ received }) => received.length >= text.length);
  expect([relay.received === text, device.received === text]).toEqual([true, true]);
});
