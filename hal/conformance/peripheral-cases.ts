/**
 * Pins as inputs and pulses, analogue inputs, buses and ports: gpio.ts, adc.ts, i2c.ts, spi.ts, one-wire.ts,
 * uart.ts; and
 * what wifi.ts knows.
 */

import { ROOM } from '../bench/air.ts';
import { checksumOf, Ds18b20 } from '../bench/ds18b20.ts';
import { RegisterDevice } from '../bench/registers.ts';
import { Sht31 } from '../bench/sht31.ts';
import type { Hal, Level } from '../index.ts';
import { check, eventually, quiet, refusal, same } from './expect.ts';
import { type ConformanceCase, RIG_FILES, type Rig } from './rig.ts';
import { join } from './session.ts';

const ALL_BYTES = RIG_FILES['bytes.bin'];
/** Pins of a bus, as an ESP32 board has them. */
const I2C = { sda: 21, scl: 22, bitrateHz: 100_000 };
const SPI = { sck: 18, mosi: 23, miso: 19, bitrateHz: 1_000_000, mode: 0 };
const UART = { tx: 17, rx: 16, baud: 115_200 };
const ADDRESS = 0x44;
const NOBODY = 0x45;
/** Commands of a DS18B20. */
const CONVERT = '\x44';
const READ_SCRATCHPAD = '\xbe';
const NOBODYS_ROM = '28ffffffffffff00';
const DEBOUNCE_MS = 50;
/** A pin with a converter. */
const ADC_PIN = 34;
/** How far a converter may be off, mV: a step of 12 bits. */
const ADC_STEP_MV = 1;

/** Levels that a watch told, as the pin was driven to these, 10 ms apart. */
async function watched(rig: Rig, edge: 'rising' | 'falling' | 'both', debounceMs: number, levels: readonly Level[]): Promise<string> {
  const [, pin] = rig.pins;
  const told: Level[] = [];
  rig.drivePin?.(pin, 0);
  rig.hal.gpio.pull(pin, 'none');
  rig.hal.gpio.watch(pin, edge, debounceMs, (level) => told.push(level));
  for (const level of levels) {
    rig.drivePin?.(pin, level);
    await rig.advance(10);
  }
  await quiet(rig);
  return told.join('');
}

export const PERIPHERAL_CASES: readonly ConformanceCase[] = [
  {
    name: 'a pin reads what others drive it to, and what it drives itself before that',
    needs: 'drivePin',
    async run(rig) {
      const { gpio } = rig.hal;
      const [, pin] = rig.pins;
      gpio.pull(pin, 'none');
      for (const level of [1, 0, 1] as const) {
        rig.drivePin?.(pin, level);
        same(gpio.read(pin), level, 'the pin');
      }
      gpio.write(pin, 0);
      same(gpio.read(pin), 0, 'the pin that the board drives low');
      gpio.pull(pin, 'none');
      same(gpio.read(pin), 1, 'the pin that is an input again');
    },
  },
  {
    name: 'a watch tells the edges that it was asked for, and never from within a call',
    needs: 'drivePin',
    async run(rig) {
      same(await watched(rig, 'both', 0, [1, 0, 1, 1, 0]), '1010', 'both edges');
      same(await watched(rig, 'rising', 0, [1, 0, 1, 1, 0]), '11', 'rising edges');
      same(await watched(rig, 'falling', 0, [1, 0, 1, 1, 0]), '00', 'falling edges');
    },
  },
  {
    name: 'a watch with a debounce tells what was steady for so long, not before',
    needs: 'drivePin',
    async run(rig) {
      same(await watched(rig, 'both', DEBOUNCE_MS, [1, 0, 1, 0, 1]), '1', 'of a pin that bounces');
      const [, pin] = rig.pins;
      const fromMs = rig.hal.clock.now();
      let tookMs = -1;
      rig.hal.gpio.watch(pin, 'falling', DEBOUNCE_MS, () => {
        tookMs = rig.hal.clock.now() - fromMs;
      });
      rig.drivePin?.(pin, 0);
      await eventually(rig, () => tookMs >= 0, 'the edge is told');
      check(tookMs >= DEBOUNCE_MS - 1, `told after ${tookMs} ms of ${DEBOUNCE_MS}`);
    },
  },
  {
    name: 'a watch ends when another takes its place, or null does',
    needs: 'drivePin',
    async run(rig) {
      const { gpio } = rig.hal;
      const [, pin] = rig.pins;
      const told: string[] = [];
      rig.drivePin?.(pin, 0);
      gpio.watch(pin, 'both', 0, () => told.push('first'));
      gpio.watch(pin, 'both', 0, () => told.push('second'));
      rig.drivePin?.(pin, 1);
      await quiet(rig);
      gpio.watch(pin, 'both', 0, null);
      rig.drivePin?.(pin, 0);
      await quiet(rig);
      same(told.join(), 'second', 'who was told');
    },
  },
  {
    name: 'pulses have the duty and the frequency that were asked for, and end with the next level',
    needs: 'pwmOf',
    async run(rig) {
      const [pin, other] = rig.pins;
      rig.hal.gpio.pwm(pin, 0.25, 5000);
      same(JSON.stringify(rig.pwmOf?.(pin)), '{"duty":0.25,"frequencyHz":5000}', 'the pulses');
      same(rig.pwmOf?.(other), null, 'those of another pin');
      rig.hal.gpio.write(pin, 1);
      same(rig.pwmOf?.(pin), null, 'the pulses after a level');
      same(rig.hal.gpio.read(pin), 1, 'the pin');
    },
  },
  {
    name: 'pins, buses and ports refuse what is out of range',
    async run({ hal }) {
      const { gpio, i2c, spi, uart } = hal;
      const calls: Record<string, () => void> = {
        'a debounce of 11 s': () => gpio.watch(4, 'both', 11_000, () => {}),
        'a duty above 1': () => gpio.pwm(4, 1.1, 1000),
        'pulses of 0 Hz': () => gpio.pwm(4, 0.5, 0),
        'a transfer before setup': () => i2c.transfer(ADDRESS, 'x', 0),
        'an I2C bus of 1 MHz': () => i2c.setup({ ...I2C, bitrateHz: 1_000_000 }),
        'an SPI transfer before setup': () => spi.transfer('x'),
        'an SPI mode of 4': () => spi.setup({ ...SPI, mode: 4 }),
        'the console as a port': () => uart.open(0, UART, () => {}),
        'a port of 100 baud': () => uart.open(1, { ...UART, baud: 100 }, () => {}),
        'a port that is not open': () => uart.write(1, 'x'),
      };
      for (const [what, call] of Object.entries(calls)) check(refusal(call).indexOf(': expected ') > 0, `${what} was not refused`);
    },
  },
  {
    name: 'an analogue input gives millivolts',
    needs: 'setVoltage',
    async run(rig) {
      for (const mv of [0, 1, 825, 1650, 3299]) {
        rig.setVoltage?.(ADC_PIN, mv);
        const read = rig.hal.adc.read(ADC_PIN);
        check(Math.abs(read - mv) <= ADC_STEP_MV, `read ${read} mV of ${mv}`);
      }
    },
  },
  {
    name: 'a device on the I2C bus gets what is written, and gives what is read after it',
    needs: 'connectI2c',
    async run(rig) {
      const { i2c } = rig.hal;
      rig.connectI2c?.(ADDRESS, new RegisterDevice({ 0: 0x12, 1: 0xff, 2: 0x80 }));
      i2c.setup(I2C);
      same(i2c.transfer(ADDRESS, '\x00', 3), '\x12\xff\x80', 'registers 0 to 2');
      same(i2c.transfer(ADDRESS, '\x01', 2), '\xff\x80', 'registers 1 and 2');
      same(i2c.transfer(ADDRESS, '\x10\xc3\x00\x7f', 0), '', 'what a write gives');
      same(i2c.transfer(ADDRESS, '\x10', 4), '\xc3\x00\x7f\x00', 'what was written');
      same(i2c.transfer(ADDRESS, '', 1), '\x00', 'what a read alone gives');
      for (const [address, bytes, count] of [
        [7, 'x', 0],
        [0x78, 'x', 0],
        [ADDRESS, '', 0],
        [ADDRESS, 'x'.repeat(256), 0],
        [ADDRESS, 'x', 256],
      ] as const) {
        check(
          refusal(() => i2c.transfer(address, bytes, count)).indexOf(': expected ') > 0,
          `a transfer of ${bytes.length} and ${count} bytes was not refused`,
        );
      }
    },
  },
  {
    name: 'nobody on the I2C bus is null, and so is a device that is busy',
    needs: 'connectI2c',
    async run(rig) {
      const { i2c } = rig.hal;
      rig.connectI2c?.(ADDRESS, new Sht31(() => ROOM));
      i2c.setup(I2C);
      same(i2c.transfer(NOBODY, '\x00', 1), null, 'what nobody gives');
      same(i2c.transfer(NOBODY, '\x00', 0), null, 'a write to nobody');
      same(i2c.transfer(ADDRESS, '\x24\x00', 6), null, 'a sensor that still measures');
      same(i2c.transfer(ADDRESS, '\x24\x00', 0), '', 'the command to measure');
      await rig.advance(20);
      same((i2c.transfer(ADDRESS, '', 6) ?? '').length, 6, 'bytes of a measurement');
      same(i2c.transfer(ADDRESS, '', 6), null, 'the same measurement once more');
    },
  },
  {
    name: 'a search finds who is on a 1-Wire bus, each is addressed by its code, and nobody is null',
    needs: 'connectOneWire',
    async run(rig) {
      const { oneWire } = rig.hal;
      const [other, pin] = rig.pins;
      same(oneWire.search(pin).join(), '', 'codes on an empty bus');
      same(oneWire.transfer(pin, '', READ_SCRATCHPAD, 9), null, 'what an empty bus gives');
      // Told apart by their first bit already: the search finds 0 before 1.
      const sensors = [new Ds18b20(2, () => ({ temperatureC: -10.125 })), new Ds18b20(1, () => ({ temperatureC: 21.5 }))];
      for (const sensor of sensors) rig.connectOneWire?.(pin, sensor);
      same(oneWire.search(pin).join(), sensors.map(({ rom }) => rom).join(), 'codes');
      same(oneWire.search(other).join(), '', 'codes on another pin');
      same(oneWire.transfer(pin, '', CONVERT, 0), '', 'what a command to all gives');
      await rig.advance(760);
      for (const at of [0, 1]) {
        const read = oneWire.transfer(pin, sensors[at].rom, READ_SCRATCHPAD, 9) ?? '';
        same(read.length, 9, 'bytes of a scratchpad');
        same(checksumOf(read), 0, 'its checksum');
        same(((read.charCodeAt(0) | (read.charCodeAt(1) << 8)) << 16) >> 16, at === 0 ? -162 : 344, 'sixteenths of a degree');
      }
      same(oneWire.transfer(pin, NOBODYS_ROM, READ_SCRATCHPAD, 2), '\xff\xff', 'what a device gives that is not there');
    },
  },
  {
    name: 'a sensor on a 1-Wire bus gets every byte that is written to it',
    needs: 'connectOneWire',
    async run(rig) {
      const { oneWire } = rig.hal;
      const [, pin] = rig.pins;
      const sensor = new Ds18b20(7, () => ({ temperatureC: 0 }));
      rig.connectOneWire?.(pin, sensor);
      same(oneWire.transfer(pin, '', '\x4e\x80\xff\x1f', 0), '', 'what a write gives');
      same((oneWire.transfer(pin, '', READ_SCRATCHPAD, 5) ?? '').slice(2), '\x80\xff\x1f', 'what was written');
      for (const [rom, bytes, count] of [
        ['28', 'x', 0],
        [NOBODYS_ROM.toUpperCase(), 'x', 0],
        ['', '', 0],
        ['', 'x'.repeat(256), 0],
        ['', 'x', 256],
      ] as const) {
        check(
          refusal(() => oneWire.transfer(pin, rom, bytes, count)).indexOf(': expected ') > 0,
          `a transfer of ${bytes.length} and ${count} bytes to "${rom}" was not refused`,
        );
      }
    },
  },
  {
    name: 'as many bytes come back by SPI as were sent, in order',
    needs: 'loopSpi',
    async run(rig) {
      const { spi } = rig.hal;
      rig.loopSpi?.();
      spi.setup(SPI);
      for (const bytes of ['x', '\x00', '\xff\x80\x01', ALL_BYTES]) same(spi.transfer(bytes), bytes, `${bytes.length} bytes`);
      check(refusal(() => spi.transfer('')).indexOf(': expected ') > 0, 'a transfer of nothing was not refused');
    },
  },
  {
    name: 'a serial port carries bytes both ways, in order, and its handler is the last one',
    needs: 'sendUart',
    async run(rig) {
      const { uart } = rig.hal;
      let first = '';
      let came = '';
      uart.open(1, UART, (bytes) => {
        first += bytes;
      });
      uart.open(1, UART, (bytes) => {
        came += bytes;
      });
      uart.write(1, 'AT+');
      uart.write(1, 'CSQ;');
      rig.sendUart?.(1, 'OK');
      rig.sendUart?.(1, ALL_BYTES);
      same(came, '', 'bytes from within a call');
      await eventually(rig, () => came.length >= 2 + ALL_BYTES.length && rig.uartSent?.[1]?.length === 7, 'all has come');
      await quiet(rig);
      same(came, `OK${ALL_BYTES}`, 'what came');
      same(rig.uartSent?.[1], 'AT+CSQ;', 'what was sent');
      same(first, '', 'what the first handler got');
    },
  },
  {
    name: 'the address is one of four bytes once the board has joined',
    async run(rig) {
      await join(rig);
      const address = rig.hal.wifi.address();
      check(isAddress(rig.hal, address), `address ${JSON.stringify(address)}`);
      const level = rig.hal.wifi.rssi();
      check(level === null || (level < 0 && level > -120), `signal of ${level} dBm`);
    },
  },
  {
    name: 'a board that has left its network has no address and no signal',
    needs: 'loseWifi',
    async run(rig) {
      await join(rig);
      rig.loseWifi?.();
      await eventually(rig, () => !rig.hal.wifi.isConnected(), 'the loss is noticed');
      same(rig.hal.wifi.address(), '', 'address');
      same(rig.hal.wifi.rssi(), null, 'signal');
    },
  },
];

/** Or none, where the platform does not know its network. */
function isAddress({ wifi }: Hal, address: string): boolean {
  const bytes = address.split('.');
  return (
    (address === '' && wifi.rssi() === null) || (bytes.length === 4 && bytes.every((byte) => /^[0-9]+$/.test(byte) && Number(byte) < 256))
  );
}
