import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ProxySettings } from './proxy.ts';
import { proxyControls, stepProblems } from './steps.ts';
import { type Peer, pass, startRig } from './testing/rig.ts';
import type { Toxic } from './toxics.ts';

/** Every byte value, at places that no chunk's border repeats. */
function bytesOf(length: number): string {
  return Array.from({ length }, (_, i) => String.fromCharCode((i * 7 + (i >> 8)) & 0xff)).join('');
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function toxic(type: string, attributes: Record<string, number>, more: Partial<Toxic> = {}): Toxic {
  return { name: type, type, stream: 'downstream', toxicity: 1, attributes, devices: [], ...more };
}

async function roundTripMs(device: Peer, relay: Peer): Promise<number> {
  const before = { device: device.received.length, relay: relay.received.length };
  const startedAtMs = performance.now();
  device.send('?');
  await relay.when(({ received }) => received.length > before.relay);
  relay.send('!');
  await device.when(({ received }) => received.length > before.device);
  return performance.now() - startedAtMs;
}

describe('bytes', () => {
  it.each<[string, Partial<ProxySettings>, number]>([
    ['without loss', {}, 0],
    ['when every tenth packet is lost', {}, 0.1],
    ['by lwIP, when some are lost', { stack: 'lwip' }, 0.05],
  ])('arrive unchanged and in order, both ways, %s', async (_name, settings, lossRate) => {
    const { proxy, pair } = await startRig({ lossRate }, settings);
    const { device, relay } = await pair();
    const up = bytesOf(40_000);
    const down = bytesOf(50_001);
    device.send(up);
    relay.send(down);
    await Promise.all([
      relay.when(({ received }) => received.length >= up.length),
      device.when(({ received }) => received.length >= down.length),
    ]);
    expect([digest(relay.received), digest(device.received)]).toEqual([digest(up), digest(down)]);
    expect(proxy.counts).toMatchObject({ devices: 1, connections: 1, upstreamBytes: up.length, downstreamBytes: down.length });
    expect(proxy.counts.retransmits > 0).toBe(lossRate > 0);
  });

  it('take the time that the link says', async () => {
    const { pair } = await startRig({ latencyMs: 40 });
    const { device, relay } = await pair();
    expect(await roundTripMs(device, relay)).toBeGreaterThanOrEqual(80);
  });

  it('take the time that the rate says', async () => {
    const { pair } = await startRig({ rateBps: 1_000_000 });
    const { device, relay } = await pair();
    const startedAtMs = performance.now();
    relay.send(bytesOf(25_000));
    await device.when(({ received }) => received.length >= 25_000);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(200);
  });

  it('wait in the sender when the receiver does not read: no more than the buffers of this chain', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    relay.socket.pause();
    const chunk = bytesOf(65_536);
    for (let sent = 0; sent < 400; sent++) device.send(chunk);
    await pass(300);
    expect(proxy.counts.upstreamBytes).toBeLessThan(400 * chunk.length);
    expect(device.socket.writableLength).toBeGreaterThan(0);
    relay.socket.resume();
    await relay.when(({ received }) => received.length >= 400 * chunk.length);
  });
});

describe('ends', () => {
  it('passes FIN on one way while the other way goes on', async () => {
    const { pair } = await startRig();
    const { device, relay } = await pair();
    device.socket.end('last words', 'latin1');
    await relay.when(({ ended }) => ended);
    expect(relay.received).toBe('last words');
    relay.send('and an answer');
    relay.socket.end();
    await device.when(({ closed }) => closed);
    expect(device).toMatchObject({ received: 'and an answer', ended: true, reset: false });
    await relay.when(({ closed }) => closed);
  });

  it('passes RST on', async () => {
    const { pair } = await startRig();
    const { device, relay } = await pair();
    device.socket.resetAndDestroy();
    await relay.when(({ closed }) => closed);
    expect(relay.reset).toBe(true);
  });

  it('resets the device when the relay cannot be reached', async () => {
    const { log, dial } = await startRig({}, { upstream: { host: '127.0.0.1', port: 1 } });
    const device = dial();
    await device.when(({ closed }) => closed);
    expect(device.reset).toBe(true);
    expect(log.join('\n')).toContain('the relay: connect ECONNREFUSED');
  });
});

describe('steps', () => {
  it('a blackhole lets nothing pass, keeps both sockets open, and its end brings what waited', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    const controls = proxyControls(proxy, 1);
    controls.link(0).setBlackhole(true);
    device.send('up');
    relay.send('down');
    await pass(100);
    expect([relay.received, device.received, relay.closed, device.closed]).toEqual(['', '', false, false]);
    controls.link(0).setBlackhole(false);
    await Promise.all([relay.when(({ received }) => received === 'up'), device.when(({ received }) => received === 'down')]);
  });

  it('a blackhole is that of one device, and stays when the device connects again; the relay hears of neither', async () => {
    const { proxy, pair, dial, arrivals } = await startRig();
    const first = await pair();
    const second = await pair();
    const controls = proxyControls(proxy, 2);
    controls.link(0).setBlackhole(true);
    expect(await roundTripMs(second.device, second.relay)).toBeGreaterThan(0);
    first.device.socket.destroy();
    await first.device.when(({ closed }) => closed);
    await pass(50);
    dial();
    await pass(50);
    expect(proxy.connections.map(({ device }) => device.number)).toEqual([1, 2, 1]);
    expect(arrivals).toHaveLength(2);
    expect(first.relay.closed).toBe(false);
    controls.link(0).setBlackhole(false);
    await first.relay.when(({ ended, closed }) => ended || closed);
  });

  it('a reset is RST to both ends of the connections of a device', async () => {
    const { proxy, pair } = await startRig();
    const first = await pair();
    const second = await pair();
    proxy.kernel.enter(() => proxyControls(proxy, 2).link(0).resetConnections());
    await Promise.all([first.device.when(({ closed }) => closed), first.relay.when(({ closed }) => closed)]);
    expect([first.device.reset, first.relay.reset, second.device.closed, second.relay.closed]).toEqual([true, true, false, false]);
  });

  it('a relay that stops ends its connections with FIN and refuses new ones until it is back', async () => {
    const { proxy, pair, dial } = await startRig();
    const { device, relay } = await pair();
    const controls = proxyControls(proxy, 1);
    proxy.kernel.enter(() => controls.relay.setRunning(false));
    await device.when(({ ended }) => ended);
    await relay.when(({ ended, closed }) => ended || closed);
    expect(device.reset).toBe(false);
    const refused = dial();
    await refused.when(({ closed }) => closed);
    expect(refused.reset).toBe(true);
    proxy.kernel.enter(() => controls.relay.setRunning(true));
    const again = await pair();
    expect(await roundTripMs(again.device, again.relay)).toBeGreaterThan(0);
  });

  it('a relay that hangs accepts, answers nothing, and goes on with everything that came', async () => {
    const { proxy, pair, dial, arrival, arrivals } = await startRig();
    const { device, relay } = await pair();
    const controls = proxyControls(proxy, 2);
    proxy.kernel.enter(() => controls.relay.setHung(true));
    device.send('question');
    const late = dial();
    late.send('hello');
    await pass(100);
    expect([relay.received, arrivals.length, device.closed, late.closed]).toEqual(['', 1, false, false]);
    const arrived = arrival();
    proxy.kernel.enter(() => controls.relay.setHung(false));
    await relay.when(({ received }) => received === 'question');
    await (await arrived).when(({ received }) => received === 'hello');
  });

  it('a relay whose machine goes away tells no device, and resets what devices send once it is back', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    const controls = proxyControls(proxy, 1);
    proxy.kernel.enter(() => controls.relay.setMachine(false));
    await relay.when(({ ended, closed }) => ended || closed);
    device.send('are you there?');
    await pass(100);
    expect([device.closed, device.ended]).toEqual([false, false]);
    proxy.kernel.enter(() => controls.relay.setMachine(true));
    await device.when(({ closed }) => closed);
    expect(device.reset).toBe(true);
    const again = await pair();
    expect(await roundTripMs(again.device, again.relay)).toBeGreaterThan(0);
  });

  it('an access point that comes back has lost the devices, and the relay does not know', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    const controls = proxyControls(proxy, 1);
    proxy.kernel.enter(() => controls.accessPoint(0).setPower(false));
    await pass(50);
    expect(device.closed).toBe(false);
    proxy.kernel.enter(() => controls.accessPoint(0).setPower(true));
    await device.when(({ closed }) => closed);
    await pass(50);
    expect([device.reset, relay.closed, relay.ended]).toEqual([true, false, false]);
    relay.send('are you there?');
    await relay.when(({ closed }) => closed);
    expect(relay.reset).toBe(true);
  });

  it('changes of a link are undone by what they replaced', async () => {
    const { proxy } = await startRig();
    const controls = proxyControls(proxy, 1);
    const before = proxy.link(0).settings;
    const replaced = controls.link(0).change({ lossRate: 0.5, latencyMs: 90 });
    expect(replaced).toEqual({ lossRate: 0, latencyMs: 2 });
    expect(proxy.link(0).settings).toMatchObject({ lossRate: 0.5, latencyMs: 90 });
    controls.link(0).change(replaced);
    expect(proxy.link(0).settings).toEqual(before);
  });

  it('what a proxy cannot do is named once', () => {
    const step = { atMs: 0, target: { kind: 'all' as const }, forMs: 0, parameters: {} };
    const steps = ['link.set', 'board.reset', 'board.reset', 'dns.fail'].map((action) => ({ ...step, action }));
    const problems = stepProblems(steps);
    expect(problems.map((problem) => problem.split(':', 2)[1])).toEqual([' board.reset', ' dns.fail']);
    expect(problems[0]).toContain('it can do ap.channel, ap.down, ap.rekey, ');
  });
});

describe('toxics', () => {
  it('latency is added to one stream', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    proxy.toxics.set(toxic('latency', { latency: 60, jitter: 0 }));
    expect(await roundTripMs(device, relay)).toBeGreaterThanOrEqual(60);
    proxy.toxics.delete('latency');
    const times = [];
    for (let i = 0; i < 5; i++) times.push(await roundTripMs(device, relay));
    expect(Math.min(...times)).toBeLessThan(60);
  });

  it('timeout lets nothing through and then closes both ends, those of new connections too', async () => {
    const { proxy, pair, dial } = await startRig();
    const { device, relay } = await pair();
    proxy.toxics.set(toxic('timeout', { timeout: 80 }));
    relay.send('lost');
    await Promise.all([device.when(({ ended }) => ended), relay.when(({ ended }) => ended)]);
    expect([device.received, device.reset]).toEqual(['', false]);
    await dial().when(({ ended }) => ended);
  });

  it('reset_peer resets both ends, of the devices that it is for', async () => {
    const { proxy, pair } = await startRig();
    const first = await pair();
    const second = await pair();
    proxy.toxics.set(toxic('reset_peer', { timeout: 0 }, { devices: [2] }));
    await Promise.all([second.device.when(({ closed }) => closed), second.relay.when(({ closed }) => closed)]);
    expect([second.device.reset, second.relay.reset, first.device.closed]).toEqual([true, true, false]);
    proxy.toxics.set(toxic('reset_peer', { timeout: 0 }, { name: 'by address', devices: ['127.0.0.1'] }));
    await first.device.when(({ closed }) => closed);
  });

  it('a toxic that is taken back in time ends nothing', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    proxy.toxics.set(toxic('reset_peer', { timeout: 50 }));
    proxy.toxics.clear();
    await pass(120);
    expect(await roundTripMs(device, relay)).toBeGreaterThan(0);
  });

  it('limit_data passes so many bytes and closes', async () => {
    const { proxy, pair } = await startRig();
    proxy.toxics.set(toxic('limit_data', { bytes: 1000 }));
    const { device, relay } = await pair();
    relay.send(bytesOf(5000));
    await device.when(({ ended }) => ended);
    expect(digest(device.received)).toBe(digest(bytesOf(5000).slice(0, 1000)));
  });

  it.each([
    ['comes at once and alone', ['0123456789']],
    ['comes in pieces', ['01234', '56789']],
    ['has more behind it, in pieces', ['01234', '56789', '!', '!']],
    ['has more behind it than a read takes', [`0123456789${'!'.repeat(200_000)}`]],
  ])('limit_data closes both ends at the last byte when it %s', async (_how, pieces) => {
    const { proxy, pair, log } = await startRig();
    proxy.toxics.set(toxic('limit_data', { bytes: 10 }));
    const { device, relay } = await pair();
    for (const piece of pieces) {
      relay.send(piece);
      await pass(10);
    }
    await Promise.all([device.when(({ ended }) => ended), relay.when(({ ended, closed }) => ended || closed)]);
    expect([device.received, device.reset, proxy.counts.downstreamBytes]).toEqual(['0123456789', false, 10]);
    expect(log.filter((line) => !line.includes(': device '))).toEqual([]);
  });

  it('slow_close passes the end on later than the bytes before it', async () => {
    const { proxy, pair } = await startRig();
    const { device, relay } = await pair();
    proxy.toxics.set(toxic('slow_close', { delay: 150 }));
    const startedAtMs = performance.now();
    relay.socket.end('bye', 'latin1');
    await device.when(({ received }) => received === 'bye');
    expect(device.ended).toBe(false);
    await device.when(({ ended }) => ended);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(150);
  });

  it('slow_accept keeps a new connection from the relay for so long', async () => {
    const { proxy, pair } = await startRig();
    proxy.toxics.set(toxic('slow_accept', { delay: 150 }));
    const startedAtMs = performance.now();
    const { device, relay } = await pair();
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(150);
    expect(await roundTripMs(device, relay)).toBeLessThan(5000);
  });

  it('loss and bandwidth act on packets', async () => {
    const { proxy, pair } = await startRig();
    proxy.toxics.set(toxic('loss', { rate: 0.2, burst: 2 }, { stream: 'upstream' }));
    proxy.toxics.set(toxic('bandwidth', { rate: 100 }, { stream: 'upstream' }));
    const { device, relay } = await pair();
    const startedAtMs = performance.now();
    device.send(bytesOf(20_000));
    await relay.when(({ received }) => received.length >= 20_000);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(200);
    expect(proxy.counts.retransmits).toBeGreaterThan(0);
    expect(digest(relay.received)).toBe(digest(bytesOf(20_000)));
  });

  it('toxicity is the share of connections that have it', async () => {
    const { proxy, pair } = await startRig();
    proxy.toxics.set(toxic('blackhole', {}, { toxicity: 0 }));
    const { device, relay } = await pair();
    expect(await roundTripMs(device, relay)).toBeGreaterThan(0);
  });
});

it('stops and starts again on its port, as Toxiproxy’s enabled', async () => {
  const { proxy, pair, dial } = await startRig();
  const { device, relay } = await pair();
  proxy.stop();
  await Promise.all([device.when(({ ended }) => ended), relay.when(({ ended }) => ended)]);
  const refused = dial();
  await refused.when(({ closed }) => closed);
  expect(proxy.counts.connections).toBe(1);
  await proxy.start();
  const again = await pair();
  expect(await roundTripMs(again.device, again.relay)).toBeGreaterThan(0);
});

it('closes for good though a device does not read', async () => {
  const { proxy, pair } = await startRig();
  const { device, relay } = await pair();
  device.socket.pause();
  for (let sent = 0; sent < 200; sent++) relay.send(bytesOf(65_536));
  await pass(200);
  proxy.close();
  await relay.when(({ closed }) => closed);
  expect(proxy.enabled).toBe(false);
});

it('devices that come and go at any moment leave nothing behind, and harm nobody', async () => {
  const { proxy, pair, dial, arrivals } = await startRig({ latencyMs: 10 });
  const steady = await pair();
  for (let i = 0; i < 60; i++) {
    const { socket } = dial();
    await pass(i % 4);
    socket.write('hello');
    await pass(i % 3);
    if (i % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
  }
  expect(await roundTripMs(steady.device, steady.relay)).toBeGreaterThanOrEqual(20);
  await pass(200);
  for (const { socket } of arrivals) if (socket !== steady.relay.socket) socket.end();
  await pass(300);
  await pair();
  expect(proxy.connections.map(({ number }) => number)).toEqual([1, 62]);
  expect(proxy.counts).toMatchObject({ connections: 62, refused: 0 });
});

it('lists no connection that has ended, though nobody connects after it and its last packets are under way', async () => {
  const { proxy, pair } = await startRig();
  const controls = proxyControls(proxy, 1);
  const { device, relay } = await pair();
  expect(proxy.connections).toHaveLength(1);
  controls.link(0).setBlackhole(true);
  proxy.kernel.enter(() => {
    controls.accessPoint(0).setPower(false);
    controls.accessPoint(0).setPower(true);
  });
  await device.when(({ closed }) => closed);
  expect(proxy.connections.map(({ number }) => number)).toEqual([1]);
  proxy.kernel.enter(() => controls.relay.setRunning(false));
  await relay.when(({ ended, closed }) => ended || closed);
  await pass(50);
  expect(proxy.connections.map(({ number }) => number)).toEqual([]);
  expect(proxy.counts).toMatchObject({ devices: 1, connections: 1 });
});

it('forgets connections that are over, and keeps what they passed in the counts', async () => {
  const { proxy, pair } = await startRig();
  for (let turn = 1; turn <= 3; turn++) {
    const { device, relay } = await pair();
    device.socket.end('12345', 'latin1');
    await relay.when(({ ended }) => ended);
    relay.socket.end();
    await Promise.all([device.when(({ closed }) => closed), relay.when(({ closed }) => closed)]);
    await pass(20);
  }
  await pair();
  expect(proxy.connections).toHaveLength(1);
  expect(proxy.counts).toMatchObject({ devices: 1, connections: 4, upstreamBytes: 15 });
});
