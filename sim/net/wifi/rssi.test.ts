import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCESS_POINT_TRIES } from '../rules/mac-retries.ts';
import { ESP32_RADIO } from './parameters.ts';
import * as rssi from './rssi.ts';

const { tries: ESP32_TRIES } = ESP32_RADIO;
const radioRateBps = (rssiDbm: number) => rssi.radioRateBps(rssiDbm, ESP32_RADIO);
const frameErrorRate = (rssiDbm: number) => rssi.frameErrorRate(rssiDbm, ESP32_RADIO);

/** Levels that settings allow, dBm. */
const levels = fc.double({ min: -110, max: -10, noNaN: true });

describe('a signal level', () => {
  it('that is weaker never gives more bits, fewer frame errors, or fewer lost packets', () => {
    fc.assert(
      fc.property(levels, levels, (one, other) => {
        const [weak, strong] = one < other ? [one, other] : [other, one];
        expect(radioRateBps(weak)).toBeLessThanOrEqual(radioRateBps(strong));
        expect(frameErrorRate(weak)).toBeGreaterThanOrEqual(frameErrorRate(strong));
        for (const tries of [ACCESS_POINT_TRIES, ESP32_TRIES])
          expect(frameErrorRate(weak) ** tries).toBeGreaterThanOrEqual(frameErrorRate(strong) ** tries);
      }),
    );
  });

  it('leaves a frame a chance, and never makes it sure', () => {
    fc.assert(
      fc.property(levels, (rssiDbm) => {
        expect(frameErrorRate(rssiDbm)).toBeGreaterThan(0);
        expect(frameErrorRate(rssiDbm)).toBeLessThan(1);
        expect(radioRateBps(rssiDbm)).toBeGreaterThan(0);
      }),
    );
  });

  it('beside the access point carries what is measured at best', () => {
    expect(radioRateBps(-30)).toBe(30_000_000);
    expect(frameErrorRate(-30)).toBeLessThan(1e-9);
  });

  it.for([
    [-64.2, 30e6], // MCS 7
    [-64.3, 27e6], // MCS 6
    [-82.6, 3e6], // MCS 0
    [-88.4, 1e6 * (30 / 65)], // 802.11b, 1 Mbit/s
    [-110, 1e6 * (30 / 65)],
  ])('of %d dBm carries %d bit/s', ([rssiDbm, rateBps]) => {
    expect(radioRateBps(rssiDbm)).toBeCloseTo(rateBps, 3);
  });

  it('at the sensitivity of the slowest rate fails one frame in ten, of which retries leave next to nothing', () => {
    expect(frameErrorRate(-88.4)).toBeCloseTo(0.1, 10);
    expect(frameErrorRate(-88.4) ** ACCESS_POINT_TRIES).toBeLessThan(1e-6);
  });

  it('some dB below that loses packets on the way down, and hardly any on the way up, where they are tried more often', () => {
    expect(frameErrorRate(-93) ** ACCESS_POINT_TRIES).toBeGreaterThan(0.02);
    expect(frameErrorRate(-93) ** ESP32_TRIES).toBeLessThan(1e-5);
  });
});
