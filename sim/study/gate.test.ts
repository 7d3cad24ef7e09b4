import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS, type MetricName } from '../measure/registry.ts';
import { comparableRun, compare } from './compare.ts';
import { type Gate, judge, parseGate } from './gate.ts';

function gateOf(text: string): Gate {
  const { gate, problem } = parseGate(text);
  if (gate === null) throw new Error(problem);
  return gate;
}

function judgementOf(text: string, a: number, b: number): unknown {
  const gate = gateOf(text);
  const [one, other] = [a, b].map((value) => comparableRun('run', { [gate.metric]: value }));
  const judged = judge(gate, compare(one, other));
  return typeof judged === 'string' ? judged : judged[0].judgement;
}

describe('a gate', () => {
  it.each([
    ['channel_availability -0.5%', { metric: 'channel_availability', amount: 0.005, isRelative: true }],
    ['channel_availability −0.005', { metric: 'channel_availability', amount: 0.005, isRelative: false }],
    ['p95( reconnect_ms )+2s', { metric: 'p95(reconnect_ms)', amount: 2000, isRelative: false }],
    [' keepalive_bytes + 64KiB ', { metric: 'keepalive_bytes', amount: 65_536, isRelative: false }],
    ['disconnects.ping_timeout +0', { metric: 'disconnects.ping_timeout', amount: 0, isRelative: false }],
  ])('%j is read', (text, gate) => {
    expect(parseGate(text)).toEqual({ gate: { expr: text.trim(), ...gate }, problem: null });
  });

  it.each([
    ['connects', 'expected a metric and by how much it may be worse, like "channel_availability -0.5%" or "p95(reconnect_ms) +2s"'],
    ['connects +', 'expected a metric and by how much it may be worse'],
    ['connects +-1', 'expected a metric and by how much it may be worse'],
    ['connects +1s', 'expected a number after +, of connects itself or in % of what it was, not "1s"'],
    ['connects +1x%', 'expected a number after +, of connects itself or in % of what it was, not "1x%"'],
    ['connets +1', 'there is no metric "connets"; the nearest is connects'],
    ['p97(reconnect_ms) +1s', 'there is no function "p97"; the nearest is p90'],
    ['reconnect_ms +1s', 'reconnect_ms is a distribution; ask for one number of it, like p95(reconnect_ms)'],
    ['channel_availability +1%', 'more of it is better, so it is worse when it falls; expected "channel_availability -1%"'],
    ['connects -10%', 'less of it is better, so it is worse when it rises; expected "connects +10%"'],
    ['x'.repeat(300), 'expected a metric and by how much it may be worse'],
  ])('%j is refused', (text, problem) => {
    expect(parseGate(text).problem).toContain(problem);
  });

  it.each([
    ['channel_availability -0.5%', 1, 0.995, 'kept'],
    ['channel_availability -0.5%', 1, 0.9949, 'worse'],
    ['channel_availability -0.1', 0.5, 0.4, 'kept'],
    ['channel_availability -0.1', 0.5, 0.39, 'worse'],
    ['channel_availability -0%', 0.5, 0.6, 'kept'],
    ['connects +10%', 0.3, 0.33, 'kept'],
    ['connects +10%', 100, 111, 'worse'],
    ['connects +10%', 100, 1, 'kept'],
    ['messages_lost +10%', 0, 1, 'worse'],
    ['messages_lost +0', 3, 3, 'kept'],
  ])('%j from %d to %d is %s', (text, a, b, judgement) => {
    expect(judgementOf(text, a, b)).toBe(judgement);
  });

  it('lets through whatever is no worse, and of nothing at all every step the wrong way', () => {
    const plain = Object.keys(METRICS).filter((name) => METRICS[name as MetricName].kind !== 'distribution') as MetricName[];
    fc.assert(
      fc.property(
        fc.constantFrom(...plain),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (name, a, b) => {
          const sign = METRICS[name].betterHigh ? '-' : '+';
          const isWorse = sign === '-' ? b < a : b > a;
          expect(judgementOf(`${name} ${sign}0%`, a, b)).toBe(isWorse ? 'worse' : 'kept');
          expect(judgementOf(`${name} ${sign}1000000`, a, b)).toBe('kept');
        },
      ),
    );
  });

  it('judges nothing without a sample, and says which metric is not there', () => {
    const none = { count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
    const some = { count: 1, min: 1, mean: 1, p50: 1, p90: 1, p95: 1, p99: 1, max: 1 };
    const run = (detect: typeof none | typeof some) =>
      comparableRun('run', { connects: 1, detect_ms: detect }, ['p95(detect_ms)', 'p95(connect_ms)']);
    const compared = compare(run(some), run(none));
    expect(judge(gateOf('p95(detect_ms) +10%'), compared)).toMatchObject([{ judgement: 'no sample', a: 1, b: null }]);
    expect(judge(gateOf('p95(connect_ms) +10%'), compared)).toBe(
      '"p95(connect_ms) +10%": not among the metrics that both have; the nearest is p95(detect_ms)',
    );
  });
});
