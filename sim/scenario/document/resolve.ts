/**
 * From what somebody wrote to what will run: the one way by which flags, scenario files and recordings become
 * a `Scenario`.
 *
 * The values of the document are legal one by one (fields.ts saw to that). Here the gaps are filled, the
 * device's config is completed and checked as the kind of its firmware does it, and what only makes sense
 * together is checked. All problems come back at once.
 */
import { DEFAULT_CONFIG, type DeviceConfig } from 'firmware/config';
import { isMapping } from 'host/is-mapping';
import { nearest } from 'host/nearest';
import { energySettings } from '../../board/energy/settings.ts';
import { type DeviceName, PROFILES } from '../../board/profiles/index.ts';
import type { BoardConfig } from '../../board/runtime.ts';
import { runtimeOf } from '../../board/runtimes/index.ts';
import { CHECKS } from '../../measure/checks/index.ts';
import { parseThreshold } from '../../measure/thresholds.ts';
import { DEFAULT_LINK, linkSettings } from '../../net/link/settings.ts';
import { stationSettings } from '../../net/wifi/station-settings.ts';
import type { Scenario, TlsMode } from '../scenario.ts';
import { DEFAULTS, type ScenarioDocument } from '../settings.ts';
import { serverProblem, withTls } from '../tls.ts';
import type { Problem } from './problem.ts';
import { resolveAir } from './resolve-air.ts';
import { resolveBalancer } from './resolve-balancer.ts';
import { resolveSteps } from './resolve-steps.ts';

export type Resolved = { scenario: Scenario; problems: [] } | { scenario: null; problems: Problem[] };

/** What runs when nobody says anything. */
export function defaultScenario(): Scenario {
  const { scenario } = resolve({});
  if (scenario === null) throw new Error('the defaults are not legal');
  return scenario;
}

export function resolve(document: ScenarioDocument): Resolved {
  const relay = { ...DEFAULTS.relay, ...document.relay };
  const boards = { ...DEFAULTS.boards, ...document.boards };
  const durationMs = document.duration ?? DEFAULTS.duration;
  const tls = document.tls ?? DEFAULTS.tls;
  const config = resolveConfig(document.boards ?? {}, tls);
  const { aps, air, problems: airProblems } = resolveAir(document);
  const { balancer, problems: balancerProblems } = resolveBalancer(document, tls);
  const steps = resolveSteps(document.steps ?? [], { boards: boards.count, aps, sharesAir: air !== null, tls: tls !== 'none', durationMs });
  const problems = [
    ...config.problems,
    ...airProblems,
    ...balancerProblems,
    ...steps.problems,
    ...languageProblems(boards),
    ...nameProblems(document),
  ];
  if (problems.length > 0) return { scenario: null, problems };
  const scenario: Scenario = {
    name: document.name ?? DEFAULTS.name,
    about: document.about ?? DEFAULTS.about,
    seed: document.seed ?? DEFAULTS.seed,
    durationMs,
    tls,
    relay: {
      ...(relay.server === undefined ? {} : { server: relay.server }),
      pingIntervalMs: relay.ping_interval,
      pingTimeoutMs: relay.ping_timeout,
      duplicateId: relay.duplicate_id,
      mode: relay.mode,
      backlog: relay.backlog,
      acceptMs: relay.accept_time,
    },
    boards: {
      ...(boards.client === undefined ? {} : { client: boards.client }),
      count: boards.count,
      firmware: boards.firmware,
      device: boards.device,
      config: config.config,
      bootSpreadMs: boards.boot_spread,
      seedRandom: boards.seed_random,
      anyJavaScript: boards.any_javascript,
      station: stationSettings(boards),
      energy: energySettings(boards),
    },
    link: { ...DEFAULT_LINK, ...linkSettings(document.link ?? {}) },
    balancer,
    aps,
    air,
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

function resolveConfig(boards: BoardsDocument, tls: TlsMode): { config: BoardConfig; problems: Problem[] } {
  const { merged, origins } = mergeConfig(boards);
  const { configOf } = runtimeOf(boards.firmware ?? DEFAULTS.boards.firmware);
  const { config, errors } = configOf(isMapping(merged) ? withTls(merged, tls, DEFAULT_CONFIG.server) : merged);
  const problems = errors.map((error): Problem => {
    const [, key = '', message = error] = /^([\w.-]+): (.*)$/s.exec(error) ?? [];
    // The parser calls the whole of it `config`.
    const keys = key === 'config' || key === '' ? [] : key.split('.');
    return { path: ['boards', ...(origins.get(key) ?? ['config', ...keys])], message, isKey: message.startsWith('unknown key') };
  });
  const message = serverProblem(config.server, tls, boards.device ?? DEFAULTS.boards.device);
  if (message !== null) problems.push({ path: ['boards', 'config', 'server'], message });
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

/**
 * Each board has an id of its own. The password opens nothing in a simulation, and a recording is made to be
 * passed on.
 */
function forFleet(config: DeviceConfig): BoardConfig {
  const { client_id: _, ...shared } = config;
  return { ...shared, wifi: { ...shared.wifi, password: DEFAULT_CONFIG.wifi.password } };
}

/** A device that is said to run anything must be one that does. */
function languageProblems({ any_javascript, device }: { any_javascript: boolean; device: DeviceName }): Problem[] {
  if (!any_javascript || PROFILES[device].javascript === 'any') return [];
  return [
    { path: ['boards', 'any_javascript'], message: `no board runs any JavaScript: expected the device ideal with it, got ${device}` },
  ];
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
