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
