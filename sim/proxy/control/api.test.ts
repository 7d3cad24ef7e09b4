import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOXIC_TYPES } from '../toxic-types.ts';
import { MAX_TOXICS, Toxics } from '../toxics.ts';
import { type Answer, answer, type ControlledProxy } from './api.ts';

interface Fixture extends ControlledProxy {
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

function fixture(): Fixture {
  let enabled = true;
  const toxics = new Toxics(() => {});
  const proxy: ControlledProxy = {
    get enabled() {
      return enabled;
    },
    address: { host: '0.0.0.0', port: 8001 },
    upstream: { host: '127.0.0.1', port: 8000 },
    toxics,
    connections: [{ number: 4, device: { number: 2, address: '192.168.1.20' } as never, upstreamBytes: 10, downstreamBytes: 20 }],
    start: async () => {
      enabled = true;
    },
    stop: () => {
      enabled = false;
    },
  };
  const ask = (method: string, path: string, body?: unknown) =>
    answer(proxy, { method, path, body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body) });
  return Object.assign(Object.create(proxy), { ask });
}

const LATENCY = { type: 'latency', attributes: { latency: 100, jitter: 10 } };
const TOXICS = '/proxies/relay/toxics';

describe('what Toxiproxy’s clients ask', () => {
  it('lists the proxy by its name', async () => {
    const { ask } = fixture();
    const proxy = { name: 'relay', listen: '0.0.0.0:8001', upstream: '127.0.0.1:8000', enabled: true, toxics: [] };
    expect(await ask('GET', '/proxies')).toEqual({ status: 200, body: { relay: proxy } });
    expect(await ask('GET', '/proxies/relay/')).toEqual({ status: 200, body: proxy });
  });

  it('adds, shows, changes and removes a toxic', async () => {
    const { ask, toxics } = fixture();
    const toxic = { ...LATENCY, name: 'latency_downstream', stream: 'downstream', toxicity: 1, devices: [] };
    expect(await ask('POST', TOXICS, LATENCY)).toEqual({ status: 200, body: toxic });
    expect(await ask('GET', TOXICS)).toEqual({ status: 200, body: [toxic] });
    const changed = { ...toxic, attributes: { latency: 5, jitter: 10 } };
    expect(await ask('PATCH', `${TOXICS}/latency_downstream`, { attributes: { latency: 5 } })).toEqual({ status: 200, body: changed });
    expect(await ask('GET', `${TOXICS}/latency_downstream`)).toEqual({ status: 200, body: changed });
    expect(await ask('DELETE', `${TOXICS}/latency_downstream`)).toEqual({ status: 204 });
    expect(toxics.all).toEqual([]);
  });

  it('gives each type the defaults of Toxiproxy', async () => {
    const { ask } = fixture();
    for (const [type, attributes] of [
      ['latency', { latency: 0, jitter: 0 }],
      ['timeout', { timeout: 0 }],
      ['slow_close', { delay: 0 }],
      ['blackhole', {}],
    ] as const) {
      expect((await ask('POST', TOXICS, { type, stream: 'upstream' })).body).toMatchObject({ name: `${type}_upstream`, attributes });
    }
  });

  it('disables, redirects and resets', async () => {
    const proxy = fixture();
    await proxy.ask('POST', TOXICS, LATENCY);
    expect((await proxy.ask('POST', '/proxies/relay', { enabled: false, upstream: 'ws://10.0.0.1:9000' })).body).toMatchObject({
      enabled: false,
      upstream: '10.0.0.1:9000',
    });
    expect(await proxy.ask('POST', '/reset')).toEqual({ status: 204 });
    expect([proxy.enabled, proxy.toxics.all]).toEqual([true, []]);
  });

  it('lists the connections, by which toxics choose devices', async () => {
    const { ask } = fixture();
    expect((await ask('GET', '/connections')).body).toEqual([
      { connection: 4, device: 2, address: '192.168.1.20', upstream_bytes: 10, downstream_bytes: 20 },
    ]);
    expect((await ask('POST', TOXICS, { ...LATENCY, devices: [2, '192.168.1.21'] })).body).toMatchObject({ devices: [2, '192.168.1.21'] });
  });
});

describe('what is wrong', () => {
  it.each<[status: number, method: string, path: string, body: unknown, error: string]>([
    [404, 'GET', '/', undefined, 'no such path'],
    [404, 'GET', '/constructor', undefined, 'no such path'],
    [404, 'GET', '/proxies/redis', undefined, 'proxy not found'],
    [404, 'POST', '/proxies/redis/toxics', LATENCY, 'proxy not found'],
    [404, 'GET', `${TOXICS}/nothing`, undefined, 'toxic not found'],
    [404, 'DELETE', `${TOXICS}/nothing`, undefined, 'toxic not found'],
    [405, 'DELETE', '/proxies/relay', undefined, 'expected GET, POST, PATCH'],
    [405, 'constructor', '/version', undefined, 'expected GET'],
    [409, 'POST', '/proxies', { name: 'relay' }, 'proxy already exists'],
    [400, 'POST', '/proxies', { name: 'redis', listen: 'x', upstream: 'y' }, 'this process has one proxy'],
    [400, 'POST', '/proxies/relay', { listen: '127.0.0.1:1' }, 'listen: expected 0.0.0.0:8001'],
    [400, 'POST', '/proxies/relay', { enabled: 'no' }, 'enabled: expected true or false'],
    [400, 'POST', '/proxies/relay', { upstream: 'ws://a/b/c' }, 'upstream: expected ws://HOST:PORT'],
    [400, 'POST', '/proxies/relay', { enable: true }, 'unknown key "enable"; expected name, listen, upstream, enabled'],
    [400, 'POST', TOXICS, 'not JSON', 'bad request body: not JSON'],
    [400, 'POST', TOXICS, '', 'bad request body: not JSON'],
    [400, 'POST', TOXICS, [], 'expected a JSON object'],
    [400, 'POST', TOXICS, {}, 'missing required field: type'],
    [400, 'POST', TOXICS, { type: 'slicer' }, 'invalid toxic type: "slicer"; expected one of latency, '],
    [400, 'POST', TOXICS, { type: '__proto__' }, 'invalid toxic type'],
    [400, 'POST', TOXICS, { ...LATENCY, stream: 'up' }, 'stream was invalid, can be either upstream or downstream'],
    [400, 'POST', TOXICS, { ...LATENCY, name: 'a/b' }, 'name: expected 1 to 64'],
    [400, 'POST', TOXICS, { ...LATENCY, toxicity: 2 }, 'toxicity: expected a number from 0 to 1'],
    [400, 'POST', TOXICS, { ...LATENCY, attributes: { delay: 1 } }, 'attributes.delay: expected latency, jitter for latency'],
    [400, 'POST', TOXICS, { ...LATENCY, attributes: { latency: -1 } }, 'attributes.latency: expected a whole number from 0 to 60000'],
    [400, 'POST', TOXICS, { ...LATENCY, devices: [1.5] }, 'devices: expected a list of device numbers'],
    [400, 'POST', TOXICS, { ...LATENCY, attributes: 7 }, 'attributes: expected an object with latency, jitter'],
    [400, 'POST', TOXICS, { type: 'bandwidth' }, 'attributes.rate: expected a whole number from 1'],
    [400, 'POST', TOXICS, { ...LATENCY, devices: [0] }, 'devices: expected a list of device numbers'],
    [400, 'POST', TOXICS, { ...LATENCY, toxcity: 1 }, 'unknown key "toxcity"'],
  ])('is answered with %i: %s %s %j', async (status, method, path, body, error) => {
    const { ask, toxics } = fixture();
    const { status: said, body: saidBody } = await ask(method, path, body);
    expect([said, saidBody]).toEqual([status, { error: expect.stringContaining(error), status }]);
    expect(toxics.all).toEqual([]);
  });

  it('is a fraction of a byte, a millisecond or a kilobyte a second, but not of a share or a mean', async () => {
    for (const [type, { attributes }] of Object.entries(TOXIC_TYPES)) {
      for (const name of Object.keys(attributes)) {
        const whole = Object.fromEntries(Object.entries(attributes).map(([key, { min }]) => [key, min]));
        const { ask } = fixture();
        expect([type, await ask('POST', TOXICS, { type, attributes: whole })]).toMatchObject([type, { status: 200 }]);
        const path = `${TOXICS}/${type}_downstream`;
        const { status } = await ask('POST', path, { attributes: { [name]: whole[name] + 0.5 }, toxicity: 0.5 });
        expect([type, name, status]).toEqual([type, name, type === 'loss' ? 200 : 400]);
      }
    }
  });

  it('is a name that is taken, or one toxic too many', async () => {
    const { ask } = fixture();
    await ask('POST', TOXICS, LATENCY);
    expect(await ask('POST', TOXICS, LATENCY)).toMatchObject({ status: 409, body: { error: 'toxic already exists' } });
    for (let i = 1; i < MAX_TOXICS; i++) await ask('POST', TOXICS, { ...LATENCY, name: `t${i}` });
    expect(await ask('POST', TOXICS, { ...LATENCY, name: 'more' })).toMatchObject({ status: 409 });
  });

  it('is a change of what a toxic is', async () => {
    const { ask } = fixture();
    await ask('POST', TOXICS, LATENCY);
    const path = `${TOXICS}/latency_downstream`;
    expect(await ask('POST', path, { stream: 'upstream' })).toMatchObject({ status: 400 });
    expect(await ask('POST', path, { ...LATENCY, stream: 'downstream' })).toMatchObject({ status: 200 });
  });

  it('never takes the server down, whatever a body holds', async () => {
    const { ask } = fixture();
    const body = fc.record(
      {
        name: fc.jsonValue(),
        type: fc.oneof(fc.constantFrom(...Object.keys(TOXIC_TYPES)), fc.string()),
        stream: fc.oneof(fc.constantFrom('upstream', 'downstream'), fc.jsonValue()),
        toxicity: fc.oneof(fc.double(), fc.jsonValue()),
        attributes: fc.oneof(fc.dictionary(fc.constantFrom('latency', 'rate', '__proto__', 'timeout'), fc.jsonValue()), fc.jsonValue()),
        devices: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(body, async (toxic) => {
        expect([200, 400, 409]).toContain((await ask('POST', TOXICS, toxic)).status);
      }),
    );
  });
});
