/**
 * From what somebody wrote to what will run: the one way by which flags, scenario files and recordings become a `Scenario`.
 *
 * The values of the document are legal one by one (fields.ts saw to that). Here the gaps are filled, the device's config is completed and checked by
 * the firmware's own parser, repeated steps are unrolled, and what only makes sense together is checked. All problems come back at once.
 */
import { DEFAULT_CONFIG, type DeviceConfig, parseConfig } from 'firmware/config';
import { formatDuration } from 'relay/units';
import { nearest } from 'relay/usage';
import { CHECKS } from '../measure/checks/index.ts';
import { parseThreshold } from '../measure/thresholds.ts';
import type { Values } from './fields.ts';
import { linkSettings } from './link-settings.ts';
import type { Problem } from './problem.ts';
import type { Scenario, Step } from './scenario.ts';
import { DEFAULTS, type LINK_FIELDS, MAX_STEPS, type ScenarioDocument, type StepDocument } from './settings.ts';
import { ACTIONS } from './steps/index.ts';
import { targetProblem } from './target.ts';

export type Resolved = { scenario: Scenario; problems: [] } | { scenario: null; problems: Problem[] };

export function resolve(document: ScenarioDocument): Resolved {
  const relay = { ...DEFAULTS.relay, ...document.relay };
  const boards = { ...DEFAULTS.boards, ...document.boards };
  const durationMs = document.duration ?? DEFAULTS.duration;
  const config = resolveConfig(document.boards ?? {});
  const steps = resolveSteps(document.steps ?? [], boards.count, durationMs);
  const link = { ...DEFAULTS.link, ...document.link };
  const problems = [...config.problems, ...linkProblems(link, document.steps ?? []), ...steps.problems, ...nameProblems(document)];
  if (problems.length > 0) return { scenario: null, problems };
  const scenario: Scenario = {
    name: document.name ?? DEFAULTS.name,
    about: document.about ?? DEFAULTS.about,
    seed: document.seed ?? DEFAULTS.seed,
    durationMs,
    relay: { pingIntervalMs: relay.ping_interval, pingTimeoutMs: relay.ping_timeout, duplicateId: relay.duplicate_id, mode: relay.mode },
    boards: {
      count: boards.count,
      firmware: boards.firmware,
      device: boards.device,
      config: config.config,
      bootSpreadMs: boards.boot_spread,
      seedRandom: boards.seed_random,
    },
    link: linkSettings(link),
    steps: steps.steps,
    checks: document.checks ?? [...DEFAULTS.checks],
    thresholds: document.thresholds ?? [],
  };
  return { scenario, problems: [] };
}

/** Keys of the device's config that have a setting of their own, which wins. */
const CONFIG_SETTINGS = [
  ['keepalive', 'ping_interval_ms', ['board_ping_interval']],
  ['keepalive', 'ping_timeout_ms', ['board_ping_timeout']],
  ['backoff', 'kind', ['backoff', 'kind']],
  ['backoff', 'min_ms', ['backoff', 'min']],
  ['backoff', 'max_ms', ['backoff', 'max']],
  ['backoff', 'jitter', ['backoff', 'jitter']],
] as const;

type BoardsDocument = NonNullable<ScenarioDocument['boards']>;

function resolveConfig(boards: BoardsDocument): { config: Record<string, unknown>; problems: Problem[] } {
  const { merged, origins } = mergeConfig(boards);
  const { config, errors } = parseConfig(merged);
  const problems = errors.map((error): Problem => {
    const [, key = '', message = error] = /^([\w.]+): (.*)$/s.exec(error) ?? [];
    return { path: ['boards', ...(origins.get(key) ?? ['config', ...key.split('.').filter((part) => part !== '')])], message };
  });
  return { config: forFleet(config), problems };
}

/** The user's config with the settings put over it, and by key of the config which setting that was. */
function mergeConfig(boards: BoardsDocument): { merged: unknown; origins: Map<string, string[]> } {
  const origins = new Map<string, string[]>();
  // Not a mapping: the parser has words for that, and nothing could be put over it.
  if (boards.config !== undefined && !isMapping(boards.config)) return { merged: boards.config, origins };
  const merged: Record<string, unknown> = { ...boards.config };
  for (const [section, key, path] of CONFIG_SETTINGS) {
    const value = path.reduce<unknown>((at, part) => (isMapping(at) ? at[part] : undefined), boards);
    if (value === undefined || (merged[section] !== undefined && !isMapping(merged[section]))) continue;
    merged[section] = { ...(merged[section] as object), [key]: value };
    origins.set(`${section}.${key}`, [...path]);
  }
  // Who asks only for a long least wait has said nothing about the longest: it follows.
  const min = boards.backoff?.min;
  if (min !== undefined && isMapping(merged.backoff))
    merged.backoff = { max_ms: Math.max(min, DEFAULT_CONFIG.backoff.max_ms), ...merged.backoff };
  return { merged, origins };
}

/** Each board has an id of its own. The password opens nothing in a simulation, and a recording is made to be passed on. */
function forFleet(config: DeviceConfig): Record<string, unknown> {
  const { client_id: _, ...shared } = config;
  return { ...shared, wifi: { ...shared.wifi, password: DEFAULT_CONFIG.wifi.password } };
}

function resolveSteps(documents: readonly StepDocument[], boardCount: number, durationMs: number): { steps: Step[]; problems: Problem[] } {
  const steps: Step[] = [];
  const problems: Problem[] = [];
  documents.forEach((document, index) => {
    const report = (key: string[], message: string) => problems.push({ path: ['steps', index, ...key], message });
    const target = document.boards ?? { kind: 'all' as const };
    const wrongTarget = targetProblem(target, boardCount);
    if (wrongTarget !== null) report(['boards'], wrongTarget);
    const wrongParameters = ACTIONS[document.action].check?.(document.parameters) ?? null;
    if (wrongParameters !== null) report([], wrongParameters);
    if (document.times !== undefined && document.every === undefined)
      report(['times'], 'expected every: beside it, the time from one to the next');

    const times = startTimes(document, durationMs);
    if (document.at > durationMs)
      report(['at'], `${formatDuration(document.at)} is after the end of the run (duration ${formatDuration(durationMs)})`);
    else if (times.length > 0 && times[times.length - 1] > durationMs)
      report(['times'], `the last would begin after the end of the run (duration ${formatDuration(durationMs)})`);
    if (steps.length + times.length > MAX_STEPS) {
      report(['every'], `more than ${MAX_STEPS} steps, repetitions included`);
      return;
    }
    const { lasts } = ACTIONS[document.action];
    const forMs = document.for ?? (typeof lasts === 'number' ? lasts : 0);
    for (const atMs of times) steps.push({ atMs, action: document.action, target, forMs, parameters: document.parameters });
  });
  return { steps, problems };
}

/** A step that says `every:` but not `times:` is repeated to the end of the run. */
function startTimes({ at, every, times }: StepDocument, durationMs: number): number[] {
  if (every === undefined) return [at];
  const count = times ?? Math.max(1, Math.ceil((durationMs - at) / every));
  return Array.from({ length: Math.min(count, MAX_STEPS + 1) }, (_, i) => at + i * every);
}

/** Bursts of a mean length n have a gap of at least one packet between them, so they cannot lose more than n of n + 1. */
function linkProblems(link: Required<Values<typeof LINK_FIELDS>>, steps: readonly StepDocument[]): Problem[] {
  const settings: [Problem['path'], Required<Values<typeof LINK_FIELDS>>][] = [[['link'], link]];
  steps.forEach(({ action, parameters }, index) => {
    if (action === 'link.set') settings.push([['steps', index], { ...link, ...parameters }]);
  });
  return settings.flatMap(([path, { loss, burst }]) => {
    const most = burst / (burst + 1);
    if (burst === 1 || loss <= most) return [];
    return [
      {
        path: [...path, 'loss'],
        message: `bursts of ${burst} packets can lose at most ${most.toFixed(3)} of all; expected that, or burst 1, got ${loss}`,
      },
    ];
  });
}

function nameProblems(document: ScenarioDocument): Problem[] {
  const problems: Problem[] = [];
  const checks = Object.keys(CHECKS);
  document.checks?.forEach((name, index) => {
    if (!checks.includes(name))
      problems.push({ path: ['checks', index], message: `unknown check "${name}" (did you mean "${nearest(name, checks)}"?)` });
  });
  document.thresholds?.forEach((expression, index) => {
    const parsed = parseThreshold(expression);
    if (!parsed.ok) problems.push({ path: ['thresholds', index], message: parsed.message });
  });
  return problems;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
