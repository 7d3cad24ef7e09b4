/**
 * How wrong a board's clocks are: the crystal by which its timers and its calendar run, and the slow clock by
 * which it wakes from deep sleep. Each board draws its own error, within what its profile says.
 *
 * An error is constant. Not modelled: what temperature and age make of it, the watchdogs' clocks, and light
 * sleep, over which a board is taken to wait by its crystal.
 */
import type { Field } from '../kernel/fields.ts';
import type { RandomStream } from '../kernel/random.ts';

/** Of a device: how far off its clocks may be, either way. */
export interface ClockFacts {
  /** Crystal, parts per million. */
  readonly crystalPpm: number;
  /** Slow clock in deep sleep, as a share. */
  readonly sleepShare: number;
}

/** `none`: clocks are right; `profile`: as the device's facts say; else its crystals are so many ppm off. */
export type ClockDriftSetting = 'none' | 'profile' | number;

const MAX_PPM = 10_000;
const PPM = /^(\d+(?:\.\d+)?)ppm$/;

export const CLOCK_DRIFT: Field<ClockDriftSetting, string> = {
  expected: `none, profile, or the most that crystals are off (20ppm) up to ${MAX_PPM}ppm`,
  read: (value) => {
    if (value === 'none' || value === 'profile') return value;
    const ppm = typeof value === 'string' ? Number(PPM.exec(value)?.[1]) : Number.NaN;
    return ppm > 0 && ppm <= MAX_PPM ? ppm : null;
  },
  write: (value) => (typeof value === 'number' ? `${value}ppm` : value),
  jsonSchema: { anyOf: [{ enum: ['none', 'profile'] }, { type: 'string', pattern: '^\\d+(\\.\\d+)?ppm$' }] },
  spell: (text) => {
    const [, ppm] = /^\s*(\d+(?:\.\d+)?)\s*(?:ppm)?\s*$/i.exec(text) ?? [];
    return ppm === undefined ? null : `${ppm}ppm`;
  },
};

/** How fast a board's clocks run: seconds of theirs for each of the world. */
export interface ClockRates {
  readonly crystal: number;
  readonly sleep: number;
}

export const RIGHT_CLOCKS: ClockRates = { crystal: 1, sleep: 1 };

const PER_MILLION = 1e-6;

/** @param luck the board's own; asked for only where there is something to draw */
export function clockRates(setting: ClockDriftSetting, { crystalPpm, sleepShare }: ClockFacts, luck: () => RandomStream): ClockRates {
  if (setting === 'none') return RIGHT_CLOCKS;
  const ppm = setting === 'profile' ? crystalPpm : setting;
  const stream = luck();
  return { crystal: 1 + stream.between(-ppm, ppm) * PER_MILLION, sleep: 1 + stream.between(-sleepShare, sleepShare) };
}
