import { expect, it } from 'vitest';
import { herdPerSecond, lateShare, meanBeaconWaitMs, meanDetectionMs, meanGhostMs, meanRestMs, saturatingDelayMs } from './theory.ts';

it('a link that dies between two pings is found after the timeout and half an interval, on average', () => {
  expect(meanDetectionMs(20_000, 10_000)).toBe(20_000);
});

it('a ghost lasts as long as its detection goes on after the outage', () => {
  expect(meanGhostMs(20_000, 40_000, 15_000)).toBe(35_000);
  expect(meanGhostMs(20_000, 10_000, 15_000)).toBe(5_625);
  expect(meanGhostMs(5_000, 5_000, 15_000)).toBe(0);
});

it('waits that are spread over the cap bring back the herd at two boards per board and cap', () => {
  expect(herdPerSecond(500, 0, 30_000)).toBeCloseTo(33.33);
  expect(meanRestMs(0, 30_000)).toBe(10_000);
  expect(meanRestMs(5_000, 5_000)).toBe(2_500);
});

it('a sleeping radio hears half a beacon period late', () => {
  expect(meanBeaconWaitMs(3)).toBeCloseTo(153.6);
});

it('a reader is saturated when two reads of every frame fill its time', () => {
  expect(saturatingDelayMs(2)).toBe(250);
});

it('a pong is late by as many losses as its timeout does not allow', () => {
  const loss = 0.01;
  expect(lateShare(0, 1_000, 100, 3)).toBe(0);
  // One pong lost is too much for a second; for two seconds it takes two, or a slower clock.
  expect(lateShare(loss, 1_000, 100, 3) / loss).toBeCloseTo(1, 1);
  expect(lateShare(loss, 2_000, 100, 3) / loss ** 2).toBeCloseTo(1, 1);
  expect(lateShare(loss, 2_000, 100, 4) / loss).toBeCloseTo(0.2, 1);
  expect(lateShare(loss, 60, 100, 3)).toBeCloseTo(1);
});
