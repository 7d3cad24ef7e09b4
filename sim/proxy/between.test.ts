/** What stands between device and relay, moved by the steps of a scenario, on real sockets. */
import { describe, expect, it } from 'vitest';
import { WorldScheduler } from '../kernel/scheduler.ts';
import { DEFAULT_BALANCER } from '../net/balancer/settings.ts';
import { createFaults } from '../scenario/faults.ts';
import { PROXY_ACTIONS } from '../scenario/steps/index.ts';
import { proxyControls } from './steps.ts';
import { pass, type Rig, startRig } from './testing/rig.ts';

const REQUEST = 'GET /board-1 HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
const UPGRADED = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';

/** On the first two devices: the one that is open, and the next. @returns what undoes it */
function play({ proxy }: Rig, action: string, parameters: Record<string, unknown> = {}): () => void {
  const faults = createFaults(proxyControls(proxy, 2), () => {}, { scheduler: new WorldScheduler(proxy.kernel), random: () => () => 0.5 });
  let undo = (): void => {};
  proxy.kernel.enter(() => {
    undo = PROXY_ACTIONS[action].apply(faults, [0, 1], parameters);
  });
  return () => proxy.kernel.enter(undo);
}

async function open(rig: Rig) {
  const arrived = rig.arrival();
  const device = rig.dial();
  device.send(REQUEST);
  const relay = await arrived;
  await relay.when(({ received }) => received.includes('\r\n\r\n'));
  relay.send(UPGRADED);
  await device.when(({ received }) => received.includes('\r\n\r\n'));
  return { device, relay };
}

describe('a balancer', () => {
  it('passes bytes until a step makes it close what is idle', async () => {
    const rig = await startRig({}, { balancer: DEFAULT_BALANCER });
    const { device, relay } = await open(rig);
    device.send('hello');
    await relay.when(({ received }) => received.endsWith('hello'));
    play(rig, 'balancer.idle_close', { after: 1_000, with: 'fin' });
    await Promise.all([device.when(({ ended }) => ended), relay.when(({ ended }) => ended)]);
  });

  it('ends what is old, with RST if it is set so', async () => {
    const rig = await startRig({}, { balancer: { ...DEFAULT_BALANCER, closeWith: 'rst' } });
    const { device } = await open(rig);
    play(rig, 'balancer.max_lifetime', { after: 1_000 });
    await device.when(({ closed }) => closed);
    expect([device.reset, device.ended]).toEqual([true, false]);
  });

  it('says 502 while the relay is stopped', async () => {
    const rig = await startRig({}, { balancer: DEFAULT_BALANCER });
    const undo = play(rig, 'relay.stop');
    const device = rig.dial();
    device.send(REQUEST);
    await device.when(({ received }) => received.startsWith('HTTP/1.1 502 Bad Gateway\r\n'));
    undo();
    await open(rig);
  });

  it('may have a relay that refuses by itself', async () => {
    const rig = await startRig({}, { balancer: { ...DEFAULT_BALANCER, awayStatus: 503 }, upstream: { host: '127.0.0.1', port: 1 } });
    const device = rig.dial();
    device.send(REQUEST);
    await device.when(({ received }) => received.startsWith('HTTP/1.1 503 Service Unavailable\r\n'));
  });
});

it('a captive portal answers who connects, resets who was there, and lets all through when it is over', async () => {
  const rig = await startRig();
  const { device, relay } = await open(rig);
  const undo = play(rig, 'wifi.captive_portal');
  const caught = rig.dial();
  caught.send(REQUEST);
  await caught.when(({ received }) => received.startsWith('HTTP/1.1 302 Found\r\n'));
  await caught.when(({ ended }) => ended);
  expect(caught.received).toContain('\r\nLocation: http://');
  device.send('hello');
  await device.when(({ reset }) => reset);
  expect(relay.received).not.toContain('hello');
  undo();
  caught.socket.destroy();
  await open(rig);
});

describe('a new address', () => {
  it('of the router: nothing passes any more, and nobody is told; a new connection is well', async () => {
    const rig = await startRig();
    const { device, relay } = await open(rig);
    play(rig, 'dhcp.renew', { new_address: true });
    device.send('hello');
    relay.send('hello');
    await pass(500);
    expect([device.received.includes('hello'), relay.received.includes('hello')]).toEqual([false, false]);
    expect([device.closed, relay.closed]).toEqual([false, false]);
    await open(rig);
  });

  it('of the device: RST at both ends', async () => {
    const rig = await startRig();
    const { device, relay } = await open(rig);
    play(rig, 'dhcp.renew', { new_address: true, of: 'board' });
    await Promise.all([device.when(({ reset }) => reset), relay.when(({ reset }) => reset)]);
  });
});
