import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Gate, isLoopback } from './gate.ts';

const TOKEN = 'a-token-of-20-chars!';

function request(headers: Record<string, string>, socket: object = { localPort: 8000, remoteAddress: '192.168.1.7' }): IncomingMessage {
  return { headers, socket } as IncomingMessage;
}

it('gives a cookie that only goes back over TLS when it came over TLS, and that tells nothing of the token', () => {
  const gate = new Gate(TOKEN, new VirtualClock());
  const [plain, secure] = [{}, { encrypted: true }].map((socket) => gate.cookie(request({}, { localPort: 8000, ...socket })));
  expect(plain).toMatch(/^squall_console_8000=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(secure).toBe(`${plain}; Secure`);
  expect(plain).not.toContain(TOKEN);
});

it('lets nobody in but who has the token, whatever is shown', () => {
  const clock = new VirtualClock();
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constant(TOKEN)), (shown) => {
      const gate = new Gate(TOKEN, clock);
      const wanted = shown === TOKEN ? 'ok' : 'wrong';
      expect(gate.judgeToken(request({}), shown)).toBe(wanted);
      expect(gate.judge(request({ cookie: `squall_console_8000=${shown}` }))).toBe('none');
    }),
  );
});

it('counts attempts by address', () => {
  const gate = new Gate(TOKEN, new VirtualClock());
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
