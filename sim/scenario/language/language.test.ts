/** Variables, included steps and presets, on files that are only texts. */
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf } from '../document/document-of.ts';
import { loadScenario } from '../document/load.ts';
import { type Override, parseOverride } from '../document/overrides.ts';
import { readDocument } from '../document/read-document.ts';
import type { SourceFolder } from '../document/source-folder.ts';
import type { Scenario } from '../scenario.ts';

type Files = Record<string, string>;

function folderOf(files: Files, file: string): SourceFolder {
  const source = (name: string) => {
    const path = posix.join(posix.dirname(file), name);
    return Object.hasOwn(files, path)
      ? { file: path, text: files[path], folder: folderOf(files, path) }
      : { problem: `${path}: no such file` };
  };
  return {
    id: file,
    readTrace: () => ({ problem: 'no traces here' }),
    locateFirmware: (name) => name,
    readScenario: source,
    readWeather: (name) => ({
      file: name,
      text: `version: 1\nvars: { l: 60ms }\nlink: { latency: "\${l}", loss: 0.01, loss_up: 0.05, rate: 1mbit }\n`,
      folder: folderOf({}, name),
    }),
  };
}

function overrides(texts: readonly string[]): Override[] {
  return texts.map((text) => {
    const override = parseOverride(text);
    if (typeof override === 'string') throw new Error(override);
    return override;
  });
}

function load(files: Files, ...set: string[]) {
  return loadScenario('a.yaml', files['a.yaml'], overrides(set), folderOf(files, 'a.yaml'));
}

function loaded(files: Files, ...set: string[]): Scenario {
  const { scenario, errors } = load(files, ...set);
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}

const OUTAGE =
  'version: 1\nvars: { outage: 30s, loss: 0.1 }\nlink: { loss: "${loss}" }\nsteps:\n  - { at: 1m, action: link.blackhole, for: "${outage}" }\n';

describe('a variable', () => {
  it('stands for its value, which --set changes', () => {
    expect(loaded({ 'a.yaml': OUTAGE })).toMatchObject({ link: { lossRate: 0.1 }, steps: [{ forMs: 30_000 }] });
    expect(loaded({ 'a.yaml': OUTAGE }, 'vars.outage=45s', 'vars.loss=0')).toMatchObject({
      link: { lossRate: 0 },
      steps: [{ forMs: 45_000 }],
    });
    expect(loaded({ 'a.yaml': OUTAGE }, 'steps.0.for=5s', 'link.latency="${outage}"')).toMatchObject({
      steps: [{ forMs: 5_000 }],
      link: { latencyMs: 30_000 },
    });
  });

  it('may be a mapping, stand within a text, and be written out by a second $', () => {
    const text =
      'version: 1\nvars: { gap: { mean: 5m }, limit: 3s }\nabout: "costs $${5}, limit $${limit} is ${limit}"\nsteps: [{ at: 0s, every: "${gap}", action: link.reset }]\nthresholds: ["max(detect_ms) < ${limit}"]\n';
    const { about, steps, thresholds } = loaded({ 'a.yaml': text });
    expect([about, steps[0].every, thresholds]).toEqual([
      'costs ${5}, limit ${limit} is 3s',
      { kind: 'exponential', meanMs: 300_000 },
      ['max(detect_ms) < 3s'],
    ]);
  });

  it.each([
    [
      'unknown',
      OUTAGE.replace('${outage}', '${outtage}').replace('loss}', 'loss}'),
      [],
      [
        'a.yaml:2:9: vars.outage: is used nowhere',
        'a.yaml:5:44: steps.0.for: unknown variable "outtage" (did you mean "outage"?) (written ${outtage})',
      ],
    ],
    [
      'without any',
      'version: 1\nlink: { loss: "${x}" }\n',
      [],
      ['a.yaml:2:15: link.loss: unknown variable "x"; the scenario has no vars: (written ${x})'],
    ],
    [
      'of a wrong value',
      OUTAGE,
      ['vars.outage=45'],
      [
        'a.yaml:5:44: steps.0.for: expected a duration with its unit (500ms, 20s, 10m, 1h) from 1ms to 720h, or one that is drawn each time: { mean: 10m }, { p50: 20s, p99: 5m }, { min: 5s, max: 1m }, got 45 (did you mean 45s?) (written ${outage})',
      ],
    ],
    [
      'that only --set names',
      OUTAGE,
      ['vars.outtage=45s'],
      ['--set vars.outtage=45s: vars.outtage: unknown variable "outtage" (did you mean "outage"?)'],
    ],
    [
      'without a value',
      OUTAGE.replace('30s', 'null'),
      [],
      ['a.yaml:5:44: steps.0.for: outage has no value; expected one in vars:, or --set vars.outage=… (written ${outage})'],
    ],
    [
      'unquoted',
      OUTAGE.replaceAll('"', ''),
      [],
      [expect.stringContaining('(within { } and [ ] a variable is quoted: "${loss}")'), expect.anything()],
    ],
  ])('%s is told with its place', (_what, text, set, errors) => {
    const told = load({ 'a.yaml': text }, ...set).errors;
    expect(told.slice(0, errors.length)).toEqual(errors);
  });

  it('does not come to be when a scenario is written down: its texts read back as they are', () => {
    const about = 'costs $$${5}, $$$${x} and $$$$${y}';
    const one = loaded({ 'a.yaml': `version: 1\nabout: "${about}"\nboards: { config: { wifi: { SSID: "$$\{net}" } } }\n` });
    expect(one.about).toBe('costs $${5}, $$${x} and $$$${y}');
    const again = readDocument(JSON.parse(JSON.stringify(documentOf(one))), []).scenario;
    expect([again?.about, again?.boards.config]).toEqual([one.about, one.boards.config]);
  });

  it('without a value takes it from --set', () => {
    expect(loaded({ 'a.yaml': OUTAGE.replace('30s', 'null') }, 'vars.outage=10s').steps[0].forMs).toBe(10_000);
  });
});

describe('an included scenario', () => {
  const files = {
    'a.yaml':
      'version: 1\nsteps:\n  - { at: 10s, action: link.reset }\n  - { include: sub/b.yaml, at: 2m, vars: { outage: 7s } }\n  - { at: 9m, action: link.reset }\n',
    'sub/b.yaml': OUTAGE.replace('steps:', 'duration: 1m\nsteps:\n  - include: c.yaml\n    at: 5s\n'),
    'sub/c.yaml': 'version: 1\nsteps: [{ at: 1s, action: ap.down, for: 2s }]\n',
  };

  it('gives its steps, later and with its own variables, and nothing else', () => {
    const { steps, link, durationMs } = loaded(files);
    expect(steps.map(({ atMs, action, forMs }) => [atMs, action, forMs])).toEqual([
      [10_000, 'link.reset', 0],
      [126_000, 'ap.down', 2_000],
      [180_000, 'link.blackhole', 7_000],
      [540_000, 'link.reset', 0],
    ]);
    expect([link.lossRate, durationMs]).toEqual([0, 600_000]);
  });

  it('has its errors told where they stand, and those of the steps behind it too', () => {
    const wrong = {
      ...files,
      'sub/c.yaml': 'version: 1\nsteps:\n  - { at: 1s, action: ap.donw }\n',
      'a.yaml': files['a.yaml'].replace('9m', '99m'),
    };
    expect(load(wrong).errors).toEqual([
      'sub/c.yaml:3:23: steps.0.action: unknown action "ap.donw" (did you mean "ap.down"?)',
      'a.yaml:5:11: steps.2.at: 99m is after the end of the run (duration 10m)',
    ]);
  });

  it.each([
    [
      'itself',
      { 'a.yaml': 'version: 1\nsteps: [{ include: a.yaml }]\n' },
      'a.yaml:2:20: steps.0.include: goes round in circles: this file includes a.yaml',
    ],
    [
      'one that includes it',
      { 'a.yaml': 'version: 1\nsteps: [{ include: b.yaml }]\n', 'b.yaml': 'version: 1\nsteps:\n  - include: a.yaml\n' },
      'b.yaml:3:14: steps.0.include: goes round in circles: this file includes b.yaml includes a.yaml',
    ],
    ['what is not there', { 'a.yaml': 'version: 1\nsteps: [{ include: b.yaml }]\n' }, 'a.yaml:2:20: steps.0.include: b.yaml: no such file'],
    [
      'what is no scenario',
      { 'a.yaml': 'version: 1\nsteps: [{ include: b.yaml }]\n', 'b.yaml': 'steps: []\n' },
      'b.yaml: expected a scenario (version: 1) with steps',
    ],
    [
      'what is no YAML',
      { 'a.yaml': 'version: 1\nsteps: [{ include: b.yaml }]\n', 'b.yaml': 'version: 1\na: [\n' },
      expect.stringMatching(/^b\.yaml:\d:\d: /),
    ],
    [
      'with a key that is none',
      { 'a.yaml': 'version: 1\nsteps: [{ include: b.yaml, var: 1 }]\n', 'b.yaml': 'version: 1\nsteps: []\n' },
      'a.yaml:2:28: steps.0.var: unknown key beside include (did you mean "vars"?)',
    ],
    [
      'with a variable that it lacks',
      { 'a.yaml': 'version: 1\nsteps: [{ include: b.yaml, vars: { x: 1 } }]\n', 'b.yaml': 'version: 1\nsteps: []\n' },
      'a.yaml:2:36: steps.0.vars.x: b.yaml: unknown variable "x"; the scenario has no vars:',
    ],
  ])('that is %s is refused with its place', (_what, some, error) => {
    expect(load(some as unknown as Files).errors).toEqual([error]);
  });

  it('is one of so many at most, within each other and in all', () => {
    const deep = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`${n}.yaml`, `version: 1\nsteps: [{ include: ${n + 1}.yaml }]\n`]),
    );
    expect(load({ ...deep, 'a.yaml': deep['0.yaml'] }).errors).toEqual([
      expect.stringContaining('more than 8 files within each other: this file includes 1.yaml'),
    ]);
    const wide = `version: 1\nsteps:\n${'  - { include: b.yaml }\n'.repeat(101)}`;
    expect(load({ 'a.yaml': wide, 'b.yaml': 'version: 1\nsteps: [{ at: 0s, action: link.reset }]\n' }).errors).toEqual([
      'a.yaml:103:16: steps.100.include: expected at most 100 files in all',
    ]);
  });

  it('is nothing where there is no folder', () => {
    expect(loadScenario('a.yaml', files['a.yaml']).errors).toEqual([
      'a.yaml:4:16: steps.1.include: there is no folder here in which another scenario could lie',
    ]);
  });
});

describe('a preset', () => {
  const link = (text: string, ...set: string[]) => loaded({ 'a.yaml': `version: 1\nlink: { ${text} }\n` }, ...set).link;

  it('lies under the link’s own settings, whatever their name; one of both ways takes the place of each', () => {
    expect(link('preset: train')).toMatchObject({ latencyMs: 60, lossRate: 0.01, lossUp: 0.05, rateBps: 1_000_000 });
    const own = link('preset: train, drop_rate: 0.2, jitter: 1ms');
    expect(own).toMatchObject({ latencyMs: 60, lossRate: 0.2, jitterMs: 1 });
    expect(own.lossUp).toBeUndefined();
    expect(link('preset: train, loss_down: 0.3')).toMatchObject({ lossRate: 0.01, lossUp: 0.05, lossDown: 0.3 });
    expect(link('latency: 5ms', 'link.preset=lte')).toMatchObject({ latencyMs: 5, rateBps: 1_000_000 });
  });

  it('that is none is answered with what was meant', () => {
    expect(load({ 'a.yaml': 'version: 1\nlink: { preset: trian }\n' }).errors).toEqual([
      'a.yaml:2:17: link.preset: expected one of home, office, warehouse, train, lte, satellite, got "trian" (did you mean "train"?)',
    ]);
  });
});
