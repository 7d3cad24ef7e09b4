/**
 * Sensors that a step connects to a board, with the air around them, which goes on when the next step changes
 * it.
 */
import { type Air, ROOM } from 'hal/bench/air';
import { Bme280 } from 'hal/bench/bme280';
import type { I2cDevice } from 'hal/bench/device';
import { RegisterDevice } from 'hal/bench/registers';
import { Sht31 } from 'hal/bench/sht31';

export type { Air } from 'hal/bench/air';

const SENSORS = { bme280: Bme280, sht31: Sht31 };

export type SensorModel = keyof typeof SENSORS;

/** The air around a board. Each change begins where the last has come to. */
export class Surroundings {
  private now: () => Air = () => ROOM;

  /** @param course from what it was at this moment to what it is */
  change(course: (before: Air) => Air): void {
    const before = this.now();
    this.now = () => course(before);
  }

  sensor(model: SensorModel): I2cDevice {
    return new SENSORS[model](() => this.now());
  }
}

export function registerDevice(from: number, bytes: readonly number[]): I2cDevice {
  return new RegisterDevice(Object.fromEntries(bytes.map((byte, at) => [from + at, byte])));
}
