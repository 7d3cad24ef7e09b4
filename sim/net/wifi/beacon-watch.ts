/**
 * Beacons that are too weak: when a station that hears only some of them gives its access point up.
 *
 * As ESP-IDF does it (esp_wifi.h, station-scenarios.rst): 60 beacons missed in a row, then five probes half
 * a second apart; if none is answered, the connection is over. A beacon is sent once; a probe and its
 * answer have the tries of a frame. Each frame fails for itself with the error rate of the level (rssi.ts).
 * Not modelled: beacons that are lost to collisions, fading.
 */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import { ACCESS_POINT_TRIES } from '../rules/mac-retries.ts';
import { BEACON_US } from '../rules/power-save.ts';
import type { RadioParameters } from './parameters.ts';
import { frameErrorRate } from './rssi.ts';

/** Beacons in a row: 6 s of them (esp_wifi.h, esp_wifi_set_inactive_time). */
export const BEACONS_MISSED = 60;
const PROBES = 5;
const PROBES_MS = 2_500;
/** What is missed less than once in so many beacons, a year of them, is not waited for. */
const NEVER_BEACONS = 3e8;

export class BeaconWatch {
  private readonly kernel: Timeline;
  private readonly radio: RadioParameters;
  private readonly luck: () => RandomStream;
  private readonly onLost: () => void;
  private readonly timer: LazyTimer;
  private missRate = 0;
  private state: 'off' | 'counting' | 'probing' = 'off';
  /** Beacons missed in a row, up to `sinceUs`. */
  private missed = 0;
  private sinceUs = 0;

  /**
   * @param luck a stream of its own, asked for when it is needed @param onLost the access point is given up
   */
  constructor(kernel: Timeline, radio: RadioParameters, luck: () => RandomStream, onLost: () => void) {
    this.kernel = kernel;
    this.radio = radio;
    this.luck = luck;
    this.onLost = onLost;
    this.timer = new LazyTimer(kernel, () => this.onTime());
  }

  /** The level of its access point from now on, dBm; undefined: perfect. */
  setLevel(rssiDbm: number | undefined): void {
    const missRate = rssiDbm === undefined ? 0 : frameErrorRate(rssiDbm, this.radio);
    if (missRate === this.missRate) return;
    if (this.state === 'counting') this.count();
    this.missRate = missRate;
    if (this.state === 'counting') this.wait();
  }

  /** It has joined, and counts from now on. */
  start(): void {
    this.state = 'counting';
    this.missed = 0;
    this.sinceUs = this.kernel.nowUs;
    this.wait();
  }

  stop(): void {
    this.state = 'off';
    this.timer.disarm();
  }

  private onTime(): void {
    if (this.state === 'probing') {
      this.stop();
      this.onLost();
      return;
    }
    this.count();
    if (this.missed < BEACONS_MISSED) this.wait();
    else if (this.luck().next() < this.probesLost) {
      this.state = 'probing';
      this.timer.arm(this.kernel.nowUs + usFromMs(PROBES_MS));
    } else this.start();
  }

  /**
   * Draws the beacons since it counted last; no run of misses can have been complete before the end of
   * them.
   */
  private count(): void {
    if (this.neverLoses) {
      this.missed = 0;
      this.sinceUs = this.kernel.nowUs;
      return;
    }
    for (; this.sinceUs + BEACON_US <= this.kernel.nowUs; this.sinceUs += BEACON_US)
      this.missed = this.luck().next() < this.missRate ? this.missed + 1 : 0;
  }

  /** Until the next run of misses may be complete. */
  private wait(): void {
    if (this.neverLoses) this.timer.disarm();
    else this.timer.arm(this.sinceUs + (BEACONS_MISSED - this.missed) * BEACON_US);
  }

  /** By the mean number of beacons until so many in a row are missed. */
  private get neverLoses(): boolean {
    const run = this.missRate ** BEACONS_MISSED;
    return !((1 - run) / ((1 - this.missRate) * run) < NEVER_BEACONS);
  }

  /** The chance that none of the probes is answered. */
  private get probesLost(): number {
    const { missRate, radio } = this;
    return (1 - (1 - missRate ** radio.tries) * (1 - missRate ** ACCESS_POINT_TRIES)) ** PROBES;
  }
}
