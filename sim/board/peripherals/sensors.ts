/** Devices that a step connects to a board, and where. */
import type { Bench } from 'hal/bench/bench';
import { Bme280 } from 'hal/bench/bme280';
import type { I2cDevice, OneWireDevice, SpiDevice } from 'hal/bench/device';
import { Ds18b20 } from 'hal/bench/ds18b20';
import { RegisterDevice } from 'hal/bench/registers';
import { Sht31 } from 'hal/bench/sht31';
import { spiRegisters } from 'hal/bench/spi-registers';
import type { Air } from './surroundings.ts';

/** Of a BME280, whose numbers by SPI are without their highest bit (data sheet, section 6.3). */
const BME280_REGISTERS_FROM = 0x80;

/** A sensor in air that changes. @param nowMs of the world */
export type MakeSensor<D> = (air: () => Air, nowMs: () => number) => D;

/** A place on a bus of a board, for one device. */
export interface Place<D> {
  name: string;
  plug(bench: Bench, device: D, on: boolean): void;
}

export const SENSORS = {
  bme280: (air) => new Bme280(air),
  sht31: (air) => new Sht31(air),
} satisfies Record<string, MakeSensor<I2cDevice>>;

export const spiBme280: MakeSensor<SpiDevice> = (air, nowMs) => spiRegisters(new Bme280(air), BME280_REGISTERS_FROM, nowMs);

export function ds18b20(serial: number): MakeSensor<OneWireDevice> {
  return (air) => new Ds18b20(serial, air);
}

export function registerDevice(from: number, bytes: readonly number[]): I2cDevice {
  return new RegisterDevice(Object.fromEntries(bytes.map((byte, at) => [from + at, byte])));
}

export function spiRegisterDevice(from: number, bytes: readonly number[]): SpiDevice {
  return spiRegisters(registerDevice(from, bytes), 0, () => 0);
}

export function i2cPlace(address: number): Place<I2cDevice> {
  return { name: `i2c ${address}`, plug: ({ i2c }, device, on) => i2c.connect(address, on ? device : null) };
}

export function spiPlace(selectPin: number): Place<SpiDevice> {
  return { name: `spi ${selectPin}`, plug: ({ spi }, device, on) => spi.connect(selectPin, on ? device : null) };
}

/** Of devices on a pin, told apart by their serial numbers. */
export function oneWirePlace(pin: number, serial: number): Place<OneWireDevice> {
  return {
    name: `1-wire ${pin} ${serial}`,
    plug: ({ oneWire }, device, on) => (on ? oneWire.connect(pin, device) : oneWire.disconnect(pin, device.rom)),
  };
}
