import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-hal.ts';
import { Keepalive } from './keepalive.ts';

function fixture(intervalMs: number, timeoutMs: number) {
  const clock = new FakeClock();
  const link = { heard: 0, pings: [] as { atMs: number; payload: string }[], deadAtMs: -1 };
  const keepalive = new Keepalive(clock, intervalMs, timeoutMs, {
    heardAtMs: () => link.heard,
    sendPing: (payload) => link.pings.push({ atMs: clock.now(), payload }),
    keepaliveOnDead: () => {
      link.deadAtMs = clock.now();
    },
  });
  keepalive.start();
  return { clock, link, keepalive };
}

describe('the board keepalive', () => {
  it('pings after a silence of the interval and declares the link dead a timeout later', () => {
    const { clock, link } = fixture(25000, 10000);
    clock.advance(24999);
    expect(link.pings).toEqual([]);
    clock.advance(1);
    expect(link.pings).toHaveLength(1);
    clock.advance(9999);
    expect(link.deadAtMs).toBe(-1);
    clock.advance(1);
    expect(link.deadAtMs).toBe(35000);
    expect(clock.pending()).toBe(0);
  });

  it.each([0.25, 7000.1, 12345.678, 24999.999])('finds a link dead within its bound when the last byte came at %d ms', (atMs) => {
    const { clock, link } = fixture(25000, 10000);
    clock.advance(atMs);
    link.heard = clock.now();
    clock.advance(100000);
    expect(link.pings[0].atMs).toBeGreaterThanOrEqual(atMs + 25000);
    expect(link.deadAtMs).toBeGreaterThanOrEqual(atMs + 35000);
    expect(link.deadAtMs).toBeLessThanOrEqual(atMs + 35002);
  });

  it.each([50, 1199, 4500, 9999])(
    'finds a link that died after a pong that took %d ms, though the timeout is longer than the interval',
    (pongMs) => {
      const { clock, link } = fixture(1200, 10000);
      clock.advance(1200 + pongMs);
      expect(link.pings).toHaveLength(1);
      link.heard = clock.now();
      clock.advance(100000);
      expect(link.deadAtMs).toBe(link.heard + 1200 + 10000);
    },
  );

  it('neither pings nor touches a timer while the relay keeps talking', () => {
    const { clock, link } = fixture(25000, 10000);
    let timers = 0;
    const setTimeout = clock.setTimeout.bind(clock);
    clock.setTimeout = (callback, delayMs) => {
      timers++;
      return setTimeout(callback, delayMs);
    };
    for (let i = 0; i < 1000; i++) {
      clock.advance(100);
      link.heard = clock.now();
    }
    expect(link.pings).toEqual([]);
    expect(timers).toBeLessThanOrEqual(100000 / 25000 + 1);
  });

  it('goes on after a sign of life that came in answer to the ping', () => {
    const { clock, link } = fixture(25000, 10000);
    clock.advance(30000);
    link.heard = clock.now();
    clock.advance(25000);
    expect(link.pings.map(({ atMs }) => atMs)).toEqual([25000, 55000]);
    expect(link.deadAtMs).toBe(-1);
  });

  it('measures a round trip by the pong to its latest ping only, and once', () => {
    const { clock, link, keepalive } = fixture(1000, 500);
    clock.advance(1000);
    clock.advance(120);
    expect(keepalive.pongRtt('')).toBe(-1);
    expect(keepalive.pongRtt('unasked')).toBe(-1);
    expect(keepalive.pongRtt(link.pings[0].payload)).toBe(120);
    expect(keepalive.pongRtt(link.pings[0].payload)).toBe(-1);
  });

  it('is off with an interval of 0, and after stop', () => {
    expect(fixture(0, 10000).clock.pending()).toBe(0);
    const { clock, keepalive } = fixture(25000, 10000);
    keepalive.stop();
    expect(clock.pending()).toBe(0);
  });
});
