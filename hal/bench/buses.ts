/**
 * Buses and analogue inputs of a board that is made of no metal, and what is connected to them, which
 * outlives a reset of the board.
 */
import type { Adc } from '../adc.ts';
import type { I2c, I2cPins } from '../i2c.ts';
import { checkI2c, checkI2cSetup, checkOneWire, checkSpi, checkSpiSetup, checkUart } from '../limits.ts';
import type { OneWire } from '../one-wire.ts';
import type { Spi, SpiPins } from '../spi.ts';
import type { Uart, UartPins } from '../uart.ts';
import type { I2cDevice, OneWireDevice, SpiDevice } from './device.ts';
import type { BenchTime } from './time.ts';

const MAX_MV = 3_300;
/** Of a converter of 12 bits. */
const ADC_STEPS = 4_096;
const BITS_PER_BYTE = 8;
/** With its acknowledgement; and a start, a stop. */
const I2C_BITS_PER_BYTE = 9;
/** With start and stop bit. */
const UART_BITS_PER_BYTE = 10;

export class BenchAdc implements Adc {
  /** Millivolts, by pin; a pin that nothing is connected to has 0. */
  private readonly sources = new Map<number, () => number>();

  connect(pin: number, source: () => number): void {
    this.sources.set(pin, source);
  }

  /** At a pin, mV, whatever the converter makes of it. */
  voltageOf(pin: number): number {
    return this.sources.get(pin)?.() ?? 0;
  }

  read(pin: number): number {
    const mv = Math.min(Math.max(this.voltageOf(pin), 0), MAX_MV);
    return (Math.min(Math.floor((mv / MAX_MV) * ADC_STEPS), ADC_STEPS - 1) * MAX_MV) / ADC_STEPS;
  }
}

/** As Espruino has them (src/jswrap_onewire.c): 65 to 70 µs a bit, and a reset of 1 ms. */
const ONE_WIRE_BITRATE_HZ = 15_000;
const RESET_BITS = 15;
const ROM_BITS = 64;
/** Of each bit of a ROM code the search reads two and writes one. */
const SEARCH_BITS = 3 * ROM_BITS;

/** @param onBits told how many bits a transfer takes, and their rate */
export class BenchI2c implements I2c {
  private readonly devices = new Map<number, I2cDevice>();
  private readonly nowMs: () => number;
  private readonly onBits: (bits: number, bitrateHz: number) => void;
  private bitrateHz = 0;

  constructor(nowMs: () => number, onBits: (bits: number, bitrateHz: number) => void) {
    this.nowMs = nowMs;
    this.onBits = onBits;
  }

  /** null: takes it off. */
  connect(address: number, device: I2cDevice | null): void {
    if (device === null) this.devices.delete(address);
    else this.devices.set(address, device);
  }

  deviceAt(address: number): I2cDevice | null {
    return this.devices.get(address) ?? null;
  }

  setup({ bitrateHz }: I2cPins): void {
    checkI2cSetup(bitrateHz);
    this.bitrateHz = bitrateHz;
  }

  transfer(address: number, bytes: string, readBytes: number): string | null {
    checkI2c(this.bitrateHz > 0, address, bytes, readBytes);
    const addresses = bytes !== '' && readBytes > 0 ? 2 : 1;
    this.onBits((addresses + bytes.length + readBytes) * I2C_BITS_PER_BYTE, this.bitrateHz);
    const device = this.devices.get(address);
    if (device === undefined || (bytes !== '' && !device.write(bytes, this.nowMs()))) return null;
    return readBytes === 0 ? '' : device.read(readBytes, this.nowMs());
  }

  reset(): void {
    this.bitrateHz = 0;
  }
}

export class BenchSpi implements Spi {
  /** By select pin; -1: without one. Where there is none, the line is high. */
  private readonly devices = new Map<number, SpiDevice>();
  private readonly onBits: (bits: number, bitrateHz: number) => void;
  private bitrateHz = 0;

  constructor(onBits: (bits: number, bitrateHz: number) => void) {
    this.onBits = onBits;
  }

  /** @param device null: takes it off */
  connect(selectPin: number | null, device: SpiDevice | null): void {
    if (device === null) this.devices.delete(selectPin ?? -1);
    else this.devices.set(selectPin ?? -1, device);
  }

  setup({ bitrateHz, mode }: SpiPins): void {
    checkSpiSetup(bitrateHz, mode);
    this.bitrateHz = bitrateHz;
  }

  transfer(bytes: string, selectPin = -1): string {
    checkSpi(this.bitrateHz > 0, bytes);
    this.onBits(bytes.length * BITS_PER_BYTE, this.bitrateHz);
    return this.devices.get(selectPin)?.(bytes) ?? '\xff'.repeat(bytes.length);
  }

  reset(): void {
    this.bitrateHz = 0;
  }
}

/** One bus a pin. */
export class BenchOneWire implements OneWire {
  private readonly devices = new Map<number, OneWireDevice[]>();
  private readonly nowMs: () => number;
  private readonly onBits: (bits: number, bitrateHz: number) => void;

  /** @param onBits told how many bits a transfer takes, and their rate */
  constructor(nowMs: () => number, onBits: (bits: number, bitrateHz: number) => void) {
    this.nowMs = nowMs;
    this.onBits = onBits;
  }

  /** In the place of whoever has the same code. */
  connect(pin: number, device: OneWireDevice): void {
    this.disconnect(pin, device.rom);
    this.devices.set(pin, [...this.on(pin), device]);
  }

  disconnect(pin: number, rom: string): void {
    const others = this.on(pin).filter((device) => device.rom !== rom);
    this.devices.set(pin, others);
  }

  search(pin: number): string[] {
    const roms = this.on(pin).map(({ rom }) => rom);
    this.onBits(Math.max(roms.length, 1) * (RESET_BITS + BITS_PER_BYTE + SEARCH_BITS), ONE_WIRE_BITRATE_HZ);
    return roms.sort((a, b) => (searchOrder(a) < searchOrder(b) ? -1 : 1));
  }

  transfer(pin: number, rom: string, bytes: string, readBytes: number): string | null {
    checkOneWire(rom, bytes, readBytes);
    const there = this.on(pin);
    const addressBits = rom === '' ? BITS_PER_BYTE : RESET_BITS + BITS_PER_BYTE + ROM_BITS;
    this.onBits(RESET_BITS + (there.length === 0 ? 0 : addressBits + (bytes.length + readBytes) * BITS_PER_BYTE), ONE_WIRE_BITRATE_HZ);
    if (there.length === 0) return null;
    const nowMs = this.nowMs();
    const answers = there.filter((device) => rom === '' || device.rom === rom).map((device) => device.transact(bytes, readBytes, nowMs));
    return answers.reduce(wiredAnd, '\xff'.repeat(readBytes));
  }

  private on(pin: number): OneWireDevice[] {
    return this.devices.get(pin) ?? [];
  }
}

/** A bit that anybody pulls down is 0 for all. */
function wiredAnd(one: string, other: string): string {
  return one
    .split('')
    .map((byte, at) => String.fromCharCode(byte.charCodeAt(0) & other.charCodeAt(at)))
    .join('');
}

/** Its bits as the search goes through them: of each byte the lowest first, and 0 before 1. */
function searchOrder(rom: string): string {
  return (rom.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16).toString(2).padStart(BITS_PER_BYTE, '0').split('').reverse().join(''))
    .join('');
}

export class BenchUart implements Uart {
  private readonly ports = new Map<number, { baud: number; onData: (bytes: string) => void }>();
  private readonly time: BenchTime;
  private readonly onSent: (port: number, bytes: string) => void;
  private readonly onBits: (bits: number, bitrateHz: number) => void;

  /** @param onSent called with what the board sends */
  constructor(time: BenchTime, onSent: (port: number, bytes: string) => void, onBits: (bits: number, bitrateHz: number) => void) {
    this.time = time;
    this.onSent = onSent;
    this.onBits = onBits;
  }

  open(port: number, { baud }: UartPins, onData: (bytes: string) => void): void {
    checkUart(port, baud);
    this.ports.set(port, { baud, onData });
  }

  write(port: number, bytes: string): void {
    const open = this.ports.get(port);
    if (open === undefined) throw new Error(`uart.write: port ${port}: expected open before it`);
    this.onBits(bytes.length * UART_BITS_PER_BYTE, open.baud);
    if (bytes !== '') this.onSent(port, bytes);
  }

  /** What comes to a port; lost when it is not open. */
  receive(port: number, bytes: string): void {
    const open = this.ports.get(port);
    if (open !== undefined && bytes !== '') this.time.run(() => this.ports.get(port) === open && open.onData(bytes));
  }

  reset(): void {
    this.ports.clear();
  }
}
