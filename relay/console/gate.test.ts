import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Gate, isLoopback } from './gate.ts';

const TOKEN = 'a-token-of-20-chars!';

function request(headers: Record<string, string>, socket: object = {}): IncomingMessage {
  return {
    httpVersion: '1.1',
    headers,
    socket: { localPort: 8000, remoteAddress: '192.168.1.7', ...socket },
  } as unknown as IncomingMessage;
}

const gate = new Gate(TOKEN, new VirtualClock());
const [COOKIE] = gate.cookie(request({})).split(';');

it('gives a cookie that only goes back over TLS when it came over TLS, and that tells nothing of the token', () => {
  const [plain, secure] = [{}, { encrypted: true }].map((socket) => gate.cookie(request({}, socket)));
  expect(plain).toMatch(/^squall_console_8000=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(secure).toBe(`${plain}; Secure`);
  expect(plain).not.toContain(TOKEN);
});

it('lets nobody in but who has the token, whatever is shown', () => {
  let visitor = 0;
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constant(TOKEN)), (shown) => {
      const socket = { remoteAddress: `visitor-${visitor++}` };
      const wanted = shown === TOKEN ? 'ok' : 'wrong';
      expect(gate.judgeToken(request({}, socket), shown)).toBe(wanted);
      expect(gate.judge(request({ cookie: `squall_console_8000=${shown}` }, socket))).toBe('none');
    }),
  );
});

it('lets the right cookie in however often others behind its address guess', () => {
  const socket = { remoteAddress: '192.168.1.9' };
  for (let guess = 0; guess < 100; guess++) gate.judgeToken(request({}, socket), `guess ${guess}`);
  for (let guess = 0; guess < 100; guess++) gate.judge(request({ cookie: `squall_console_8000=${guess}` }, socket));
  expect(gate.judge(request({ cookie: COOKIE }, socket))).toBe('ok');
  expect(gate.judge(request({ cookie: 'squall_console_8000=1' }, socket))).toBe('often');
  expect(gate.judge(request({ authorization: `Bearer ${TOKEN}` }, socket))).toBe('often');
});

it.each([
  ['alone', COOKIE],
  ['among others', `a=1; ${COOKIE}; b=2`],
  ['without spaces', `a=1;${COOKIE};b=2`],
  ['with too many spaces', `a=1 ;  ${COOKIE}  ; b=2`],
  ['behind one of another token', `squall_console_8000=old; ${COOKIE}`],
  ['before one of another token', `${COOKIE}; squall_console_8000=old`],
])('finds its cookie %s', (_where, cookie) => {
  expect(gate.judge(request({ cookie }))).toBe('ok');
});

it('does not take the cookie of another port for its own, nor lets an old one stand before a token', () => {
  expect(gate.judge(request({ cookie: COOKIE.replace('8000', '80001') }, { remoteAddress: '192.168.1.10' }))).toBe('none');
  const headers = { cookie: 'squall_console_8000=old', authorization: `Bearer ${TOKEN}` };
  expect(gate.judge(request(headers, { remoteAddress: '192.168.1.11' }))).toBe('ok');
});

it('counts attempts by address', () => {
  for (let attempt = 0; attempt < 10; attempt++) gate.judgeToken(request({}), 'guess');
  expect(gate.judgeToken(request({}), TOKEN)).toBe('often');
  expect(gate.judgeToken(request({}, { remoteAddress: '192.168.1.8' }), TOKEN)).toBe('ok');
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.200.0.9', true],
  ['::1', true],
  ['127.0.0.1.example', false],
  ['localhost.example', false],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.7', false],
])('takes %s for this computer: %j', (host, isThis) => {
  expect(isLoopback(host)).toBe(isThis);
});
