/** Devices that a step connects to a board. */
import { Bme280 } from 'hal/bench/bme280';
import type { I2cDevice } from 'hal/bench/device';
import { RegisterDevice } from 'hal/bench/registers';
import { Sht31 } from 'hal/bench/sht31';
import type { Air } from './surroundings.ts';

export type { I2cDevice } from 'hal/bench/device';

/** A sensor in air that changes. */
export type MakeSensor = (air: () => Air) => I2cDevice;

export const SENSORS = {
  bme280: (air) => new Bme280(air),
  sht31: (air) => new Sht31(air),
} satisfies Record<string, MakeSensor>;

export function registerDevice(from: number, bytes: readonly number[]): I2cDevice {
  return new RegisterDevice(Object.fromEntries(bytes.map((byte, at) => [from + at, byte])));
}
