import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames, serverFrame } from '../testing/server-side.ts';
import { app } from './echo.ts';

function run(outbox = DEFAULT_CONFIG.outbox) {
  const hal = new FakeHal();
  app(hal, { ...DEFAULT_CONFIG, outbox });
  hal.clock.advance(100);
  hal.socket().open();
  hal.socket().writes.length = 0;
  return hal;
}

const echoed = (hal: FakeHal) => clientFrames(hal.socket().writes.join('')).map(({ opcode, payload }) => [opcode, payload]);

it('returns every message as it came, text or binary, in order', () => {
  const hal = run();
  const messages: [number, string][] = [
    [1, 'gr\xc3\xbc\xc3\x9fe'],
    [2, '\x00\xff\x80'],
    [1, ''],
    [2, 'x'.repeat(65536)],
    [2, 'Server got your message!'],
  ];
  for (const [opcode, payload] of messages) hal.socket().receive(serverFrame(opcode, payload));
  expect(echoed(hal)).toEqual(messages);
});

it('does not answer the acknowledgement of its answer', () => {
  const hal = run();
  hal.socket().receive(serverFrame(1, 'Server got your message!'));
  expect(echoed(hal)).toEqual([]);
});

it('says what it could not return', () => {
  const hal = run(0);
  hal.socket().welcome = false;
  for (const text of ['taken', 'lost']) hal.socket().receive(serverFrame(1, text));
  expect(echoed(hal)).toEqual([[1, 'taken']]);
  expect(hal.log.lines.at(-1)).toBe('echo: no room for 4 bytes');
});
