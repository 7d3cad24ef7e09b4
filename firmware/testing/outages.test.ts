import { expect, it } from 'vitest';
import { Outages } from './outages.ts';

it('a board that waits for the relay is away from the moment the relay accepts, not from when its channel ended', () => {
  const outages = new Outages(0);
  expect(outages.longest(900)).toBe(0);
  outages.relayIsUp(1000);
  expect(outages.longest(1700)).toBe(700);
  outages.opened(2500);
  expect(outages.longest(9000)).toBe(1500);
});

it('a channel that ends while the relay accepts is away from its end, and the longest outage is kept', () => {
  const outages = new Outages(0);
  outages.relayIsUp(0);
  outages.opened(100);
  for (const [lostMs, openedMs] of [
    [5000, 5400],
    [6000, 6010],
  ]) {
    outages.lost(lostMs);
    outages.opened(openedMs);
  }
  expect(outages.longest(9000)).toBe(400);
});

it('each return of the relay begins anew', () => {
  const outages = new Outages(0);
  outages.relayIsUp(0);
  outages.opened(2000);
  outages.relayIsDown();
  outages.lost(5000);
  outages.relayIsUp(6000);
  outages.opened(6300);
  expect(outages.longest(9000)).toBe(300);
});

it('a board is back at once that was open before the relay said that it listens', () => {
  const outages = new Outages(0);
  outages.opened(990);
  outages.relayIsUp(1000);
  expect([outages.longest(2000), outages.openForMs(2000)]).toEqual([0, 1010]);
});

it('tells for how long the channel has been open', () => {
  const outages = new Outages(0);
  expect(outages.openForMs(50)).toBe(0);
  outages.opened(100);
  expect(outages.openForMs(150)).toBe(50);
  outages.lost(200);
  expect(outages.openForMs(250)).toBe(0);
});
