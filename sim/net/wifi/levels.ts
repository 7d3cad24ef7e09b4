/** How strong access points are where a station is, and what of them a scan hears. */
import type { RandomStream } from '../../kernel/random.ts';
import type { AccessPoint } from './access-point.ts';
import type { RadioParameters } from './parameters.ts';
import { frameErrorRate } from './rssi.ts';
import type { StationSettings } from './station-settings.ts';

/** A frame in a million that is missed shows nowhere. */
const NEGLIGIBLE_ERROR_RATE = 1e-6;

export class Levels {
  /** Of the station's link, for access points without a level of their own, dBm; undefined: perfect. */
  linkDbm: number | undefined = undefined;
  private readonly own = new Map<AccessPoint, number>();
  private readonly radio: RadioParameters;
  private readonly luck: () => RandomStream;

  /** @param luck asked for when a frame may be lost */
  constructor(radio: RadioParameters, luck: () => RandomStream) {
    this.radio = radio;
    this.luck = luck;
  }

  /** Whether any access point has one of its own. */
  get known(): boolean {
    return this.own.size > 0;
  }

  given(accessPoint: AccessPoint): number | undefined {
    return this.own.get(accessPoint);
  }

  set(accessPoint: AccessPoint, rssiDbm: number | undefined): void {
    if (rssiDbm === undefined) this.own.delete(accessPoint);
    else this.own.set(accessPoint, rssiDbm);
  }

  /** dBm; Infinity: perfect. */
  of(accessPoint: AccessPoint): number {
    return this.own.get(accessPoint) ?? this.linkDbm ?? Number.POSITIVE_INFINITY;
  }

  /** Those that are on and whose answer to a probe arrives. */
  heardOf(accessPoints: readonly AccessPoint[]): AccessPoint[] {
    return accessPoints.filter((one) => one.on && !this.misses(one));
  }

  /** A fast scan takes the first that it meets, channel by channel; a scan of all takes the strongest. */
  best(heard: readonly AccessPoint[], scan: StationSettings['scan']): AccessPoint | null {
    const rank = (one: AccessPoint): number => (scan === 'fast' ? -one.channel : this.of(one));
    return heard.reduce<AccessPoint | null>((first, one) => (first === null || rank(one) > rank(first) ? one : first), null);
  }

  private misses(accessPoint: AccessPoint): boolean {
    const errorRate = frameErrorRate(this.of(accessPoint), this.radio);
    return errorRate > NEGLIGIBLE_ERROR_RATE && this.luck().next() < errorRate;
  }
}
