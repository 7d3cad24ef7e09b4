import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames, serverFrame } from '../testing/server-side.ts';
import { app } from './sos.ts';

const CYCLE_MS = 3250;

/** The level changes of one cycle, in ms after its begin. */
function cycleEdges(fromMs: number): { atMs: number; pin: number; level: number }[] {
  const edges = [];
  let atMs = fromMs;
  for (const onMs of [200, 200, 200, 400, 400, 400, 200, 200, 200]) {
    edges.push({ atMs, pin: 2, level: 1 }, { atMs: atMs + onMs, pin: 2, level: 0 });
    atMs += onMs + 50;
  }
  return edges;
}

/** Offline unless told otherwise. */
function run(online: boolean) {
  const hal = new FakeHal();
  if (!online) hal.wifi.outcome = undefined;
  app(hal, DEFAULT_CONFIG);
  if (online) {
    hal.clock.advance(100);
    hal.socket().open();
    hal.socket().writes.length = 0;
  }
  return hal;
}

describe('the SOS app', () => {
  it.each([true, false])('blinks with the timings of the original, cycle after cycle (online: %s)', (online) => {
    const hal = run(online);
    hal.clock.advance(3 * CYCLE_MS - 1 - hal.clock.now());
    expect(hal.gpio.edges).toEqual([0, 1, 2].flatMap((cycle) => cycleEdges(cycle * CYCLE_MS)));
  });

  it('sends SOS! once per cycle, after the blinking', () => {
    const hal = run(true);
    hal.clock.advance(4 * CYCLE_MS);
    expect(clientFrames(hal.socket().writes.join('')).map(({ opcode, payload }) => [opcode, payload])).toEqual(Array(4).fill([1, 'SOS!']));
    expect(hal.log.named('message.sent').map(({ atMs }) => atMs)).toEqual([0, 1, 2, 3].map((cycle) => cycle * CYCLE_MS + 2850));
  });

  it('prints what came at the end of the cycle, and keeps no more than a board can', () => {
    const hal = run(true);
    for (let i = 0; i < 20; i++) hal.socket().receive(serverFrame(1, `m\n${i}`));
    expect(hal.log.lines.filter((line) => !line.startsWith('channel'))).toEqual([]);
    hal.clock.advance(2 * CYCLE_MS);
    const printed = hal.log.lines.filter((line) => !line.startsWith('channel'));
    expect(printed).toEqual(['SOS!', ...Array.from({ length: 16 }, (_, i) => `Data from ws: m ${i}`), 'and 4 more', 'SOS!']);
  });
});
