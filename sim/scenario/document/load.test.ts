import { readFileSync } from 'node:fs';
import { DEFAULT_CONFIG } from 'firmware/config';
import { describe, expect, it } from 'vitest';
import { LINK_FIELDS } from '../../net/link/settings.ts';
import { ACTIONS } from '../steps/index.ts';
import { loadScenario } from './load.ts';
import { type Override, parseOverride } from './overrides.ts';

const DURATION = 'a duration with its unit (500ms, 20s, 10m, 1h)';

function errorsOf(text: string, sets: string[] = []): string[] {
  return loadScenario('f.yaml', text, sets.map(override)).errors;
}

function override(text: string): Override {
  const parsed = parseOverride(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

/** A legal file of which `lines` is the rest. */
function scenarioOf(lines: string) {
  const { scenario, errors } = loadScenario('f.yaml', `version: 1\n${lines}`);
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}

describe('a scenario file', () => {
  const BAD: [fault: string, lines: string, error: string][] = [
    ['an empty list instead of a scenario', '[]', 'f.yaml:1:1: expected a mapping, got []'],
    ['a text instead of a scenario', 'hello', 'f.yaml:1:1: expected a mapping, got "hello"'],
    ['no version', 'seed: 1', 'f.yaml:1:1: version: is missing; expected 1, the version of this format'],
    ['another version', 'version: 2', 'f.yaml:1:10: version: expected 1, the version of this format, got 2'],
    ['an unknown key', 'version: 1\nsed: 7', 'f.yaml:2:1: sed: unknown key (did you mean "seed"?)'],
    ['an unknown key of a section', 'version: 1\nlink: { los: 1 }', 'f.yaml:2:9: link.los: unknown key (did you mean "loss"?)'],
    [
      'a key that is like no other',
      'version: 1\nrelay: { x: 1 }',
      'f.yaml:2:10: relay.x: unknown key; expected one of server, ping_interval, ping_timeout, duplicate_id, mode, backlog, accept_time, ws_ping_interval, ws_ping_timeout',
    ],
    ['a key given twice', 'version: 1\nseed: 1\nseed: 2', 'f.yaml:3:1: the key is given twice'],
    [
      'a bad name',
      'version: 1\nname: ../x',
      'f.yaml:2:7: name: expected a name of 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit, got "../x"',
    ],
    ['a negative seed', 'version: 1\nseed: -1', 'f.yaml:2:7: seed: expected a whole number from 0 to 4294967295, got -1'],
    ['a broken seed', 'version: 1\nseed: 1.5', 'f.yaml:2:7: seed: expected a whole number from 0 to 4294967295, got 1.5'],
    ['a number in quotes', 'version: 1\nseed: "1"', 'f.yaml:2:7: seed: expected a whole number from 0 to 4294967295, got "1"'],
    [
      'a duration without unit',
      'version: 1\nduration: 10',
      `f.yaml:2:11: duration: expected ${DURATION} from 1ms to 720h, got 10 (did you mean 10s?)`,
    ],
    [
      'a duration with a strange unit',
      'version: 1\nduration: 10d',
      `f.yaml:2:11: duration: expected ${DURATION} from 1ms to 720h, got "10d"`,
    ],
    ['too long a duration', 'version: 1\nduration: 721h', `f.yaml:2:11: duration: expected ${DURATION} from 1ms to 720h, got "721h"`],
    ['nothing where a section should be', 'version: 1\nboards:', 'f.yaml:2:8: boards: expected a mapping, got null'],
    ['a list where a section should be', 'version: 1\nlink: [1]', 'f.yaml:2:7: link: expected a mapping, got [1]'],
    ['no boards', 'version: 1\nboards: { count: 0 }', 'f.yaml:2:18: boards.count: expected a whole number from 1 to 10000, got 0'],
    [
      'an unknown device',
      'version: 1\nboards:\n  device: esp8266',
      'f.yaml:3:11: boards.device: expected one of espruino-esp32, micropython-esp32, espruino-esp32c3, micropython-esp32c3, ideal, got "esp8266"',
    ],
    ['infinite loss', 'version: 1\nlink: { loss: .inf }', 'f.yaml:2:15: link.loss: expected a number from 0 to 1 (10 % is 0.1), got .inf'],
    ['no number', 'version: 1\nseed: .NaN', 'f.yaml:2:7: seed: expected a whole number from 0 to 4294967295, got .nan (written .NaN)'],
    ['a list of none', 'version: 1\nseed: [-.inf]', 'f.yaml:2:7: seed: expected a whole number from 0 to 4294967295, got ["-.inf"]'],
    [
      'a number beyond all',
      'version: 1\nlink: { loss: 1e999 }',
      'f.yaml:2:15: link.loss: expected a number from 0 to 1 (10 % is 0.1), got .inf (written 1e999)',
    ],
    [
      'a number that cannot be held',
      'version: 1\nboards: { count: 12345678901234567890 }',
      'f.yaml:2:18: boards.count: expected a whole number from 1 to 10000, got 12345678901234567000 (written 12345678901234567890)',
    ],
    [
      'an octal number',
      'version: 1\nlink: { loss: 0o17 }',
      'f.yaml:2:15: link.loss: expected a number from 0 to 1 (10 % is 0.1), got 15 (did you mean 0.15?) (written 0o17)',
    ],
    [
      'what was octal once',
      'version: 1\nlink: { loss: 017 }',
      'f.yaml:2:15: link.loss: expected a number from 0 to 1 (10 % is 0.1), got 17 (did you mean 0.17?) (written 017)',
    ],
    [
      'loss in percent',
      'version: 1\nlink: { loss: 10% }',
      'f.yaml:2:15: link.loss: expected a number from 0 to 1 (10 % is 0.1), got "10%" (did you mean 0.1?)',
    ],
    [
      'a balancer whose connections may have no time at all',
      'version: 1\nbalancer: { max_lifetime: 24s, lifetime_spread: 55s }',
      'f.yaml:2:49: balancer.lifetime_spread: expected at most max_lifetime, 24s',
    ],
    [
      'the same by a step',
      'version: 1\nsteps: [{ at: 1s, action: balancer.max_lifetime, after: 24s, spread: 55s }]',
      'f.yaml:2:9: steps.0: expected a spread: of at most after:, so that a connection has any time',
    ],
    [
      'both names of one setting',
      'version: 1\nlink: { loss: 0.1, drop_rate: 0.2 }',
      'f.yaml:2:31: link.drop_rate: another name of loss, which is given too',
    ],
    [
      'a size as bit rate',
      'version: 1\nlink: { rate: 2MB }',
      'f.yaml:2:15: link.rate: expected a bit rate with its unit (250kbit, 2mbit) from 1kbit to 10gbit, got "2MB"',
    ],
    [
      'a bad part of a backoff',
      'version: 1\nboards: { backoff: { kind: linear } }',
      'f.yaml:2:28: boards.backoff.kind: expected one of fixed, exponential, got "linear"',
    ],
    [
      'a bad backoff in text form',
      'version: 1\nboards: { backoff: "fixed,min=1" }',
      `f.yaml:2:20: boards.backoff.min: expected ${DURATION} from 100ms to 24h, got "1" (did you mean 1s?)`,
    ],
    [
      'a shortest wait above the longest',
      'version: 1\nboards: { backoff: { min: 10s, max: 5s } }',
      'f.yaml:2:37: boards.backoff.max: expected at least min_ms (10000), got 5000',
    ],
    [
      'a bad key of the config',
      'version: 1\nboards: { config: { outboxx: 3 } }',
      'f.yaml:2:21: boards.config.outboxx: unknown key, did you mean outbox?',
    ],
    [
      'a bad value of the config',
      'version: 1\nboards: { config: { wifi: { SSID: 5 } } }',
      'f.yaml:2:35: boards.config.wifi.SSID: expected a string, got a number',
    ],
    ['a config that is no mapping', 'version: 1\nboards: { config: 5 }', 'f.yaml:2:19: boards.config: expected an object, got a number'],
    [
      'an unknown action',
      'version: 1\nsteps:\n  - { at: 1s, action: ap.dwn }',
      'f.yaml:3:23: steps.0.action: unknown action "ap.dwn" (did you mean "ap.down"?)',
    ],
    [
      'a step without action',
      'version: 1\nsteps: [{ at: 1s }]',
      `f.yaml:2:9: steps.0.action: is missing; expected one of ${Object.keys(ACTIONS).join(', ')}, or expect: instead`,
    ],
    [
      'a step without time',
      'version: 1\nsteps: [{ action: ap.down }]',
      `f.yaml:2:9: steps.0.at: is missing; expected ${DURATION} from 0s to 720h`,
    ],
    [
      'a step after the end',
      'version: 1\nduration: 1m\nsteps: [{ at: 2m, action: ap.down }]',
      'f.yaml:3:15: steps.0.at: 2m is after the end of the run (duration 1m)',
    ],
    [
      'the length of what is over at once',
      'version: 1\nsteps: [{ at: 1s, action: board.reset, for: 1s }]',
      'f.yaml:2:40: steps.0.for: unknown key; expected one of at, action, boards, every, times',
    ],
    [
      'boards for what has no boards',
      'version: 1\nsteps: [{ at: 1s, action: relay.stop, boards: all }]',
      'f.yaml:2:39: steps.0.boards: unknown key; expected one of at, action, for, every, times',
    ],
    [
      'a share above all',
      'version: 1\nsteps: [{ at: 1s, action: board.reset, boards: 101% }]',
      'f.yaml:2:48: steps.0.boards: expected all, a share above 0% up to 100% (20%), a number of boards (3), an id (board-7), a list of ids, or a group of the fleet (old, 20% of old, 3 of old), got "101%"',
    ],
    [
      'a board that does not exist',
      'version: 1\nsteps: [{ at: 1s, action: board.reset, boards: [board-1, board-11] }]',
      'f.yaml:2:48: steps.0.boards: no board is called "board-11": the scenario has board-1 to board-10',
    ],
    [
      'nothing to set',
      'version: 1\nsteps: [{ at: 1s, action: link.set }]',
      `f.yaml:2:9: steps.0: expected at least one of ${Object.keys(LINK_FIELDS).join(', ')}`,
    ],
    [
      'repetitions without a period',
      'version: 1\nsteps: [{ at: 1s, action: ap.down, times: 3 }]',
      'f.yaml:2:43: steps.0.times: expected every: beside it, the time from one to the next',
    ],
    [
      'too many repetitions',
      'version: 1\nsteps: [{ at: 1s, action: ap.down, every: 1ms }]',
      'f.yaml:2:43: steps.0.every: expected at most 10000 steps with 100000 board ids between them, repetitions included',
    ],
    ['a step that is no mapping', 'version: 1\nsteps: [7]', 'f.yaml:2:9: steps.0: expected a mapping, got 7'],
    [
      'an unknown check',
      'version: 1\nchecks: [one-session]',
      'f.yaml:2:10: checks.0: unknown check "one-session" (did you mean "one-session-per-id"?)',
    ],
    [
      'a threshold on an unknown metric',
      'version: 1\nthresholds: ["max(detect) < 1"]',
      'f.yaml:2:14: thresholds.0: "max(detect) < 1": there is no metric "detect"; the nearest is detect_ms',
    ],
    ['two documents', 'version: 1\n---\nversion: 1', 'f.yaml:2:1: expected one document, found the beginning of a second'],
    ['a tag that makes objects', 'version: 1\nname: !!js/function x', 'f.yaml:2:7: Unresolved tag: tag:yaml.org,2002:js/function'],
    [
      'a key of JavaScript’s own',
      'version: 1\n__proto__: { seed: 1 }',
      'f.yaml:2:1: __proto__: unknown key; expected one of version, name, about, seed, duration, tls, aps, relay, boards, fleet, link, balancer, air, steps, checks, thresholds, sweep, vars',
    ],
    ['an alias of what it stands in', 'version: 1\nboards: &b { config: *b }', 'f.yaml: an alias stands inside of what it stands for'],
    [
      'a key that moves the cursor',
      'version: 1\nboards: { "\\e[31m\\x9b": 1 }',
      'f.yaml:2:11: boards.\\u001b[31m\\u009b: unknown key; expected one of client, count, per_ap, firmware, device, boot_spread, seed_random, any_javascript, scan, roam, reconnects, battery, frequency_scaling, light_sleep, clock_drift, board_ping_interval, board_ping_timeout, backoff, config',
    ],
    ['nothing', '', 'f.yaml: the file is empty; expected a scenario (version: 1, …)'],
    ['nesting without end', '['.repeat(100_000), 'f.yaml: nested too deeply'],
  ];
  it.each(BAD)('with %s is refused', (_, lines, error) => {
    expect(errorsOf(lines)).toEqual([error]);
  });

  it('that multiplies itself through aliases is refused', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    expect(errorsOf(`a0: &a0 [x]\n${levels.join('\n')}`)).toEqual(['f.yaml: more than 100 uses of aliases']);
  });

  it('with a fault of syntax is refused with its place', () => {
    expect(errorsOf('version: 1\nlink: { loss: 0.1')[0]).toMatch(/^f\.yaml:2:18: /);
  });

  it('is refused with all its errors at once, in the order of the file', () => {
    const file = [
      'version: 1',
      'sed: 7',
      'link: { loss: 2 }',
      'boards: { count: 5, config: { outboxx: 1 } }',
      'steps:',
      '  - { at: 1s, action: board.reset, boards: 6 }',
      '  - { at: 1s, action: nothing }',
      'checks: [none, 5]',
    ];
    expect(errorsOf(file.join('\n')).map((error) => error.split(': ', 2).join(': '))).toEqual([
      'f.yaml:2:1: sed',
      'f.yaml:3:15: link.loss',
      'f.yaml:4:31: boards.config.outboxx',
      'f.yaml:6:44: steps.0.boards',
      'f.yaml:7:23: steps.1.action',
      'f.yaml:8:10: checks.0',
      'f.yaml:8:16: checks.1',
    ]);
  });

  it('is not blamed for what follows from a value that is wrong itself', () => {
    expect(errorsOf('version: 1\nboards: { count: many }\nsteps: [{ at: 1s, action: board.reset, boards: board-5000 }]')).toHaveLength(1);
  });

  it('lists at most fifty errors and counts the rest', () => {
    const errors = errorsOf(`version: 1\n${Array.from({ length: 60 }, (_, i) => `key${i}: 1`).join('\n')}`);
    expect(errors).toHaveLength(51);
    expect(errors[50]).toBe('f.yaml: and 10 more errors');
  });
});

it('the example of scenarios/README.md is legal', () => {
  const [, example] = /```yaml\n(.*?)```/s.exec(readFileSync('scenarios/README.md', 'utf8')) ?? [];
  expect(loadScenario('README.md', example).errors).toEqual([]);
});

describe('what a scenario file leaves out', () => {
  it('is the same as what the flags leave out', () => {
    expect(scenarioOf('')).toMatchObject({
      name: 'default',
      seed: 1,
      durationMs: 600_000,
      relay: { pingIntervalMs: 20_000, pingTimeoutMs: 20_000, duplicateId: 'reject', mode: 'broadcast' },
      boards: { count: 10, firmware: 'firmware/apps/sos.ts', device: 'espruino-esp32', bootSpreadMs: 10_000, seedRandom: true },
      link: { latencyMs: 10, jitterMs: 2, lossRate: 0, burst: 1, rateBps: 20_000_000, powerSave: 'none', dtim: 1 },
      steps: [],
      checks: ['no-uncaught-error', 'one-session-per-id', 'bounded-detection', 'converges-after-heal'],
      thresholds: [],
    });
  });

  it('can be checks too, by an empty list', () => {
    expect(scenarioOf('checks: []').checks).toEqual([]);
  });
});

describe('settings', () => {
  it('go by the names of the flags as well', () => {
    expect(scenarioOf('link: { drop_rate: 0.25 }').link.lossRate).toBe(0.25);
    expect(scenarioOf('relay: { ws_ping_interval: 5, ws_ping_timeout: 2500ms }').relay).toMatchObject({
      pingIntervalMs: 5_000,
      pingTimeoutMs: 2_500,
    });
  });

  it('of the board win over its config, and the config over the defaults', () => {
    const { config } = scenarioOf(
      'boards: { board_ping_interval: 7s, config: { keepalive: { ping_interval_ms: 1000, ping_timeout_ms: 3000 }, outbox: 2 } }',
    ).boards;
    expect(config).toMatchObject({ keepalive: { ping_interval_ms: 7_000, ping_timeout_ms: 3_000 }, outbox: 2 });
    expect(config.backoff).toEqual(DEFAULT_CONFIG.backoff);
  });

  it('take a backoff as mapping and as text', () => {
    const text = scenarioOf('boards: { backoff: "exponential,min=2s,max=9s,jitter=equal" }');
    expect(text.boards.config.backoff).toEqual({ kind: 'exponential', min_ms: 2_000, max_ms: 9_000, jitter: 'equal' });
    expect(scenarioOf('boards: { backoff: { min: 2s, max: 9s, jitter: equal } }')).toEqual(text);
  });

  it('raise the longest wait to the shortest when only that is given', () => {
    expect(scenarioOf('boards: { backoff: { min: 90s } }').boards.config.backoff).toMatchObject({ min_ms: 90_000, max_ms: 90_000 });
  });

  it('keep neither the password nor the id of a device’s config', () => {
    const { config } = scenarioOf('boards: { config: { client_id: mine, wifi: { SSID: home, password: secret } } }').boards;
    expect(config.wifi).toMatchObject({ SSID: 'home', password: DEFAULT_CONFIG.wifi.password });
    expect(config).not.toHaveProperty('client_id');
  });
});

describe('steps', () => {
  const stepsOf = (step: string) => scenarioOf(`duration: 1m\nsteps: [${step}]`).steps;

  it('keep their parameters as read', () => {
    expect(stepsOf('{ at: 1s, action: link.set, boards: 20%, for: 2s, loss: 0.5, rate: 1mbit }')).toEqual([
      { atMs: 1_000, action: 'link.set', target: { kind: 'share', share: 0.2 }, forMs: 2_000, parameters: { loss: 0.5, rate: 1_000_000 } },
    ]);
  });

  it('last for ever unless they say otherwise, except a restart', () => {
    expect(stepsOf('{ at: 1s, action: relay.stop }, { at: 2s, action: relay.restart }').map(({ forMs }) => forMs)).toEqual([0, 2_000]);
  });

  it('are repeated so many times, or to the end', () => {
    const times = (step: string) => stepsOf(step).map(({ atMs }) => atMs);
    expect(times('{ at: 1s, action: board.reset, every: 10s, times: 3 }')).toEqual([1_000, 11_000, 21_000]);
    expect(times('{ at: 1s, action: board.reset, every: 20s }')).toEqual([1_000, 21_000, 41_000]);
  });
});

describe('--set', () => {
  it('overrides a field that the file has and one that it has not', () => {
    const sets = ['seed=9', 'link.loss=0.5', 'steps.0.for=3s', 'boards.backoff={ kind: fixed }'].map(override);
    const { scenario } = loadScenario('f.yaml', 'version: 1\nseed: 1\nsteps: [{ at: 1s, action: ap.down }]', sets);
    expect(scenario).toMatchObject({ seed: 9, link: { lossRate: 0.5 }, boards: { config: { backoff: { kind: 'fixed' } } } });
    expect(scenario?.steps[0].forMs).toBe(3_000);
  });

  it.each([
    ['link.los=1', '--set link.los=1: link.los: unknown key (did you mean "loss"?)'],
    ['seed=x', '--set seed=x: seed: expected a whole number from 0 to 4294967295, got "x"'],
    ['seed.x=1', '--set seed.x=1: seed.x: seed is a value and has no fields'],
    ['steps.0.at=1s', '--set steps.0.at=1s: steps.0.at: there is no list steps'],
    ['checks.3=x', '--set checks.3=x: checks.3: checks is a list of 1: there is no 3 in it'],
    ['boards=7', '--set boards=7: boards: expected a mapping, got 7'],
  ])('%s is refused as the cause of its error', (set, error) => {
    expect(errorsOf('version: 1\nseed: 1\nchecks: [one-session-per-id]', [set])).toEqual([error]);
  });

  it.each([
    ['loss', 'expected path=value (link.loss=0.1), got "loss"'],
    ['=1', 'expected path=value (link.loss=0.1), got "=1"'],
    ['a.__proto__.b=1', 'unknown path "a.__proto__.b"'],
    ['seed=[1', 'seed: the value is not YAML: "[1"'],
  ])('%s is refused before any file is read', (text, problem) => {
    expect(parseOverride(text)).toBe(problem);
  });
});
