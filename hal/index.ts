/**
 * What firmware may ask of a board. Types only: no I/O and no dependencies; each capability's contract is in
 * its file.
 */
import type { Adc } from './adc.ts';
import type { Clock } from './clock.ts';
import type { Crypto } from './crypto.ts';
import type { Gpio } from './gpio.ts';
import type { I2c } from './i2c.ts';
import type { Log } from './log.ts';
import type { Net } from './net.ts';
import type { OneWire } from './one-wire.ts';
import type { Power } from './power.ts';
import type { Random } from './random.ts';
import type { Spi } from './spi.ts';
import type { Storage } from './storage.ts';
import type { System } from './system.ts';
import type { Uart } from './uart.ts';
import type { WallClock } from './wall-clock.ts';
import type { Wifi } from './wifi.ts';

export type { Adc } from './adc.ts';
export type { Clock, TimerId } from './clock.ts';
export type { Crypto } from './crypto.ts';
export type { NetError, NetErrorKind } from './errors.ts';
export type { Edge, Gpio, Level, Pull } from './gpio.ts';
export type { I2c, I2cPins } from './i2c.ts';
export type { Log } from './log.ts';
export type { Net, Socket, SocketHandlers } from './net.ts';
export type { OneWire } from './one-wire.ts';
export type { Power } from './power.ts';
export type { Random } from './random.ts';
export type { Spi, SpiPins } from './spi.ts';
export type { Storage } from './storage.ts';
export type { ResetReason, System } from './system.ts';
export type { TlsFailure, TlsSettings } from './tls.ts';
export type { Uart, UartPins } from './uart.ts';
export type { WallClock } from './wall-clock.ts';
export type { PowerSaveMode, Wifi } from './wifi.ts';

/**
 * Methods are called on their capability, as `hal.clock.now()`: one that is taken out of it, or a copy of the
 * capability, need not work.
 */
export interface Hal {
  clock: Clock;
  wallClock: WallClock;
  wifi: Wifi;
  net: Net;
  gpio: Gpio;
  adc: Adc;
  i2c: I2c;
  spi: Spi;
  oneWire: OneWire;
  uart: Uart;
  storage: Storage;
  random: Random;
  crypto: Crypto;
  system: System;
  power: Power;
  log: Log;
}
