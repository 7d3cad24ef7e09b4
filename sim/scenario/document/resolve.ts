/**
 * From what somebody wrote to what will run: the one way by which flags, scenario files and recordings become
 * a `Scenario`.
 *
 * The values of the document are legal one by one (fields.ts saw to that). Here the gaps are filled, the
 * device's config is completed and checked as the kind of its firmware does it, and what only makes sense
 * together is checked. All problems come back at once.
 */
import { nearest } from 'host/nearest';
import { CHECKS } from '../../measure/checks/index.ts';
import { parseThreshold } from '../../measure/thresholds.ts';
import { DEFAULT_LINK, linkSettings } from '../../net/link/settings.ts';
import type { Scenario } from '../scenario.ts';
import { DEFAULTS, type ScenarioDocument } from '../settings.ts';
import { resolveBoards } from './boards/resolve-boards.ts';
import { resolveFleet } from './boards/resolve-fleet.ts';
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
  const durationMs = document.duration ?? DEFAULTS.duration;
  const tls = document.tls ?? DEFAULTS.tls;
  const all = resolveBoards([document.boards ?? {}], tls);
  const inBoards = all.problems.map((problem): Problem => ({ ...problem, path: ['boards', ...problem.path] }));
  const { count, fleet, problems: fleetProblems } = resolveFleet(document, tls, all.problems.length > 0);
  const boards = { ...all.boards, count };
  const { aps, air, problems: airProblems } = resolveAir({ ...document, boards: { ...document.boards, count } }, fleet);
  const { balancer, problems: balancerProblems } = resolveBalancer(document, tls);
  const world = { boards: count, fleet, aps, sharesAir: air !== null, tls: tls !== 'none', durationMs };
  const steps = resolveSteps(document.steps ?? [], world);
  const problems = [...inBoards, ...fleetProblems, ...airProblems, ...balancerProblems, ...steps.problems, ...nameProblems(document)];
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
    boards,
    link: { ...DEFAULT_LINK, ...linkSettings(document.link ?? {}) },
    fleet,
    balancer,
    aps,
    air,
    steps: steps.steps,
    checks: document.checks ?? [...DEFAULTS.checks],
    thresholds: document.thresholds ?? [],
  };
  return { scenario, problems: [] };
}

function nameProblems(document: ScenarioDocument): Problem[] {
  const problems: Problem[] = [];
  const checks = Object.keys(CHECKS);
  document.checks?.forEach((name, index) => {
    if (!checks.includes(name))
      problems.push({ path: ['checks', index], message: `unknown check "${name}" (did you mean "${nearest(name, checks)}"?)` });
  });
  document.thresholds?.forEach((expression, index) => {
    const parsed = parseThreshold(expression, Object.keys(document.fleet ?? {}));
    if (!parsed.ok) problems.push({ path: ['thresholds', index], message: parsed.message });
  });
  return problems;
}
