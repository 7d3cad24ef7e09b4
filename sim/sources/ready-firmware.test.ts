/** What Espruino cannot run is refused before anything runs, in the words of `npx tsx firmware check`. */
import { existsSync } from 'node:fs';
import { main as firmware } from 'firmware/cli/main';
import { describe, expect, it } from 'vitest';
import { sim } from '../cli/testing/capture.ts';
import { type Scratch, scratch } from '../cli/testing/scratch.ts';
import type { Summary } from '../measure/result.ts';

const ASYNC = `import { createChannel, type DeviceConfig } from 'firmware/channel';
import type { Hal } from 'hal';
import { wait } from './wait.ts';
export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  const seen = new Set<string>();
  async function run(): Promise<void> {
    for (;;) {
      if (channel.send('x')) seen.add('x');
      await wait(hal, 100);
    }
  }
  void run();
}
`;
const WAIT = `import type { Hal } from 'hal';
export const wait = async (hal: Hal, ms: number): Promise<void> => new Promise((done) => void hal.clock.setTimeout(done, ms));
`;
const FLEET = ['--boards', '2', '--duration', '20s', '--no-report', '--no-trace'];

function written(files: Scratch): { app: string; out: string } {
  files.write('wait.ts', WAIT);
  return { app: files.write('app.ts', ASYNC), out: files.path('run') };
}

async function checked(app: string): Promise<string> {
  let words = '';
  const take = (text: string): void => {
    words += text;
  };
  expect(await firmware(['check', app], { out: take, err: take })).toBe(2);
  return words;
}

describe('an app that Espruino cannot run', () => {
  it.each(['espruino-esp32', 'ideal'])('is refused on %s, with all its sources', async (device) => {
    const { app, out } = written(scratch());
    const { exitCode, err } = await sim(...FLEET, '--device', device, '--firmware', app, '--out', out);
    expect(exitCode).toBe(2);
    expect(err.split('\n').sort()).toEqual((await checked(app)).split('\n').sort());
    expect(err).toMatch(/app\.ts:7:3: async function: use a callback/);
    expect(err).toMatch(/wait\.ts:2:21: async function: use a callback/);
    expect(existsSync(out)).toBe(false);
  });

  it('runs on the device ideal when that is asked for, and says how to do so again', async () => {
    const { app, out } = written(scratch());
    const { exitCode, out: said } = await sim(...FLEET, '--device', 'ideal', '--any-javascript', '--firmware', app, '--json', '--out', out);
    expect(exitCode).toBe(0);
    const { metrics, replay } = JSON.parse(said) as Summary;
    expect(metrics.messages_sent).toBeGreaterThan(200);
    expect(replay).toBe(`npx tsx sim --boards 2 --firmware ${app} --device ideal --any-javascript --duration 20s`);
  });

  it('runs on micropython-esp32, where it stands for a program in another language, with a note', async () => {
    const { app, out } = written(scratch());
    const { exitCode, err } = await sim(...FLEET, '--device', 'micropython-esp32', '--quiet', '--firmware', app, '--out', out);
    expect(exitCode).toBe(0);
    expect(err).toMatch(
      /^Espruino cannot run .*app\.ts \(.*app\.ts:6:20: Set does not exist: .*, and \d+ findings more\); micropython-esp32 plays it all the same\.\n$/,
    );
  });

  it('is refused in a scenario that plays it, and by a sweep and a fuzz of that, each before anything runs', async () => {
    const files = scratch();
    const { app } = written(files);
    const scenario = files.write('s.yaml', `version: 1\nboards: { firmware: ${app} }\n`);
    const study = files.write('study.yaml', `version: 1\nboards: { firmware: ${app} }\nsweep: { parameters: { link.loss: [0, 0.1] } }\n`);
    for (const words of [
      ['replay', scenario],
      ['sweep', study],
      ['fuzz', '--scenario', scenario],
      ['compare', scenario, scenario],
    ]) {
      const { exitCode, err } = await sim(...words);
      expect(exitCode).toBe(2);
      expect(err).toMatch(/app\.ts:7:3: async function: use a callback/);
    }
  });
});

it.each([
  [['--any-javascript'], '--any-javascript: no board runs any JavaScript: expected the device ideal with it, got espruino-esp32\n'],
  [
    ['--any-javascript', '--device', 'micropython-esp32'],
    '--any-javascript: no board runs any JavaScript: expected the device ideal with it, got micropython-esp32\n',
  ],
])('%j is refused', async (words, error) => {
  expect(await sim(...words)).toMatchObject({ exitCode: 2, err: error });
});
