/** A radio that its firmware tells how to save power, beside one whose link's settings say the same. */
import { app } from 'firmware/apps/sos';
import type { FirmwareApp } from 'firmware/boot';
import type { PowerSaveMode } from 'hal';
import { expect, it } from 'vitest';
import type { LinkValues } from '../../net/link/settings.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { run } from '../run.ts';

const DURATION_MS = 60_000;

/** @param restartsAfterMs of each board, once, which then says nothing to its radio */
function saves(mode: PowerSaveMode, listenInterval?: number, restartsAfterMs?: number): FirmwareApp {
  return (hal, config) => {
    if (hal.system.resetReason() === 'power_on') {
      hal.wifi.powerSave(mode, listenInterval);
      if (restartsAfterMs !== undefined) hal.clock.setTimeout(() => hal.system.restart('test'), restartsAfterMs);
    }
    app(hal, config);
  };
}

async function metricsOf(link: LinkValues, firmware: FirmwareApp = app): Promise<Record<string, unknown>> {
  const scenario = makeScenario({ duration: DURATION_MS, boards: { count: 2, light_sleep: true }, link: { latency: 10, ...link } });
  const { summary } = await run(scenario, firmware);
  expect(summary.checks.filter(({ ok }) => !ok)).toEqual([]);
  return summary.metrics as unknown as Record<string, unknown>;
}

it.each<[LinkValues, FirmwareApp]>([
  [{ power_save: 'min_modem', dtim: 3 }, saves('min_modem')],
  [{ power_save: 'max_modem', listen_interval: 10 }, saves('max_modem', 10)],
])('waits and draws its current as with %j', async (link, firmware) => {
  const { dtim = 1 } = link;
  expect(await metricsOf({ power_save: 'none', dtim }, firmware)).toEqual(await metricsOf(link));
});

it('draws the less the more of the beacons it sleeps through, and a boot forgets it', async () => {
  const drawn = async (firmware?: FirmwareApp) => (await metricsOf({}, firmware)).energy_mah_per_day as number;
  const all = [await drawn(), await drawn(saves('min_modem')), await drawn(saves('max_modem')), await drawn(saves('max_modem', 20))];
  expect([...all].sort((a, b) => b - a)).toEqual(all);
  expect(new Set(all).size).toBe(4);
  expect(await drawn(saves('max_modem', 20, DURATION_MS / 4))).toBeGreaterThan(all[0] / 2);
});
