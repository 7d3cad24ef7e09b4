import { describe, expect, it } from 'vitest';
import { MAC_OVERHEAD_BYTES, RATES, rateNamed } from './phy.ts';

/** Confirmed in the trace of ns-3.37's PHY: IP bytes, then µs at MCS 7, at MCS 0 and at 1 Mbit/s. */
const DURATIONS = [
  [40, 54, 142, 816],
  [50, 54, 154, 896],
  [65, 58, 174, 1016],
  [71, 58, 182, 1064],
  [90, 62, 206, 1216],
  [128, 66, 250, 1520],
  [1028, 174, 1358, 8720],
  [1500, 234, 1942, 12_496],
];

describe('the duration of a frame', () => {
  it.each(DURATIONS)('with %i bytes of IP', (bytes, mcs7, mcs0, dsss1) => {
    const us = (name: string) => rateNamed(name)!.airUs(bytes + MAC_OVERHEAD_BYTES);
    expect([us('mcs7'), us('mcs0'), us('dsss1')]).toEqual([mcs7, mcs0, dsss1]);
  });

  it('of an acknowledgement goes by the rate of what it acknowledges', () => {
    const acks = Object.fromEntries(RATES.map(({ name, ackUs }) => [name, ackUs]));
    expect(acks).toEqual({
      dsss1: 304,
      dsss2: 248,
      'dsss5.5': 213,
      dsss11: 203,
      mcs0: 50,
      mcs1: 38,
      mcs2: 38,
      mcs3: 34,
      mcs4: 34,
      mcs5: 34,
      mcs6: 34,
      mcs7: 34,
    });
    expect(rateNamed('mcs7')!.blockAckUs).toBe(38);
  });

  it('and the wait for one by its preamble', () => {
    expect([rateNamed('mcs7')!.ackTimeoutUs, rateNamed('dsss1')!.ackTimeoutUs]).toEqual([39, 211]);
  });
});

describe('a rate', () => {
  it('has its bits per second', () => {
    expect(RATES.map(({ bps }) => bps / 1e6)).toEqual([1, 2, 5.5, 11, 6.5, 13, 19.5, 26, 39, 52, 58.5, 65]);
  });

  it('of another name is none', () => {
    expect(rateNamed('mcs8')).toBeNull();
  });
});
