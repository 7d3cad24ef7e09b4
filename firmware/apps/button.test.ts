import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames, serverFrame } from '../testing/server-side.ts';
import { app } from './button.ts';

function run() {
  const hal = new FakeHal();
  app(hal, DEFAULT_CONFIG);
  hal.clock.advance(100);
  hal.socket().open();
  return hal;
}

/** What the board said, its request left out. */
function said(hal: FakeHal): string[] {
  const [, ...frames] = hal.socket().writes;
  return clientFrames(frames.join('')).map(({ payload }) => payload);
}

it('starts dark, and says so as soon as the channel is open', () => {
  const hal = run();
  expect(hal.gpio.read(2)).toBe(0);
  expect(said(hal)).toEqual(['led is off']);
});

it.each(['', 'Mes from phone 1: '])('switches the pin and reports its level (prefix: "%s")', (prefix) => {
  const hal = run();
  hal.socket().writes.length = 1;
  const commands = ['led on', 'led?', 'led on', 'led off', 'led?'];
  const levels = commands.map((command) => {
    hal.socket().text(prefix + command);
    return hal.gpio.read(2);
  });
  expect(levels).toEqual([1, 1, 1, 0, 0]);
  expect(said(hal)).toEqual(['led is on', 'led is on', 'led is on', 'led is off', 'led is off']);
});

it('ignores whatever is no command', () => {
  const hal = run();
  hal.socket().writes.length = 1;
  const edges = hal.gpio.edges.length;
  for (const text of [
    '',
    'led',
    'LED ON',
    'led on ',
    'led is on',
    'Mes from b: led is off',
    'Mes from b: x: led on',
    'Server got your message!',
  ]) {
    hal.socket().text(text);
  }
  hal.socket().receive(serverFrame(2, 'led on'));
  expect(hal.gpio.edges).toHaveLength(edges);
  expect(said(hal)).toEqual([]);
});

it('reports again after a reconnect', () => {
  const hal = run();
  hal.socket().text('led on');
  hal.socket().fin();
  hal.clock.advance(2000);
  hal.socket().open();
  expect(said(hal)).toEqual(['led is on']);
});
