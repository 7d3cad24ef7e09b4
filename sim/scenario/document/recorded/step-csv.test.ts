/** Steps whose values a file has over time. */
import { expect, it } from 'vitest';
import { loadScenario } from '../load.ts';
import type { SourceFolder } from '../source-folder.ts';

const beside = (files: Record<string, string>): SourceFolder => ({
  id: 's.yaml',
  readTrace: (name) => (name in files ? { text: files[name] } : { problem: 'no such file' }),
  locateFirmware: (name) => name,
  readScenario: () => ({ problem: 'not here' }),
  readWeather: () => ({ problem: 'not here' }),
});

function load(steps: string, files: Record<string, string> = {}) {
  const { scenario, errors } = loadScenario('s.yaml', `version: 1\nduration: 5m\nsteps:\n${steps}\n`, [], beside(files));
  return { steps: scenario?.steps.map(({ atMs, action, parameters }) => ({ atMs, action, ...parameters })), errors };
}

it('is a step for each row, from the step’s own time on and with what else it says, up to the end of the run', () => {
  const steps = '  - { at: 1m, action: adc.set, pin: 34, noise: 5, csv: battery.csv }\n  - { at: 2m, action: pin.set, pin: 14, to: 1 }';
  const files = { 'battery.csv': 't_ms,mv\n0,3300\n1500.5,\n90000,2900.5\n239999,2000\n240001,0\n' };
  expect(load(steps, files)).toEqual({
    steps: [
      { atMs: 60_000, action: 'adc.set', pin: 34, noise: 5, mv: 3_300 },
      { atMs: 120_000, action: 'pin.set', pin: 14, to: 1 },
      { atMs: 150_000, action: 'adc.set', pin: 34, noise: 5, mv: 2_900.5 },
      { atMs: 299_999, action: 'adc.set', pin: 34, noise: 5, mv: 2_000 },
    ],
    errors: [],
  });
});

it('changes several values at once, each where its row has one', () => {
  const files = { 'air.csv': 't_ms,temperature,humidity\n0,20,40\n60000,,45\n' };
  expect(load('  - { at: 0s, action: i2c.device, model: sht31, csv: air.csv }', files).steps).toEqual([
    { atMs: 0, action: 'i2c.device', model: 'sht31', temperature: 20, humidity: 40 },
    { atMs: 60_000, action: 'i2c.device', model: 'sht31', humidity: 45 },
  ]);
});

it.each([
  ['t_ms,mv\n0,9999\n', 'a.csv: line 2: mv: expected a number from 0 to 3300, got "9999"'],
  ['t_ms,mv\n0,x\n', 'a.csv: line 2: mv: expected a number from 0 to 3300, got "x"'],
  ['t_ms,mv\n5,1\n5,2\n', 'a.csv: line 3: t_ms: expected a number of milliseconds after 5, got "5"'],
  ['t_ms,volts\n', 'a.csv: line 1: unknown column "volts"; expected t_ms and any of mv'],
  ['t_ms,noise\n', 'a.csv: line 1: unknown column "noise"; expected t_ms and any of mv'],
  ['mv\n1\n', 'a.csv: line 1: expected a CSV that begins with t_ms and any of mv'],
  ['', 'a.csv: line 1: expected a CSV that begins with t_ms and any of mv'],
  ['t_ms,mv\n1,2,3\n', 'a.csv: line 2: 3 cells; expected 2'],
  ['t_ms,mv\n999999,2\n', 'a.csv: expected a row before the end of the run'],
  ['t_ms,mv\n0,"1\n', 'a.csv: line 2: Quote Not Closed: the parsing is finished with an opening quote at line 2'],
])('says what is wrong with %j', (text, message) => {
  const { errors } = load('  - { at: 0s, action: adc.set, pin: 34, csv: a.csv }', { 'a.csv': text });
  expect(errors).toEqual([`s.yaml:4:46: steps.0.csv: ${message}`]);
});

it.each([
  ['{ at: 0s, action: adc.set, pin: 34, csv: b.csv }', 'no such file'],
  ['{ at: 0s, action: adc.set, pin: 34, csv: a.csv, every: 10s }', 'expected no every: beside it'],
  ['{ at: 0s, action: adc.set, pin: 34, csv: a.csv, mv: 3 }', 'expected no value of the step in a column, too'],
  ['{ at: 0s, action: i2c.device, model: registers, address: 72, bytes: "0a", csv: a.csv }', 'unknown column "mv"'],
  ['{ at: 0s, action: pin.set, pin: 3, to: 1, csv: a.csv }', 'unknown key'],
])('says what is wrong with %s', (step, message) => {
  expect(load(`  - ${step}`, { 'a.csv': 't_ms,mv\n0,1\n' }).errors).toEqual([expect.stringContaining(message)]);
});
