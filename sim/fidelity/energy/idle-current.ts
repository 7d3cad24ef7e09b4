/**
 * The mean current of a station that is joined and idle, beside what ESP-IDF publishes (docs/en/api-guides/
 * low-power-mode/low-power-mode-wifi.rst, v5.4 to latest: `Average Current`, measured in a shielded box): two
 * chips, three modes, DTIM 1, 3 and 10.
 */
import { EnergyMeter } from '../../board/energy/energy-meter.ts';
import { type DeviceName, PROFILES } from '../../board/profiles/index.ts';
import { usFromMs } from '../../kernel/units.ts';
import { resolve } from '../../scenario/document/resolve.ts';
import { World } from '../../world/world.ts';
import { type Comparison, judged } from '../comparison.ts';

const TOLERANCE = 0.15;
const DTIMS = [1, 3, 10];
/** Until it has booted and joined; then it is measured. */
const SETTLED_MS = 60_000;
const MEASURED_MS = 600_000;
const MS_PER_HOUR = 3_600_000;

type Modes = Readonly<Record<'modem-sleep' | 'modem-sleep + DFS' | 'light-sleep', readonly number[]>>;

const PUBLISHED_MA: Partial<Record<DeviceName, Modes>> = {
  'espruino-esp32': {
    'modem-sleep': [31.12, 28.81, 29.66],
    'modem-sleep + DFS': [22.65, 21.89, 20.01],
    'light-sleep': [3.34, 2.33, 2.19],
  },
  'espruino-esp32c3': {
    'modem-sleep': [21.47, 20.82, 20.67],
    'modem-sleep + DFS': [11.35, 10.71, 10.32],
    'light-sleep': [1.4, 0.62, 0.31],
  },
};

export interface IdleStation {
  device: DeviceName;
  mode: keyof Modes;
  dtim: number;
}

/** mA */
export async function idleCurrentMa({ device, mode, dtim }: IdleStation): Promise<number> {
  const { scenario, problems } = resolve({
    air: { medium: 'private' },
    boards: {
      ...{ count: 1, device, boot_spread: 0 },
      ...{ light_sleep: mode === 'light-sleep', frequency_scaling: mode === 'modem-sleep + DFS' },
    },
    link: { power_save: 'min_modem', dtim },
  });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  const { SSID: ssid, password } = scenario.boards.config.wifi;
  const world = new World(scenario, { app: ({ wifi }) => wifi.connect(ssid, password, () => {}) });
  const meter = new EnergyMeter(PROFILES[device].currents, scenario.boards.energy);
  world.observe(() => meter);
  world.start();
  await world.run(SETTLED_MS);
  const beforeMah = meter.drawnMah(usFromMs(world.nowMs));
  await world.run(SETTLED_MS + MEASURED_MS);
  const mah = meter.drawnMah(usFromMs(world.nowMs)) - beforeMah;
  await world.close();
  return (mah * MS_PER_HOUR) / MEASURED_MS;
}

export async function compareIdleCurrents(): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const [device, modes] of Object.entries(PUBLISHED_MA) as [DeviceName, Modes][])
    for (const [mode, published] of Object.entries(modes) as [keyof Modes, readonly number[]][])
      for (const [index, dtim] of DTIMS.entries()) {
        const modelMa = await idleCurrentMa({ device, mode, dtim });
        comparisons.push(judged([`${device.replace(/.*-/, '')}, ${mode}`, `mA at DTIM ${dtim}`], modelMa, published[index], TOLERANCE));
      }
  return comparisons;
}
