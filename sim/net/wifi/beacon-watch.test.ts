import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { BEACON_US } from '../rules/power-save.ts';
import { BEACONS_MISSED, BeaconWatch } from './beacon-watch.ts';
import { ESP32_RADIO } from './parameters.ts';
import { frameErrorRate } from './rssi.ts';

const HOUR_US = 3_600_000_000;
/** A run of misses and five probes. */
const LEAST_US = BEACONS_MISSED * BEACON_US + 2_500_000;

/** When each of so many stations at this level gives up, µs, as far as within the time. */
async function givesUp(rssiDbm: number, { stations = 1, untilUs = HOUR_US } = {}): Promise<number[]> {
  const kernel = new Kernel();
  const times: number[] = [];
  for (let index = 0; index < stations; index++) {
    const luck = new RandomStreams(index).stream('signal');
    const watch = new BeaconWatch(
      kernel,
      ESP32_RADIO,
      () => luck,
      () => void times.push(kernel.nowUs),
    );
    watch.setLevel(rssiDbm);
    watch.start();
  }
  await kernel.run(untilUs);
  return times;
}

const mean = (times: number[]) => times.reduce((sum, time) => sum + time, 0) / times.length;

describe('a station that hears its access point badly', () => {
  it('gives it up after a minute or so at -97 dBm, and as good as never at -94', async () => {
    expect(await givesUp(-94, { stations: 100 })).toEqual([]);
    const times = await givesUp(-97, { stations: 200 });
    expect(times).toHaveLength(200);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(LEAST_US);
    // The mean time to a run of misses, times the tries until no probe is answered.
    const missed = frameErrorRate(-97, ESP32_RADIO);
    const beacons = (1 - missed ** BEACONS_MISSED) / ((1 - missed) * missed ** BEACONS_MISSED);
    const unanswered = (1 - (1 - missed ** 33) * (1 - missed ** 7)) ** 5;
    const expectedUs = (beacons * BEACON_US) / unanswered + 2_500_000;
    expect(mean(times)).toBeGreaterThan(0.85 * expectedUs);
    expect(mean(times)).toBeLessThan(1.15 * expectedUs);
  });

  it('gives it up sooner the weaker it is, and out of reach after 60 beacons and five probes', async () => {
    const [weak, weaker] = await Promise.all([givesUp(-97, { stations: 100 }), givesUp(-98.5, { stations: 100 })]);
    expect(mean(weaker)).toBeLessThan(0.6 * mean(weak));
    expect(mean(await givesUp(-110, { stations: 20 }))).toBeLessThan(1.01 * LEAST_US);
  });
});

describe('a level that gets better in time', () => {
  it('is one that it stays with', async () => {
    const kernel = new Kernel();
    const lost: number[] = [];
    const luck = new RandomStreams(1).stream('signal');
    const watch = new BeaconWatch(
      kernel,
      ESP32_RADIO,
      () => luck,
      () => void lost.push(kernel.nowUs),
    );
    watch.setLevel(-110);
    watch.start();
    await kernel.run(6_000_000);
    watch.setLevel(-60);
    await kernel.run(HOUR_US);
    expect(lost).toEqual([]);
    watch.setLevel(-110);
    watch.stop();
    await kernel.run(2 * HOUR_US);
    expect(lost).toEqual([]);
  });

  it('asks for no luck as long as the signal is good', async () => {
    const kernel = new Kernel();
    const watch = new BeaconWatch(
      kernel,
      ESP32_RADIO,
      () => {
        throw new Error('drawn');
      },
      () => {},
    );
    watch.setLevel(-90);
    watch.start();
    await kernel.run(HOUR_US);
  });
});
