/** Kind and ends of an axis on which estimates and their intervals have room. */
import type { Estimate } from '../statistics/statistics.ts';

export interface Scale {
  type: 'log' | 'value';
  min: number;
  max: number;
}

/** Share of the axis that is left free at its ends. */
const MARGIN = 0.06;

/** @param logFromRatio means that lie further apart than this are told apart on a logarithmic axis only */
export function scaleOf(values: readonly Estimate[], logFromRatio: number): Scale {
  const means = values.map(({ mean }) => mean).filter((mean) => mean !== null);
  const ends = values.flatMap(({ mean, low, high }) => [low ?? mean, high ?? mean]).filter((end) => end !== null);
  const [least, low, high] = [Math.min(...means), Math.min(...ends), Math.max(...ends)];
  if (least > 0 && Math.max(...means) / least >= logFromRatio) {
    const from = low > 0 ? low : least / 2;
    const margin = (high / from) ** MARGIN;
    return { type: 'log', min: from / margin, max: high * margin };
  }
  const margin = (high - low) * MARGIN || 1;
  return { type: 'value', min: low >= 0 ? Math.max(0, low - margin) : low - margin, max: high + margin };
}

/** Milliseconds that read well as a time: from 1 ms to a week. */
const TIMES_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 20].map((minutes) => minutes * 60_000),
  ...[1, 2, 5, 12, 24, 48, 168].map((hours) => hours * 3_600_000),
];

/** Labels of a logarithmic axis: times that read well, else 1, 2 and 5 times powers of ten. */
export function logTicks({ min, max }: Scale, isTime: boolean): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log10(max / min)) + 1 }, (_, index) => 10 ** (Math.floor(Math.log10(min)) + index));
  const ticks = isTime && min >= TIMES_MS[0] ? TIMES_MS : powers.flatMap((power) => [power, 2 * power, 5 * power]);
  return ticks.filter((tick) => tick >= min && tick <= max);
}
