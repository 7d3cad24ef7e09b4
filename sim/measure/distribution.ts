/**
 * Samples of a duration: count, sum, least and greatest are exact, quantiles come from an HDR histogram (3
 * significant digits).
 *
 * Counts integer microseconds, speaks milliseconds with at most 3 decimals in its results. Memory does not
 * grow with the number of samples.
 */
// Not the package's entry, which also loads its WebAssembly build and a compressor: 35 ms of CPU time for
// parts that are not used here.
import Histogram from 'hdr-histogram-js/dist/Float64Histogram.js';
import { msFromUs, US_PER_MS } from '../kernel/units.ts';
import type { Bin, Distribution as Summary } from './result.ts';

const SIGNIFICANT_DIGITS = 3;
/** One minute: enough for most metrics; the histogram grows when a sample is longer. */
const FIRST_RANGE_US = 60_000_000;
/** Bars per factor of ten: fine enough to see two humps, coarse enough to see bars. */
const BINS_PER_DECADE = 8;
/** Everything shorter shares the first bar, which begins at 0: a logarithmic axis has no zero. */
const SHORTEST_BIN_US = 100;

/** Up to where the bits of a number are those of an integer. */
const TWO_POW_31 = 2 ** 31;

/** Finds the same buckets for integers by their bits: a fleet has millions, and `log2` and `pow` cost most of a sample. */
export class IntegerHistogram extends Histogram {
  override getBucketIndex(value: number): number {
    if (value >= TWO_POW_31) return super.getBucketIndex(value);
    return Math.max(31 - Math.clz32(value) - this.subBucketHalfCountMagnitude - this.unitMagnitude, 0);
  }

  override getSubBucketIndex(value: number, bucketIndex: number): number {
    if (value >= TWO_POW_31) return super.getSubBucketIndex(value, bucketIndex);
    return value >>> (bucketIndex + this.unitMagnitude);
  }
}

export class Distribution {
  private readonly histogram = new IntegerHistogram(1, FIRST_RANGE_US, SIGNIFICANT_DIGITS);
  private sumUs = 0;
  private minUs = Infinity;
  private maxUs = -Infinity;

  constructor() {
    this.histogram.autoResize = true;
  }

  get count(): number {
    return this.histogram.totalCount;
  }

  /** @param us integer, at least 0 */
  record(us: number): void {
    // The histogram would take NaN in silence and be wrong for good.
    if (!(us >= 0)) throw new RangeError(`a duration of ${us} µs`);
    this.histogram.recordValue(us);
    this.sumUs += us;
    if (us < this.minUs) this.minUs = us;
    if (us > this.maxUs) this.maxUs = us;
  }

  /** `count` samples of 0, at the price of one. */
  recordZeros(count: number): void {
    if (count <= 0) return;
    this.histogram.recordValueWithCount(0, count);
    this.minUs = 0;
    if (this.maxUs < 0) this.maxUs = 0;
  }

  summary(): Summary {
    if (this.count === 0) return { count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
    return {
      count: this.count,
      min: msFromUs(this.minUs),
      mean: msFromUs(Math.round(this.sumUs / this.count)),
      p50: this.quantile(50),
      p90: this.quantile(90),
      p95: this.quantile(95),
      p99: this.quantile(99),
      max: msFromUs(this.maxUs),
    };
  }

  /** Bars on a logarithmic axis, adjoining, from the first to the last that holds a sample. */
  bins(): Bin[] {
    if (this.count === 0) return [];
    const counts: number[] = [];
    for (let index = 0; index < this.histogram.countsArrayLength; index++) {
      const count = this.histogram.getCountAtIndex(index);
      if (count === 0) continue;
      const bin = binOf(this.histogram.valueFromIndex(index));
      while (counts.length <= bin) counts.push(0);
      counts[bin] += count;
    }
    const first = counts.findIndex((count) => count > 0);
    return counts.map((count, bin) => ({ fromMs: edgeMs(bin), toMs: edgeMs(bin + 1), count })).slice(Math.max(first, 0));
  }

  /** The histogram answers with the upper end of a bucket, which may lie beyond every sample. */
  private quantile(percent: number): number {
    return msFromUs(Math.min(Math.max(this.histogram.getValueAtPercentile(percent), this.minUs), this.maxUs));
  }
}

/** Bar 0 is [0, SHORTEST_BIN_US), bar n the n-th step of the logarithmic scale above it. */
function binOf(us: number): number {
  if (us < SHORTEST_BIN_US) return 0;
  return 1 + Math.floor(Math.log10(us / SHORTEST_BIN_US) * BINS_PER_DECADE + 1e-9);
}

function edgeMs(bin: number): number {
  if (bin === 0) return 0;
  return Math.round(SHORTEST_BIN_US * 10 ** ((bin - 1) / BINS_PER_DECADE)) / US_PER_MS;
}
