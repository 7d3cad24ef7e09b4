/** What boards are fed by, and what their platform does to need little of it, as people set them up. */
import { type Field, yesNo } from '../../kernel/fields.ts';
import type { IdleSettings } from './energy-meter.ts';

export interface EnergySettings extends IdleSettings {
  /** Capacity of each board's battery, mAh; null: none is looked at, and the supply never ends. */
  batteryMah: number | null;
}

const NONE = 'none';
/** A button cell, and a car's battery. */
const MIN_MAH = 10;
const MAX_MAH = 100_000;
const MAH = /^(\d+(?:\.\d+)?)mAh$/;

const expected = `a capacity (2000mAh) from ${MIN_MAH}mAh to ${MAX_MAH}mAh, or ${NONE}`;

/** mAh; null is `none`. */
const battery: Field<number | typeof NONE, string> = {
  expected,
  read: (value) => {
    if (value === NONE) return NONE;
    const mah = typeof value === 'string' ? Number(MAH.exec(value)?.[1]) : Number.NaN;
    return mah >= MIN_MAH && mah <= MAX_MAH ? mah : null;
  },
  write: (value) => (value === NONE ? NONE : `${value}mAh`),
  jsonSchema: { anyOf: [{ type: 'string', pattern: '^\\d+(\\.\\d+)?mAh$' }, { const: NONE }] },
  spell: (text) => {
    const [, mah] = /^\s*(\d+(?:\.\d+)?)\s*(?:mah)?\s*$/i.exec(text) ?? [];
    return mah === undefined ? null : `${mah}mAh`;
  },
};

export const ENERGY_FIELDS = {
  battery,
  frequency_scaling: yesNo(),
  light_sleep: yesNo(),
};

/** Settings as documents have them. */
export interface EnergyValues {
  battery: number | typeof NONE;
  frequency_scaling: boolean;
  light_sleep: boolean;
}

export const DEFAULT_ENERGY: Readonly<EnergySettings> = { batteryMah: null, frequencyScaling: false, lightSleep: false };

export const DEFAULT_ENERGY_VALUES: EnergyValues = energyValues(DEFAULT_ENERGY);

export function energySettings({ battery, frequency_scaling, light_sleep }: EnergyValues): EnergySettings {
  return { batteryMah: battery === NONE ? null : battery, frequencyScaling: frequency_scaling, lightSleep: light_sleep };
}

export function energyValues({ batteryMah, frequencyScaling, lightSleep }: EnergySettings): EnergyValues {
  return { battery: batteryMah ?? NONE, frequency_scaling: frequencyScaling, light_sleep: lightSleep };
}
