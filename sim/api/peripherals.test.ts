/** The other side of a virtual board, by steps: what is connected to it, and what is expected of it. */
import type { FirmwareApp } from 'firmware/boot';
import { expect, it } from 'vitest';
import { type Settings, type SimulateOptions, simulate } from './index.ts';

/** A door contact with a meter, a modem and a thermometer: says what each tells it. */
const app: FirmwareApp = (hal) => {
  hal.uart.open(1, { tx: 17, rx: 16, baud: 9600 }, (bytes) => {
    if (bytes === 'RING') hal.uart.write(1, 'ATA;');
  });
  hal.gpio.pull(14, 'up');
  hal.gpio.watch(14, 'falling', 20, () => {
    hal.log.line(`door, ${Math.round(hal.adc.read(34) / 100)} dV`);
    if (!hal.storage.write('door', String(hal.clock.now()))) hal.log.line('flash failed');
  });
  hal.gpio.pwm(25, 0.3, 1_000);
  hal.i2c.setup({ sda: 21, scl: 22, bitrateHz: 100_000 });
  const look = (): void => {
    const bytes = hal.i2c.transfer(0x48, '\x00', 2);
    hal.log.line(bytes === null ? 'nobody' : `register ${bytes.charCodeAt(1)}`);
    hal.clock.setTimeout(look, 10_000);
  };
  hal.clock.setTimeout(look, 5_000);
};

const SETTINGS = { boards: { count: 1, device: 'ideal', bootSpread: '0s' }, duration: '40s', firmware: app } as const satisfies Settings;

async function play(steps: Settings['steps']) {
  const lines: string[] = [];
  const onWorld: SimulateOptions['onWorld'] = ({ events$ }) =>
    events$.subscribe(({ event, line }) => event === 'board.log' && lines.push(String(line)));
  const { checks } = await simulate({ ...SETTINGS, steps, onWorld });
  return { lines, broken: checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`) };
}

it('moves pins, voltages, a serial port, a device and the health of flash, and sees what comes of it', async () => {
  const { lines, broken } = await play([
    { at: '0s', action: 'pin.set', pin: 14, to: 1 },
    { at: '0s', action: 'adc.set', pin: 34, mv: 1_000 },
    { at: '1s', action: 'adc.set', pin: 34, mv: 3_000, over: '30s' },
    { at: '12s', action: 'i2c.device', model: 'registers', address: 0x48, bytes: '00 2a', for: '10s' },
    { at: '16s', action: 'pin.set', pin: 14, to: 0 },
    { at: '16s', action: 'expect', expect: 'flash.write', file: 'door', within: '1s' },
    { at: '20s', action: 'expect', expect: 'uart.sent', data: 'ATA', within: '1s' },
    { at: '20s', action: 'uart.send', data: 'RING' },
    { at: '30s', action: 'flash.fail', for: '5s' },
    { at: '30s', action: 'pin.set', pin: 14, to: 1 },
    { at: '31s', action: 'pin.set', pin: 14, to: 0 },
  ]);
  expect(broken).toEqual([]);
  expect(lines).toEqual(['nobody', 'register 42', 'door, 20 dV', 'nobody', 'door, 30 dV', 'flash failed', 'nobody']);
});

it('says what a board did not send, and did not write', async () => {
  const { broken } = await play([
    { at: '20s', action: 'uart.send', data: 'NO CARRIER' },
    { at: '20s', action: 'expect', expect: 'uart.sent', data: 'ATA', within: '1s' },
    { at: '20s', action: 'expect', expect: 'flash.write', within: '1s' },
  ]);
  expect(broken).toEqual([expect.stringContaining('sent nothing with "ATA" by a serial port'), expect.stringContaining('wrote no file')]);
});

it('expects pulses of a pin by their duty and frequency', async () => {
  const { broken } = await play([
    { at: '1s', action: 'expect', expect: 'pin.pwm', pin: 25, duty: 0.3, frequency: 1_000, within: '5s' },
    { at: '1s', action: 'expect', expect: 'pin.pwm', pin: 25, duty: 0.4, within: '5s' },
    { at: '1s', action: 'expect', expect: 'pin.pwm', pin: 26, within: '5s' },
    { at: '30s', action: 'expect', expect: 'pin.pwm', pin: 25 },
  ]);
  expect(broken).toEqual([
    expect.stringMatching(/^expect pin.pwm at 40 % on pin 25 within 5s: .*had no such pulses on pin 25 within 5/),
    expect.stringMatching(/^expect pin.pwm on pin 26 within 5s: /),
  ]);
});

/** Reads a thermometer by 1-Wire, and a BME280 by SPI, every five seconds. */
const reader: FirmwareApp = ({ oneWire, spi, clock, log }) => {
  spi.setup({ sck: 18, mosi: 23, miso: 19, bitrateHz: 1_000_000, mode: 0 });
  const read = (): void => {
    const bytes = oneWire.transfer(4, '', '\xbe', 2);
    const degrees = bytes === null ? 'nobody' : `${(((bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8)) << 16) >> 16) / 16} °C`;
    log.line(`${degrees}, chip ${spi.transfer('\xd0\xff', 5).charCodeAt(1).toString(16)}`);
    oneWire.transfer(4, '', '\x44', 0);
    clock.setTimeout(read, 5_000);
  };
  clock.setTimeout(read, 1_000);
};

it('connects devices to 1-Wire and SPI buses, and what they measure changes under them', async () => {
  const lines: string[] = [];
  await simulate({
    ...SETTINGS,
    duration: '30s',
    firmware: reader,
    steps: [
      { at: '3s', action: 'onewire.device', model: 'ds18b20', temperature: 20, for: '24s' },
      // In the middle of a conversion: what the sensor has begun to measure it ends.
      { at: '11.3s', action: 'onewire.device', model: 'ds18b20', temperature: -5.5 },
      { at: '14s', action: 'spi.device', model: 'bme280' },
      { at: '18s', action: 'spi.device', model: 'registers', from: 80, bytes: '2a' },
    ],
    onWorld: ({ events$ }) => events$.subscribe(({ event, line }) => event === 'board.log' && lines.push(String(line))),
  });
  expect(lines.map((line) => line.replace('\xc2\xb0', '°'))).toEqual([
    'nobody, chip ff',
    '85 °C, chip ff',
    '20 °C, chip ff',
    '20 °C, chip 60',
    '-5.5 °C, chip 2a',
    '-5.5 °C, chip 2a',
  ]);
});
