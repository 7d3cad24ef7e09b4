import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Standstill } from './standstill.ts';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it('asks again and again while it is answered', async () => {
  let asked = 0;
  const server = createHttpServer((_request, response) => {
    asked++;
    response.end();
  });
  onTestFinished(() => void server.close());
  const standstill = new Standstill(await listen(server));
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(await standstill.stop()).toBeGreaterThanOrEqual(0);
});

it('counts on while no answer comes, and can be stopped then', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  onTestFinished(() => void server.close());
  const standstill = new Standstill(await listen(server));
  await once(server, 'connection');
  const before = standstill.ms;
  await expect.poll(() => standstill.ms, { timeout: 10_000 }).toBeGreaterThan(before + 100);
  expect(await standstill.stop()).toBeGreaterThan(before + 100);
});

it('outlives the end of the relay', async () => {
  const server = createServer();
  const port = await listen(server);
  const standstill = new Standstill(port);
  server.close();
  await once(server, 'close');
  // Refused at least once.
  await expect.poll(() => standstill.rounds, { timeout: 10_000 }).toBeGreaterThan(0);
  await standstill.stop();
});
