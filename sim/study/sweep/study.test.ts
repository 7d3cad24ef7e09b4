import { describe, expect, it } from 'vitest';
import { loadStudy, type Study } from './study.ts';

const BASE = 'version: 1\nname: s\nseed: 5\nduration: 10s\nboards: { count: 2 }\nsteps:\n  - { at: 1s, action: link.blackhole, for: 2s }\n';

function load(sweep: string, seeds: number | null = null) {
  return loadStudy('s.yaml', `${BASE}${sweep}`, seeds, null);
}

function loaded(sweep: string, seeds: number | null = null): Study {
  const { study, errors } = load(sweep, seeds);
  expect(errors).toEqual([]);
  return study as Study;
}

describe('the grid of a study', () => {
  it('has a cell for every combination, the last parameter running fastest', () => {
    const { cells, seeds } = loaded('sweep: { parameters: { relay.ping_interval: [5s, 10s], link.loss: [0, 0.1, 0.2] }, seeds: 3 }');
    expect(cells.map(({ scenario }) => [scenario.relay.pingIntervalMs, scenario.link.lossRate])).toEqual([
      [5_000, 0],
      [5_000, 0.1],
      [5_000, 0.2],
      [10_000, 0],
      [10_000, 0.1],
      [10_000, 0.2],
    ]);
    expect(cells[1].settings).toEqual(['relay.ping_interval=5s', 'link.loss=0.1']);
    expect(seeds).toEqual([5, 6, 7]);
  });

  it('reaches into steps, and takes mappings as values', () => {
    const { cells } = loaded('sweep: { parameters: { steps.0.for: [3s], boards.backoff: [{ kind: fixed, min: 2s }, { jitter: none }] } }');
    expect(cells.map(({ scenario }) => scenario.steps[0].forMs)).toEqual([3_000, 3_000]);
    expect(cells[0].settings).toEqual(['steps.0.for=3s', 'boards.backoff={ kind: fixed, min: 2s }']);
  });

  it('sets variables, and says where one goes wrong', () => {
    const text = `${BASE.replace('for: 2s', 'for: "${outage}"')}vars: { outage: 2s }\n`;
    const grid = (values: string) => loadStudy('s.yaml', `${text}sweep: { parameters: { vars.outage: ${values} } }\n`, 1, null);
    expect(
      grid('[3s, { p50: 1s, p99: 4s }]').study?.cells.map(({ scenario }) => [scenario.steps[0].forMs, scenario.steps[0].forDrawn?.kind]),
    ).toEqual([
      [3_000, undefined],
      [0, 'log-normal'],
    ]);
    expect(grid('[3]').errors).toEqual([
      expect.stringMatching(/^s\.yaml:7:\d+: steps\.0\.for: expected a duration .* got 3 .*\(with vars\.outage=3\)$/),
    ]);
    expect(loadStudy('s.yaml', `${text}sweep: { parameters: { vars.outrage: [3s] } }\n`, 1, null).errors).toEqual([
      expect.stringContaining('sweep.parameters.vars.outrage.0: unknown variable "outrage" (did you mean "outage"?)'),
    ]);
  });

  it('has named variants that each set several fields, beside fields with values', () => {
    const { cells, parameters } = loaded(
      'sweep: { parameters: { kind: { as it is: {}, "quick, 1 s": { relay.ping_interval: 1s, boards.backoff: { min: 2s } } }, link.loss: [0, 0.1] } }',
    );
    expect(parameters.map(({ name, values }) => [name, values])).toEqual([
      ['kind', ['as it is', 'quick, 1 s']],
      ['link.loss', [0, 0.1]],
    ]);
    expect(cells.map(({ scenario }) => [scenario.relay.pingIntervalMs, scenario.link.lossRate])).toEqual([
      [20_000, 0],
      [20_000, 0.1],
      [1_000, 0],
      [1_000, 0.1],
    ]);
    expect(cells[3].values).toEqual({ kind: 'quick, 1 s', 'link.loss': 0.1 });
    expect(cells[3].settings).toEqual(['relay.ping_interval=1s', 'boards.backoff={ min: 2s }', 'link.loss=0.1']);
  });

  it('can have another number of seeds than the file says', () => {
    expect(loaded('sweep: { parameters: { link.loss: [0] }, seeds: 3 }', 1).seeds).toEqual([5]);
  });

  it('has a digest that changes with everything that is run, and with nothing else', () => {
    const digest = (text: string) => loaded(text).digest;
    const same = 'sweep: { parameters: { link.loss: [0, 0.1] }, seeds: 2 }';
    expect(digest(`about: other words\n${same}`)).toBe(digest(same));
    expect(digest(same.replace('seeds: 2', 'seeds: 2, metrics: [connects, disconnects]'))).toBe(
      digest(same.replace('seeds: 2', 'seeds: 2, metrics: [connects, disconnects], trade_off: [connects, disconnects]')),
    );
    const others = [same.replace('0.1', '0.2'), same.replace('seeds: 2', 'seeds: 3'), `tls: server\n${same}`];
    expect(new Set([same, ...others].map(digest)).size).toBe(4);
  });
});

describe('what is wrong with a study is told with its place', () => {
  it('all of it at once: of the scenario and the grid, or of the grid and its cells', () => {
    expect(load('lnk: {}\nsweep: { parameters: {}, seeds: 0 }').errors).toEqual([
      's.yaml:8:1: lnk: unknown key (did you mean "link"?)',
      's.yaml:9:22: sweep.parameters: expected fields of the scenario with their values (link.loss: [0, 0.1]), got {}',
      's.yaml:9:33: sweep.seeds: expected how many, a whole number from 1 to 10000, got 0',
    ]);
    expect(load('sweep: { parameters: { link.los: [0], relay.ping_interval: [5] }, seeds: 0 }').errors).toEqual([
      's.yaml:8:74: sweep.seeds: expected how many, a whole number from 1 to 10000, got 0',
      expect.stringContaining('s.yaml:8:61: sweep.parameters.relay.ping_interval.0: expected a duration with its unit'),
      's.yaml:8:34: sweep.parameters.link.los: unknown key (did you mean "loss"?)',
    ]);
  });

  it.for([
    ['', 's.yaml: not a study: it has no sweep: { parameters: … }; npx tsx sim replay plays scenarios'],
    ['sweep: 5', 's.yaml:8:8: sweep: expected a mapping with parameters: { path: [values], … }, got 5'],
    [
      'sweep: { parameters: {} }',
      's.yaml:8:22: sweep.parameters: expected fields of the scenario with their values (link.loss: [0, 0.1]), got {}',
    ],
    ['sweep: { parameters: { link.loss: [] } }', 's.yaml:8:35: sweep.parameters.link.loss: expected a list of at least one value, got []'],
    ['sweep: { parameters: { link.loss: 0.1 } }', 'sweep.parameters.link.loss: expected a list of at least one value, got 0.1'],
    ['sweep: { parameters: { link.loss: [0, 0] } }', 's.yaml:8:39: sweep.parameters.link.loss.1: 0 is in the list already'],
    [
      'sweep: { parameters: { link.loss: [0, 2] } }',
      's.yaml:8:39: sweep.parameters.link.loss.1: expected a number from 0 to 1 (10 % is 0.1), got 2',
    ],
    ['sweep: { parameters: { link.los: [0] } }', 'sweep.parameters.link.los: unknown key (did you mean "loss"?)'],
    ['sweep: { parameters: { steps.4.for: [1s] } }', 'sweep.parameters.steps.4.for'],
    ['sweep: { parameters: { "a b": [1] } }', 'sweep.parameters.a b: expected the dotted path of a field'],
    ['sweep: { parameters: { seed: [1, 2] } }', 'sweep.parameters.seed: cannot be swept: the seeds of a study are sweep.seeds'],
    ['sweep: { parameters: { boards.backoff: [fixed], boards.backoff.min: [1s] } }', 'lies inside boards.backoff, which is swept too'],
    ['sweep: { parameters: { kind: {} } }', 's.yaml:8:30: sweep.parameters.kind: expected a list of values, or variants by name'],
    [
      'sweep: { parameters: { kind: { a: 5 } } }',
      's.yaml:8:35: sweep.parameters.kind.a: expected the fields that the variant sets ({ link.loss: 0.1, … }), got 5',
    ],
    [
      'sweep: { parameters: { kind: { a: { link.loss: 2 } } } }',
      's.yaml:8:48: sweep.parameters.kind.a.link.loss: expected a number from 0 to 1 (10 % is 0.1), got 2',
    ],
    ['sweep: { parameters: { kind: { a: { link.los: 0 } } } }', 's.yaml:8:47: sweep.parameters.kind.a.link.los: unknown key'],
    ['sweep: { parameters: { kind: { a: { seed: 2 } } } }', 'sweep.parameters.kind.a.seed: cannot be swept'],
    ['sweep: { parameters: { kind: { "": { link.loss: 0 } } } }', 'expected a name of 1 to 60 characters'],
    ['sweep: { parameters: { "5": { a: { link.loss: 0 } } } }', 'expected a name for what these variants are'],
    [
      'sweep: { parameters: { kind: { a: { link.loss: 0 } }, link.loss: [0] } }',
      'sweep.parameters.kind.a.link.loss: is swept by another parameter too',
    ],
    [
      'sweep: { parameters: { kind: { a: { boards.backoff: fixed, boards.backoff.min: 1s } } } }',
      'sweep.parameters.kind.a.boards.backoff.min: lies inside boards.backoff, which is swept too',
    ],
    [
      'sweep: { parameters: { link.loss: [0] }, metrics: [connects, disconnects], trade_off: [connects, mean(detect_ms)] }',
      "sweep.trade_off: expected two of the study's metrics",
    ],
    ['sweep: { parameters: { link.loss: [0] }, seed: 4 }', 's.yaml:8:48: sweep.seed: unknown key (did you mean "seeds"?)'],
    ['sweep: { parameters: { link.loss: [0] }, seeds: 0 }', 'sweep.seeds: expected how many, a whole number from 1 to 10000, got 0'],
    ['sweep: { parameters: { link.loss: [0] }, metrics: [detekt] }', 'there is no metric "detekt"; the nearest is'],
    [
      'sweep: { parameters: { link.loss: [0] }, metrics: [detect_ms] }',
      'detect_ms is a distribution; ask for one number of it, like p95(detect_ms)',
    ],
    ['sweep: { parameters: { link.loss: [0] }, metrics: ["a > b"] }', 'expected a metric like false_disconnects or p95(reconnect_ms)'],
    [`sweep: { parameters: { steps.0.at: [${many(101)}], steps.0.for: [${many(100)}] } }`, '10100 cells; expected at most 10000'],
    [
      `sweep: { parameters: { steps.0.at: [${many(101)}] }, seeds: 10000 }`,
      '101 cells with 10000 seeds each; expected at most 1000000 runs',
    ],
  ])('%s', ([sweep, message]) => {
    const { study, errors } = load(sweep);
    expect(study).toBeNull();
    expect(errors.join('\n')).toContain(message);
  });

  it('without taking long over lists that are far too long', () => {
    const { errors } = load(`sweep: { parameters: { steps.0.at: [${many(8_000)}], steps.0.for: [${many(8_000)}], steps: [1] } }`);
    expect(errors).toEqual([expect.stringContaining('lies inside steps'), expect.stringContaining('lies inside steps')]);
  });

  it('and what is wrong with the scenario around the grid where it stands', () => {
    expect(load('lin: 5\nsweep: { parameters: { link.loss: [0] } }').errors).toEqual([
      's.yaml:8:1: lin: unknown key (did you mean "link"?)',
    ]);
  });
});

function many(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index + 1}ms`).join(', ');
}
