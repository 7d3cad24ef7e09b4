/**
 * What a test can ask of a run, in the shape that `expect.extend` of vitest and Jest takes. Neither is
 * imported.
 */
import { formatMetric } from '../measure/format-metric.ts';
import type { CheckResult, MetricValue, ThresholdResult } from '../measure/result.ts';
import { evaluateThreshold, parseThreshold, subjectOf } from '../measure/thresholds.ts';

/** A result of `simulate`, or what `summary.json` holds. */
interface Received {
  metrics: Record<string, MetricValue>;
  groups?: readonly { name: string }[];
  checks: readonly CheckResult[];
  thresholds: readonly ThresholdResult[];
  trace_hash: string;
  interrupted?: true;
}

interface MatcherResult {
  pass: boolean;
  message(): string;
}

/** Of whoever runs the test, as far as it is needed: a matcher that a snapshot stands behind. */
interface Matching {
  isNot?: boolean;
}

const HASH = /^sha256:[0-9a-f]{64}$/;

/** As both test runners keep it for all modules. */
interface Expect {
  (value: unknown): { toMatchSnapshot(hint?: string): void };
  extend(matchers: object): void;
}

export const matchers = {
  /**
   * @param expression a threshold of scenario files: `p95(reconnect_ms) < 45s`. One of which there was no
   *   sample holds, as it does there
   */
  toHold(received: unknown, expression: string): MatcherResult {
    const { metrics, groups = [] } = runOf('toHold', received);
    const parsed = parseThreshold(
      String(expression),
      groups.map(({ name }) => name),
    );
    if (!parsed.ok) throw new TypeError(`toHold: ${parsed.message}`);
    const { threshold } = parsed;
    const { ok, value } = evaluateThreshold(threshold, metrics);
    const subject = subjectOf(threshold);
    const was = value === null ? 'had no sample' : `is ${formatMetric(subject, value)}`;
    return { pass: ok, message: () => `expected ${threshold.expr} ${ok ? 'not ' : ''}to hold: ${subject} ${was}` };
  },

  /** Every check and threshold that the run was held to, and it came to its end. */
  toHaveNoViolations(received: unknown): MatcherResult {
    const run = runOf('toHaveNoViolations', received);
    const violations = [
      ...(run.interrupted ? ['the run was interrupted'] : []),
      ...run.checks.filter(({ ok }) => !ok).map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`)),
      ...run.thresholds.filter(({ ok }) => !ok).map(({ expr, value }) => `${expr}: it is ${value}`),
    ];
    const pass = violations.length === 0;
    const asked = run.checks.length + run.thresholds.length;
    return {
      pass,
      message: () =>
        pass
          ? `expected a violation of the ${asked} checks and thresholds, got none`
          : `expected no violation, got:\n${violations.join('\n')}`,
    };
  },

  /**
   * The run is, event for event, the one whose hash the snapshot holds; in another major version of Node it
   * may be another.
   * @param hash instead of the snapshot's
   */
  toMatchTrace(this: Matching, received: unknown, hash?: string): MatcherResult {
    const { trace_hash: actual } = runOf('toMatchTrace', received);
    if (hash !== undefined) {
      if (!HASH.test(hash)) throw new TypeError(`toMatchTrace: expected a trace hash (sha256:…), got ${JSON.stringify(hash)}`);
      const pass = actual === hash;
      return { pass, message: () => `expected the trace ${pass ? 'not ' : ''}to be ${hash}, got ${actual}` };
    }
    if (this.isNot) throw new TypeError('toMatchTrace: expected a hash after not: a snapshot holds what a run is');
    const expect = findExpect();
    if (expect === undefined) throw new TypeError('toMatchTrace: no expect with snapshots here; expected a hash: toMatchTrace("sha256:…")');
    expect(actual).toMatchSnapshot('trace');
    return { pass: true, message: () => '' };
  },
};

/** vitest keeps its own under this symbol (`@vitest/expect`), Jest in a global variable. */
export function findExpect(): Expect | undefined {
  const known = globalThis as { [key: symbol]: unknown; expect?: unknown };
  const found = known[Symbol.for('expect-global')] ?? known.expect;
  return typeof found === 'function' ? (found as unknown as Expect) : undefined;
}

function runOf(matcher: string, received: unknown): Received {
  const run = received as Partial<Received> | null | undefined;
  if (typeof run?.trace_hash === 'string' && run.metrics !== undefined && Array.isArray(run.checks) && Array.isArray(run.thresholds))
    return run as Received;
  throw new TypeError(`${matcher}: expected the result of simulate, or a summary.json; is an await missing?`);
}
