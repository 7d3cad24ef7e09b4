/**
 * What could have been otherwise: settings that somebody can change, one or more steps up or down from what
 * the scenario has, and circumstances without which it might not have happened.
 *
 * A new setting is a line of SETTINGS.
 */
import { DEFAULT_CONFIG } from 'firmware/config';
import { plural } from 'host/format';
import { formatDuration } from 'host/units';
import { describeStep } from '../scenario/describe-step.ts';
import { documentOf } from '../scenario/document/document-of.ts';
import { parseOverride } from '../scenario/document/overrides.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario, Step } from '../scenario/scenario.ts';
import { DEFAULTS } from '../scenario/settings.ts';

export interface Change {
  kind: 'setting' | 'circumstance';
  /** `relay.ping_timeout`; of a circumstance what is left away. */
  name: string;
  /** What was there, in words; '' for a circumstance. */
  was: string;
  /** As `--set` takes it (`relay.ping_timeout=7s`); '' when that cannot say it. */
  set: string;
  /** From the value that it has. */
  steps: number;
  scenario: Scenario;
}

/** Durations that people choose, ms. */
const LADDER_MS = [
  ...[5, 10, 20, 50, 100, 150, 200, 300, 500, 700],
  ...[1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 45].map((seconds) => seconds * 1_000),
  ...[1, 1.5, 2, 3, 5, 10, 15, 30, 60].map((minutes) => minutes * 60_000),
];

/** What a setting may be instead, so many steps away, as a document writes it; what it is. */
type Instead = (scenario: Scenario, steps: number) => { was: string; values: string[] };

/** @param ifOff what it is tried with when it is 0 */
function time(of: (scenario: Scenario) => number | undefined, ifOff: number | null = null): Instead {
  return (scenario, steps) => {
    const ms = of(scenario);
    if (ms === undefined) return { was: '', values: [] };
    const values = ms === 0 ? (ifOff !== null && steps === 1 ? [ifOff] : []) : rungs(ms, steps);
    return { was: formatDuration(ms), values: values.map(formatDuration) };
  };
}

function rungs(ms: number, steps: number): number[] {
  const down = LADDER_MS.filter((rung) => rung < ms).at(-steps);
  const up = LADDER_MS.filter((rung) => rung > ms)[steps - 1];
  return [down, up].filter((rung) => rung !== undefined);
}

/** One that can be off, and then is left so. */
function limit(of: (scenario: Scenario) => number | undefined): Instead {
  return (scenario, steps) => {
    const { was, values } = time(of)(scenario, steps);
    return { was, values: values.length > 0 && steps === 1 ? [...values, formatDuration(0)] : values };
  };
}

/** The same as a number of milliseconds. */
function milliseconds(of: (scenario: Scenario) => number | undefined): Instead {
  return (scenario, steps) => {
    const ms = of(scenario);
    return ms === undefined ? { was: '', values: [] } : { was: String(ms), values: rungs(ms, steps).map(String) };
  };
}

/** Doubled or halved with each step. */
function count(of: (scenario: Scenario) => number | undefined, ifOff: number | null = null): Instead {
  return (scenario, steps) => {
    const value = of(scenario);
    if (value === undefined) return { was: '', values: [] };
    const [down, up] = [Math.floor(value / 2 ** steps), value * 2 ** steps];
    const values = value === 0 ? (ifOff !== null && steps === 1 ? [ifOff] : []) : down >= 1 ? [down, up] : [up];
    return { was: String(value), values: values.map(String) };
  };
}

function choice(of: (scenario: Scenario) => string | undefined, values: readonly string[]): Instead {
  return (scenario, steps) => {
    const value = of(scenario);
    return value === undefined || steps > 1
      ? { was: value ?? '', values: [] }
      : { was: value, values: values.filter((one) => one !== value) };
  };
}

const SETTINGS: Readonly<Record<string, Instead>> = {
  'relay.ping_interval': time(({ relay }) => relay.pingIntervalMs, DEFAULTS.relay.ping_interval),
  'relay.ping_timeout': time(({ relay }) => (relay.pingIntervalMs === 0 ? undefined : relay.pingTimeoutMs)),
  'relay.duplicate_id': choice(({ relay }) => relay.duplicateId, ['takeover', 'reject']),
  'relay.backlog': count(({ relay }) => (relay.backlog === DEFAULTS.relay.backlog ? undefined : relay.backlog)),
  'boards.board_ping_interval': time(({ boards }) => boards.config.keepalive?.ping_interval_ms, DEFAULTS.boards.board_ping_interval),
  'boards.board_ping_timeout': time(({ boards: { config } }) =>
    config.keepalive?.ping_interval_ms ? config.keepalive.ping_timeout_ms : undefined,
  ),
  'boards.backoff.min': time(({ boards }) => boards.config.backoff?.min_ms),
  'boards.backoff.max': time(({ boards }) => boards.config.backoff?.max_ms),
  'boards.backoff.kind': choice(({ boards }) => boards.config.backoff?.kind, ['exponential']),
  'boards.backoff.jitter': choice(({ boards }) => boards.config.backoff?.jitter, ['full']),
  'boards.seed_random': choice(({ boards }) => String(boards.seedRandom), ['true']),
  'boards.config.outbox': count(({ boards }) => boards.config.outbox, DEFAULT_CONFIG.outbox),
  'boards.config.socket_delay_ms': milliseconds(({ boards }) => boards.config.socket_delay_ms || undefined),
  'boards.config.wifi.rejoin_after': count(({ boards }) => boards.config.wifi?.rejoin_after, DEFAULT_CONFIG.wifi.rejoin_after),
  'boards.config.clock.source': choice(
    ({ tls, boards }) => (tls === 'server' || tls === 'mutual' ? boards.config.clock?.source : undefined),
    ['sntp'],
  ),
  'balancer.idle_close': limit(({ balancer }) => balancer?.idleCloseMs),
  'balancer.max_lifetime': limit(({ balancer }) => balancer?.maxLifetimeMs),
  'balancer.ports': count(({ balancer }) => balancer?.ports),
  aps: count(({ aps, air }) => (air === null ? undefined : aps)),
};

/** Everything that is legal and another scenario. @param steps how far from what they are */
export function settingsChanged(scenario: Scenario, steps: number): Change[] {
  return Object.entries(SETTINGS).flatMap(([name, instead]) => {
    const { was, values } = instead(scenario, steps);
    return values.flatMap((value): Change[] => {
      const changed = withSet(scenario, `${name}=${value}`);
      return changed === null ? [] : [{ kind: 'setting', name, was, set: `${name}=${value}`, steps, scenario: changed }];
    });
  });
}

/** Of a long timeline the first are tried, repetitions of one together. */
const MAX_STEPS_TRIED = 12;

const CIRCUMSTANCES: readonly { name: string; is(scenario: Scenario): boolean; sets: readonly string[] }[] = [
  {
    name: 'packet loss',
    is: ({ link }) => Math.max(link.lossRate, link.lossUp ?? 0, link.lossDown ?? 0) > 0,
    sets: ['link.loss=0', 'link.loss_up=0', 'link.loss_down=0'],
  },
  { name: 'bursts of loss', is: ({ link }) => link.burst > 1 && link.lossRate > 0, sets: ['link.burst=1'] },
  { name: 'corrupted packets', is: ({ link }) => (link.bitErrorRate ?? 0) > 0, sets: ['link.corrupt=0'] },
  {
    name: 'jitter',
    is: ({ link }) => Math.max(link.jitterMs, link.jitterUpMs ?? 0, link.jitterDownMs ?? 0) > 0,
    sets: ['link.jitter=0ms', 'link.jitter_up=0ms', 'link.jitter_down=0ms'],
  },
  { name: 'the air that boards share', is: ({ air }) => air !== null, sets: ['air=private'] },
];

/** Each alone left away: what the link does to packets, and each step. */
export function circumstancesLeftAway(scenario: Scenario): Change[] {
  const conditions = CIRCUMSTANCES.filter(({ is }) => is(scenario)).flatMap(({ name, sets }): Change[] => {
    const changed = sets.reduce<Scenario | null>((at, set) => at && withSet(at, set), scenario);
    return changed === null ? [] : [{ kind: 'circumstance', name, was: '', set: '', steps: 1, scenario: changed }];
  });
  const numbered = scenario.steps.map((step, number) => ({ ...step, number }));
  const steps = repetitionsOf(numbered)
    .filter(([step]) => !isExpected(step))
    .slice(0, MAX_STEPS_TRIED)
    .map(
      (same): Change => ({
        kind: 'circumstance',
        name: stepWords(same),
        was: '',
        set: '',
        steps: 1,
        // What is left out leaves its number behind, so that the others keep their luck.
        scenario: { ...scenario, steps: numbered.filter((step) => !same.includes(step)) },
      }),
    );
  const all: Change[] =
    steps.length < 2 ? [] : [{ ...steps[0], name: 'any step', scenario: { ...scenario, steps: scenario.steps.filter(isExpected) } }];
  return [...conditions, ...steps, ...all];
}

/** It asks something of boards, and does nothing to them. */
function isExpected({ action }: Step): boolean {
  return action === 'expect';
}

type NumberedStep = Step & { number: number };

/** Steps that do the same to the same, as `every:` makes them. */
function repetitionsOf(steps: readonly NumberedStep[]): NumberedStep[][] {
  const groups = new Map<string, NumberedStep[]>();
  for (const step of steps) {
    const { atMs: _, number: __, ...what } = step;
    const key = JSON.stringify(what);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()];
}

function stepWords(same: readonly NumberedStep[]): string {
  const [first] = same;
  const often = same.length > 1 ? `${plural(same.length, 'time')} from ${formatDuration(first.atMs)}` : `at ${formatDuration(first.atMs)}`;
  return `step ${first.number + 1} (${first.action} ${often}: ${describeStep(first)})`;
}

/** null: not legal, or the same. */
function withSet(scenario: Scenario, text: string): Scenario | null {
  const override = parseOverride(text);
  if (typeof override === 'string') throw new Error(override);
  const changed = readDocument(documentOf(scenario), [override]).scenario;
  return changed === null || JSON.stringify(changed) === JSON.stringify(scenario) ? null : changed;
}
