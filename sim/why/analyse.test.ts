/** Runs whose cause is known, because it was planted. */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { imageOf } from '../board/runtimes/javascript.ts';
import { run } from '../run/run.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import { drawnSteps } from '../scenario/drawn-steps.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Analysis, analyse } from './analyse.ts';
import { circumstancesLeftAway, settingsChanged } from './changes.ts';
import { range } from './find-moment.ts';
import type { Outcome } from './outcome.ts';
import { playTrial } from './play.ts';
import { cureWords, momentWords } from './words.ts';

const SEEDS = 12;

function scenarioOf(document: Record<string, unknown>): Scenario {
  const { scenario, problems } = readDocument({ version: 1, air: 'private', ...document }, []);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

async function whyOf(scenario: Scenario, outcome: Outcome): Promise<Analysis> {
  const asked = await analyse({
    scenario,
    outcome,
    seeds: SEEDS,
    play: (trial, listening) => playTrial(trial, imageOf(app), undefined, listening),
    runAll: async (trials) => {
      const verdicts = [];
      for (const trial of trials) verdicts.push(await playTrial(trial, imageOf(app), undefined));
      return verdicts;
    },
  });
  if (asked.kind !== 'analysed') throw new Error(asked.kind);
  return asked.analysis;
}

/** Of each packet that was lost, ms. */
async function lossesOf(scenario: Scenario): Promise<number[]> {
  const times: number[] = [];
  await run(scenario, app, {
    traceLevel: 'packet',
    onTraceLine(line) {
      const { t, event, delay_us } = JSON.parse(line);
      if (event === 'packet' && delay_us === -1) times.push(t);
    },
  });
  return times;
}

/** The first seed whose run loses one packet only, somewhere in the middle. */
async function oneLoss(document: Record<string, unknown>): Promise<{ scenario: Scenario; atMs: number }> {
  for (let seed = 1; seed < 200; seed++) {
    const scenario = scenarioOf({ ...document, seed });
    const losses = await lossesOf(scenario);
    if (losses.length === 1 && losses[0] > 10_000 && losses[0] < 25_000) return { scenario, atMs: losses[0] };
  }
  throw new Error('no seed loses one packet');
}

const QUIET = { duration: '30s', boards: { count: 1, device: 'ideal', boot_spread: '0s' }, relay: { mode: 'echo' } };

describe('a run with a planted cause', () => {
  it('is traced to the one packet that was lost', async () => {
    const { scenario, atMs } = await oneLoss({ ...QUIET, link: { loss: 0.01 } });
    const analysis = await whyOf(scenario, { kind: 'threshold', expr: 'tcp_retransmits == 0' });
    expect(analysis.moment).toMatchObject({ kind: 'moment', after: { atMs } });
    const decisive = analysis.happenings.filter((one) => one.decisive);
    expect(decisive[0]).toMatchObject({ atMs, board: 'board-1', isLoss: true });
    expect(new Set(decisive.map((one) => one.atMs))).toEqual(new Set([atMs]));
    expect(momentWords(analysis)).toMatch(/it was lost at \d+\.\d+ s: board-1 (to|from) the relay: .* is lost \(loss\)/);
    const [loss] = analysis.circumstances;
    expect([loss.name, loss.survived / loss.of]).toEqual(['packet loss', 1]);
  });

  it('is traced to the step that chance let begin', async () => {
    const steps = [{ at: '5s', action: 'link.blackhole', every: { mean: '200s' }, times: 1, for: '40s' }];
    const document = { ...QUIET, duration: '50s', boards: { ...QUIET.boards, board_ping_interval: '5s', board_ping_timeout: '2s' }, steps };
    const startOf = (scenario: Scenario) => drawnSteps(scenario)[0]?.atMs ?? Number.POSITIVE_INFINITY;
    const seed = range(1, 200).find((one) => startOf(scenarioOf({ ...document, seed: one })) < 30_000) as number;
    const scenario = scenarioOf({ ...document, seed });
    const analysis = await whyOf(scenario, { kind: 'offline', board: 0, atMs: 45_000 });
    expect(analysis.moment).toMatchObject({ kind: 'moment', after: { atMs: startOf(scenario) } });
    expect(analysis.happenings.filter((one) => one.decisive).map(({ what }) => what)).toContainEqual(
      expect.stringContaining('step link.blackhole'),
    );
    expect(analysis.circumstances.filter(({ undoes }) => undoes).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^step 1 \(link\.blackhole/),
    ]);
  });
});

describe('a run in which nothing is left to luck', () => {
  it('is said to be so, with what it hangs on instead', async () => {
    const document = { ...QUIET, duration: '60s', steps: [{ at: '30s', action: 'relay.stop', for: '25s' }] };
    const analysis = await whyOf(scenarioOf(document), { kind: 'offline', board: 0, atMs: 50_000 });
    expect(analysis.moment.kind).toBe('from-the-start');
    expect(momentWords(analysis)).toContain('no moment decided it');
    expect(analysis.circumstances.filter(({ undoes }) => undoes).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^step 1 \(relay\.stop at 30s/),
    ]);
    expect(cureWords(analysis)).toContain('Without step 1');
  });
});

describe('a run that nobody has to explain', () => {
  it('says that it held', async () => {
    const scenario = scenarioOf(QUIET);
    const trials: unknown[] = [];
    const asked = await analyse({
      scenario,
      outcome: { kind: 'threshold', expr: 'tcp_retransmits == 0' },
      seeds: SEEDS,
      play: (trial, listening) => playTrial(trial, imageOf(app), undefined, listening),
      runAll: async (all) => {
        trials.push(...all);
        return [];
      },
    });
    expect([asked.kind, trials]).toEqual(['held', []]);
  });
});

describe('what could have been otherwise', () => {
  it('is each setting one step up or down, and only what is legal', () => {
    const sets = settingsChanged(scenarioOf({}), 1).map(({ set }) => set);
    expect(sets).toContain('relay.ping_interval=15s');
    expect(sets).toContain('relay.ping_interval=30s');
    expect(sets).toContain('boards.board_ping_timeout=15s');
    expect(sets).toContain('boards.config.outbox=32');
    expect(sets).not.toContain('boards.backoff.jitter=full');
    expect(settingsChanged(scenarioOf({}), 2).map(({ set }) => set)).toContain('relay.ping_interval=10s');
  });

  it('is what a balancer asks of connections, if there is one, and that it asks nothing', () => {
    const sets = settingsChanged(scenarioOf({ balancer: 'google-lb' }), 1).map(({ set }) => set);
    expect(sets).toEqual(expect.arrayContaining(['balancer.max_lifetime=20s', 'balancer.max_lifetime=45s', 'balancer.max_lifetime=0s']));
    expect(settingsChanged(scenarioOf({}), 1).filter(({ name }) => name.startsWith('balancer'))).toEqual([]);
  });

  it('turns a keepalive on that is off, and leaves a timeout alone that nobody waits for', () => {
    const off = scenarioOf({ relay: { ping_interval: '0s' }, boards: { board_ping_interval: '0s' } });
    const sets = settingsChanged(off, 1).map(({ set }) => set);
    expect(sets).toContain('relay.ping_interval=20s');
    expect(sets).toContain('boards.board_ping_interval=25s');
    expect(sets.filter((set) => set.includes('ping_timeout'))).toEqual([]);
  });

  it('takes repetitions of a step for one', () => {
    const power = { at: '5s', action: 'board.power_cycle', boards: 'all', for: '1s', every: '5s', times: 3 };
    const scenario = scenarioOf({ duration: '30s', steps: [power, { at: '6s', action: 'relay.stop', for: '1s' }] });
    const steps = circumstancesLeftAway(scenario).filter(({ name }) => name.startsWith('step'));
    expect(steps.map(({ name, scenario: left }) => [name.replace(/:.*/, ''), left.steps.length])).toEqual([
      ['step 1 (board.power_cycle 3 times from 5s', 1],
      [expect.stringMatching(/^step \d \(relay\.stop at 6s/), 3],
    ]);
  });

  it('leaves each step away, and to the others their luck', async () => {
    const scenario = scenarioOf({
      duration: '30s',
      steps: [
        { at: '5s', action: 'link.set', boards: 'all', loss: 0 },
        { at: '10s', action: 'link.blackhole', boards: '30%', for: '10s' },
      ],
    });
    const [withoutFirst] = circumstancesLeftAway(scenario).filter(({ name }) => name.startsWith('step 1'));
    const cut = async (played: Scenario) => {
      const boards: string[] = [];
      await run(played, app, {
        traceLevel: 'state',
        onTraceLine: (line) => line.includes('"link.down"') && boards.push(JSON.parse(line).board),
      });
      return boards;
    };
    const own = await cut(scenario);
    expect(own.length).toBe(3);
    expect(await cut(withoutFirst.scenario)).toEqual(own);
  });
});
