import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { upgradeRequest } from '../testing/test-relay.ts';
import { createOneRequestServer } from './one-request.ts';

const LOOPBACK = '127.0.0.1';
const PIPELINED = 20_000;
let server: Server | null = null;

afterEach(() => {
  server?.close();
  server = null;
});

/**
 * Repeats each request's method and body, not at once, so that what is pipelined behind it is there before
 * the answer is.
 */
async function start(): Promise<{ requests: string[]; upgrades: string[]; errors: Error[]; socket: Socket }> {
  const requests: string[] = [];
  const upgrades: string[] = [];
  const errors: Error[] = [];
  const bodyOf = async (request: IncomingMessage) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    return body;
  };
  server = createOneRequestServer(
    {},
    async (request, response) => {
      requests.push(`${request.method} ${await bodyOf(request)}`);
      await new Promise(setImmediate);
      response.writeHead(200, { Connection: 'close', 'Content-Length': 3 });
      response.end('ok\n');
    },
    (request, stream, head) => {
      upgrades.push(`${request.method} ${head}`);
      stream.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    },
  );
  server.on('clientError', (error) => errors.push(error));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, LOOPBACK);
  return { requests, upgrades, errors, socket };
}

async function answerTo(socket: Socket, bytes: string | Buffer): Promise<string> {
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

const statusesOf = (answer: string) => [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

describe('of many requests on one connection', () => {
  it.each([
    ['GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n', ['GET '], 200],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello', ['POST hello'], 200],
    ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n', ['POST abc'], 200],
    ['GET / HTTP/1.1\r\n\r\n', [], 400],
  ])('%j: the first is answered to its end, and nothing is read behind the second', async (one, served, status) => {
    for (const bytes of [one.repeat(PIPELINED), `${one}${one}\0 no HTTP \r\n\r\n`]) {
      const { requests, upgrades, errors, socket } = await start();
      expect(statusesOf(await answerTo(socket, bytes))).toEqual([status]);
      expect([requests, upgrades, errors]).toEqual([served, [], []]);
      server?.close();
    }
  });

  it.each(['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'])(
    'an upgrade behind it is no upgrade, and %j behind an upgrade is its own',
    async (other) => {
      const plain = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
      const first = await start();
      expect(statusesOf(await answerTo(first.socket, `${plain}${upgradeRequest('/one')}${other}`))).toEqual([200]);
      expect([first.requests, first.upgrades]).toEqual([['GET '], []]);
      server?.close();
      const second = await start();
      expect(statusesOf(await answerTo(second.socket, `${upgradeRequest('/one')}${other}`))).toEqual([101]);
      expect([second.requests, second.upgrades]).toEqual([[], [`GET ${other}`]]);
    },
  );
});
