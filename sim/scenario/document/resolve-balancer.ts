/**
 * What stands before the relay: a document's section, over its preset, over the defaults. A step that changes
 * a balancer needs one, so that connections from before it are its own.
 */
import { formatDuration } from 'host/units';
import { type BalancerSettings, type BalancerValues, balancerSettings, DEFAULT_BALANCER } from '../../net/balancer/settings.ts';
import type { TlsMode } from '../scenario.ts';
import type { ScenarioDocument } from '../settings.ts';
import { actionOf } from '../steps/known.ts';
import type { Problem } from './problem.ts';

/** What can only be done by somebody who reads what passes. */
const HTTP_KEYS = ['upgrade', 'handshake_delay', 'away_status', 'away_delay', 'answer_timeout', 'timeout_status'] as const;

export function resolveBalancer(
  { balancer, steps = [] }: ScenarioDocument,
  tls: TlsMode,
): { balancer: BalancerSettings | null; problems: Problem[] } {
  const isChanged = steps.some((step) => actionOf(step).needsBalancer);
  if (balancer === undefined && !isChanged) return { balancer: null, problems: [] };
  const settings = { ...DEFAULT_BALANCER, ...balancerSettings(balancer ?? {}) };
  const lifetime = lifetimeProblems(settings);
  if (tls === 'none') return { balancer: settings, problems: lifetime };
  const problems = [
    ...lifetime,
    ...problemsOf(balancer, ['balancer']),
    ...steps.flatMap((step, index) => (actionOf(step).needsBalancer ? problemsOf(step.parameters, ['steps', index]) : [])),
  ];
  return { balancer: { ...settings, mode: 'tcp' }, problems };
}

/** A connection that is closed before it has begun is no connection. */
function lifetimeProblems({ maxLifetimeMs, lifetimeSpreadMs }: BalancerSettings): Problem[] {
  if (maxLifetimeMs === 0 || lifetimeSpreadMs <= maxLifetimeMs) return [];
  return [{ path: ['balancer', 'lifetime_spread'], message: `expected at most max_lifetime, ${formatDuration(maxLifetimeMs)}` }];
}

/** TLS is between boards and relay, so a balancer can only pass it on. */
function problemsOf(values: BalancerValues = {}, path: Problem['path']): Problem[] {
  const message = 'with tls a balancer passes bytes as they are, so this would change nothing';
  const keys = [...HTTP_KEYS.filter((key) => values[key] !== undefined), ...(values.mode === 'http' ? (['mode'] as const) : [])];
  return keys.map((key) => ({ path: [...path, key], message }));
}
