import { request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { FAST_LINK, startRig } from '../testing/rig.ts';
import { openControl } from './server.ts';

const ANY_PORT = { host: '127.0.0.1', port: 0 };

interface Said {
  status: number;
  body: unknown;
}

async function control(token: string | null) {
  const { proxy } = await startRig();
  const server = await openControl(proxy, ANY_PORT, token);
  onTestFinished(() => server.close());
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Said> =>
    new Promise((resolve, reject) => {
      const sent = request({ ...server.address, method, path, headers }, (response) => {
        let text = '';
        response.on('data', (bytes) => {
          text += bytes;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { proxy, ask };
}

it('changes the weather by HTTP', async () => {
  const { proxy, ask } = await control(null);
  const { status } = await ask('POST', '/proxies/relay/toxics?pretty', {}, '{"type":"loss","attributes":{"rate":0.1}}');
  expect([status, proxy.toxics.all.map(({ name }) => name)]).toEqual([200, ['loss_downstream']]);
  expect(await ask('POST', '/reset')).toEqual({ status: 204, body: undefined });
  expect(proxy.toxics.all).toEqual([]);
  expect(proxy.link(0).settings).toEqual(FAST_LINK);
});

it.each<[string, Record<string, string>]>([
  ['a page in a browser', { Origin: 'http://127.0.0.1:8474' }],
  ['what comes by a reverse proxy', { 'X-Forwarded-For': '203.0.113.9' }],
  ['a name of somebody else’s that resolves to this computer', { Host: 'rebound.example:8474' }],
])('refuses %s', async (_who, headers) => {
  const { ask } = await control(null);
  expect((await ask('POST', '/reset', headers)).status).toBe(403);
});

it('with a token serves whoever has it, under any name', async () => {
  const { ask } = await control('a-token-of-16-chars');
  expect((await ask('GET', '/version')).status).toBe(401);
  expect((await ask('GET', '/version', { Authorization: 'Bearer a-token-of-16-char' })).status).toBe(401);
  expect((await ask('GET', '/version', { Authorization: 'Bearer a-token-of-16-chars', Host: 'lab.example', Via: '1.1 x' })).status).toBe(
    200,
  );
});

it('takes no more than a bounded body', async () => {
  const { ask } = await control(null);
  expect(await ask('POST', '/proxies', {}, 'x'.repeat(70_000))).toMatchObject({ status: 413, body: { status: 413 } });
});

it('says that the port is taken, in terms of the flag', async () => {
  const { proxy } = await startRig();
  await expect(openControl(proxy, proxy.address, null)).rejects.toThrow(
    `--control 127.0.0.1:${proxy.address.port}: something listens there already; expected a free port`,
  );
});
