/** What boards drew, and for what, in words. */
import { formatCount } from 'host/format';
import type { Summary } from '../measure/result.ts';

/** By the metrics’ names; the board’s energy/causes.ts says what each is. */
const WORDS = {
  boot: 'booting',
  joins: 'joining the network',
  connects: 'connecting',
  keepalive: 'keepalive',
  messages: 'messages',
  computing: 'computing',
  listening: 'listening',
  idle: 'waiting',
};

type Cause = keyof typeof WORDS;
const CAUSES = Object.keys(WORDS) as Cause[];

const PRECISE_BELOW = 100;
const TENTHS_BELOW = 10;
const DIGITS = 3;
const PREFIX = 'energy_mah_per_day.';

export interface EnergyPart {
  cause: Cause;
  /** mAh a day, and its share of all. */
  mah: number;
  share: number;
}

/** The greatest first; none of a run that nobody metered. */
export function energyParts(metrics: Summary['metrics']): EnergyPart[] {
  const total = (metrics.energy_mah_per_day as number | undefined) ?? 0;
  if (total === 0) return [];
  return CAUSES.map((cause) => {
    const mah = metrics[`${PREFIX}${cause}`] as number;
    return { cause, mah, share: mah / total };
  })
    .filter((part) => part.mah > 0)
    .sort((a, b) => b.mah - a.mah);
}

export function partWords(cause: Cause): string {
  return WORDS[cause];
}

/** `31.2 mAh`, `2,328 mAh` */
export function mah(value: number): string {
  return `${short(value)} mAh`;
}

export function days(value: number): string {
  return value < TENTHS_BELOW ? `${value.toFixed(1)} days` : `${formatCount(Math.round(value))} days`;
}

function short(value: number): string {
  return value >= PRECISE_BELOW ? formatCount(Math.round(value)) : String(Number(value.toPrecision(DIGITS)));
}
