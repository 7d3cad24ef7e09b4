import { readCommandLine } from 'host/command-line';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenario/document/load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { scratch } from '../testing/scratch.ts';
import { givenSettings, replayLine, SETTING_FLAGS, scenarioOf } from './setting-flags.ts';

async function given(...words: string[]) {
  const line = await readCommandLine({ usage: 'sim', about: '', flags: SETTING_FLAGS, examples: [] }, words);
  if (line.help !== null) throw new Error('help was asked for');
  return givenSettings(line.values, line.given);
}

async function flags(...words: string[]): Promise<Scenario> {
  return scenarioOf(await given(...words));
}

function file(lines: string): Scenario {
  const { scenario, errors } = loadScenario('f.yaml', `version: 1\n${lines}`);
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}

describe('flags', () => {
  it('none are the same as an empty scenario file', async () => {
    expect(await flags()).toEqual(file(''));
  });

  it.each([
    [['--boards', '50', '--drop-rate', '0.1'], 'boards: { count: 50 }\nlink: { loss: 0.1 }'],
    [['--device=ideal', '--duration=1h', '--seed=7'], 'boards: { device: ideal }\nduration: 1h\nseed: 7'],
    [
      ['--latency', '5ms', '--jitter', '0s', '--rate', '2mbit', '--burst', '2.5'],
      'link: { latency: 5ms, jitter: 0s, rate: 2mbit, burst: 2.5 }',
    ],
    [['--ping-interval', '0s', '--ping-timeout', '3s', '--mode', 'echo'], 'relay: { ping_interval: 0s, ping_timeout: 3s, mode: echo }'],
    [['--duplicate-id', 'takeover'], 'relay: { duplicate_id: takeover }'],
    [['--board-ping-interval', '1s', '--board-ping-timeout', '2s'], 'boards: { board_ping_interval: 1s, board_ping_timeout: 2s }'],
    [['--backoff', 'fixed,min=1s'], 'boards: { backoff: { kind: fixed, min: 1s } }'],
    [['--firmware', 'firmware/apps/sos.ts'], 'boards: { firmware: firmware/apps/sos.ts }'],
    [['--air', 'private'], 'air: private'],
    [['--aps', '4', '--neighbours', '0.3', '--hidden', '0.2'], 'aps: 4\nair: { neighbours: 0.3, hidden: 0.2 }'],
    [['--per-ap', '3', '--ap-queue', '500', '--slow-station'], 'boards: { per_ap: 3 }\nair: { ap_queue: 500, slow_station: true }'],
    [['--air', 'shared', '--ap-queue', 'deep', '--aggregate'], 'air: { aggregate: true }'],
  ])('%j are the same as a scenario file that says so', async (words, lines) => {
    expect(await flags(...words)).toEqual(file(lines));
  });

  it('win over the config file, and the config file over the defaults', async () => {
    const config = scratch().write('config.json', '{ "keepalive": { "ping_interval_ms": 1000, "ping_timeout_ms": 2000 }, "outbox": 3 }');
    const scenario = await flags('--config', config, '--board-ping-interval', '25s');
    expect(scenario.boards.config).toMatchObject({
      keepalive: { ping_interval_ms: 25_000, ping_timeout_ms: 2_000 },
      outbox: 3,
      backoff: { kind: 'exponential' },
    });
  });

  it('name the flag when the firmware refuses what they say', async () => {
    await expect(flags('--backoff', 'exponential,min=9s,max=5s')).rejects.toThrow(
      '--backoff: max: expected at least min_ms (9000), got 5000',
    );
  });

  it.each([
    [
      ['--air', 'private', '--neighbours', '0.3'],
      '--neighbours: each board has an air of its own (air: private), so this would change nothing',
    ],
    [['--aps', '2', '--per-ap', '5'], '--per-ap: another way to say aps, which is given too'],
    [
      ['--boards', '3000'],
      '--boards: 3000 boards on one access point: it associates at most 2007; expected aps of 2 or more, or air: private',
    ],
  ])('%j are refused together', async (words, message) => {
    await expect(flags(...words)).rejects.toThrow(message);
  });

  it.each([
    [['--aps', '0'], '--aps'],
    [['--neighbours', '1.0'], '--neighbours'],
    [['--air', 'none'], '--air'],
    [['--ap-queue', '0'], '--ap-queue'],
  ])('%j is refused', async (words, flag) => {
    await expect(flags(...words)).rejects.toThrow(flag);
  });

  it('of the air are in the line that runs it again', async () => {
    expect(replayLine(await given('--aps', '4', '--air', 'shared', '--ap-queue', '500', '--slow-station'))).toBe(
      'npx tsx sim --aps 4 --slow-station --ap-queue 500',
    );
  });
});

describe('the line that replays a run', () => {
  const lineOf = async (...words: string[]) => replayLine(await given(...words));

  it('has no flag that says what the defaults say', async () => {
    expect(await lineOf()).toBe('npx tsx sim');
    expect(await lineOf('--boards', '10', '--duration', '600s', '--backoff', 'exponential,min=1s,max=60s,jitter=full', '--seed', '2')).toBe(
      'npx tsx sim --seed 2',
    );
  });

  it('keeps a default that wins over the config file', async () => {
    const config = scratch().write('my config.json', '{ "keepalive": { "ping_interval_ms": 1000 }, "outbox": 3 }');
    expect(await lineOf('--config', config, '--board-ping-interval', '25s')).toBe(
      `npx tsx sim --config '${config}' --board-ping-interval 25s`,
    );
  });

  it('gives the same scenario again', async () => {
    const words = [
      '--boards',
      '3',
      '--drop-rate',
      '0.25',
      '--backoff',
      'fixed,min=2s',
      '--rate',
      '250kbit',
      '--jitter',
      '1.5ms',
      '--seed',
      '0',
    ];
    const line = await lineOf(...words);
    expect(await flags(...line.split(' ').slice(3))).toEqual(await flags(...words));
  });
});
