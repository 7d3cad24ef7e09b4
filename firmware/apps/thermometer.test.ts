/** The thermometer app on a scripted board, with a sensor that may be gone. */
import { Ds18b20 } from 'hal/bench/ds18b20';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { clientFrames } from '../testing/server-side.ts';
import { app } from './thermometer.ts';

const MINUTE_MS = 60_000;
const CONFIG = { ...DEFAULT_CONFIG, keepalive: { ...DEFAULT_CONFIG.keepalive, ping_interval_ms: 0 } };

function start({ hasSensor = true } = {}) {
  const air = { temperatureC: 21.5 };
  const hal = new FakeHal();
  const sensor = new Ds18b20(1, () => air);
  if (hasSensor) hal.oneWire.connect(4, sensor);
  app(hal, CONFIG);
  hal.clock.advance(100);
  hal.socket().open();
  hal.clock.advance(1_000);
  /** What the board said by its newest channel, its request left out. */
  const said = (): string[] => clientFrames(hal.socket().writes.slice(1).join('')).map(({ payload }) => payload);
  return { air, hal, sensor, said };
}

it('tells its radio to sleep, and sends what it has measured, then only what has changed by half a degree', () => {
  const { air, hal, said } = start();
  expect([hal.wifi.powerSaves, said()]).toEqual([['max_modem'], ['21.5 C']]);
  for (const temperatureC of [21.7, 21.95, 22.0, 22.4, -0.5]) {
    air.temperatureC = temperatureC;
    hal.clock.advance(MINUTE_MS);
  }
  expect(said()).toEqual(['21.5 C', '22 C', '-0.5 C']);
});

it('says it again to whoever is there after a loss', () => {
  const { hal, said } = start();
  hal.socket().handlers.onClose(null);
  hal.clock.advance(MINUTE_MS);
  hal.socket().open();
  expect(said()).toEqual(['21.5 C']);
});

it('goes on without a sensor, and with one that comes back', () => {
  const { hal, sensor, said } = start({ hasSensor: false });
  expect([hal.log.lines.filter((line) => line.startsWith('thermometer')), said()]).toEqual([['thermometer: no sensor'], []]);
  hal.oneWire.connect(4, { rom: '28ffffffffffff00', transact: (_bytes, count) => '\x01'.repeat(count) });
  hal.clock.advance(MINUTE_MS);
  expect(hal.log.lines).toContain('thermometer: bad checksum');
  hal.oneWire.disconnect(4, '28ffffffffffff00');
  hal.oneWire.connect(4, sensor);
  hal.clock.advance(MINUTE_MS);
  expect(said()).toEqual(['21.5 C']);
});
