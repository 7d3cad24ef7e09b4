/** What a test can ask of a run, and what it says when the answer is no. */
import { app } from 'firmware/apps/sos';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type SimulationResult, simulate } from '../api/index.ts';
import './index.ts';
import { findExpect, matchers } from './matchers.ts';

let run: SimulationResult;

beforeAll(async () => {
  run = await simulate({ boards: 2, firmware: app, device: 'ideal', duration: '20s', seed: 3, thresholds: ['connects == 2'] });
});

/** Of the assertion, as a test runner shows it. */
function messageOf(assert: () => void): string {
  try {
    assert();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('toHold', () => {
  it('asks a threshold of the run', () => {
    expect(run).toHold('connects == 2');
    expect(run).not.toHold('connects > 2');
    expect(run).toHold('channel_availability > 50%');
  });

  it('says what it is instead', () => {
    expect(messageOf(() => expect(run).toHold('connects > 2'))).toBe('expected connects > 2 to hold: connects is 2');
    expect(messageOf(() => expect(run).not.toHold('p95(message_latency_ms) < 1h'))).toMatch(
      /^expected p95\(message_latency_ms\) < 1h not to hold: p95\(message_latency_ms\) is [\d.]+ ms$/,
    );
  });

  it('holds where there is no sample, as in a scenario, so that whoever wants one counts', () => {
    expect(run).toHold('p95(reconnect_ms) < 1ms');
    expect(run).toHold('count(reconnect_ms) == 0');
  });

  it.each([
    ['p95(reconnect) < 1s', /toHold: "p95\(reconnect\) < 1s": there is no metric "reconnect"; the nearest is reconnect_ms/],
    ['reconnect_ms < 1s', /is a distribution; ask for one number of it, like p95\(reconnect_ms\)/],
  ])('%s is a mistake, also behind not', (expression, message) => {
    expect(messageOf(() => expect(run).toHold(expression))).toMatch(message);
    expect(messageOf(() => expect(run).not.toHold(expression))).toMatch(message);
  });
});

describe('toHaveNoViolations', () => {
  it('holds when every check and threshold does', () => {
    expect(run).toHaveNoViolations();
    expect(messageOf(() => expect(run).not.toHaveNoViolations())).toBe('expected a violation of the 5 checks and thresholds, got none');
  });

  it('names what broke, of an app that throws and a threshold that is missed', async () => {
    const throws = () => {
      throw new Error('at once');
    };
    const bad = await simulate({ boards: 1, firmware: throws, device: 'ideal', duration: '20s', thresholds: ['connects > 0'] });
    expect(messageOf(() => expect(bad).toHaveNoViolations())).toMatch(
      /^expected no violation, got:\nno-uncaught-error: at [\d.]+ s board-1 threw "at once".*\nconnects > 0: it is 0$/,
    );
  });

  it('is not content with a run that was interrupted', () => {
    expect(messageOf(() => expect({ ...run, interrupted: true }).toHaveNoViolations())).toContain('the run was interrupted');
  });
});

describe('toMatchTrace', () => {
  it('compares with the snapshot, which another seed does not match', async () => {
    expect(run).toMatchTrace();
    const again = await simulate({ boards: 2, firmware: app, device: 'ideal', duration: '20s', seed: 3 });
    expect(again).toMatchTrace(run.trace_hash);
    const other = await simulate({ boards: 2, firmware: app, device: 'ideal', duration: '20s', seed: 4 });
    expect(other).not.toMatchTrace(run.trace_hash);
    expect(messageOf(() => expect(other).toMatchTrace(run.trace_hash))).toBe(
      `expected the trace to be ${run.trace_hash}, got ${other.trace_hash}`,
    );
  });

  it('refuses what could not fail', () => {
    expect(messageOf(() => expect(run).not.toMatchTrace())).toContain('expected a hash after not');
    expect(messageOf(() => expect(run).toMatchTrace('sha256:abc'))).toContain('expected a trace hash (sha256:…), got "sha256:abc"');
  });
});

it.each([undefined, null, 5, {}, Promise.resolve()])('%s is no run', (value) => {
  for (const name of ['toHaveNoViolations', 'toMatchTrace'] as const)
    expect(messageOf(() => expect(value)[name]())).toBe(
      `${name}: expected the result of simulate, or a summary.json; is an await missing?`,
    );
});

it('a summary that was read from a file does as well', () => {
  const { details: _, ...summary } = run;
  expect(JSON.parse(JSON.stringify(summary))).toHold('connects == 2');
});

it('another test runner keeps its expect in a global variable, and takes the matchers as they are', () => {
  const own = Symbol.for('expect-global');
  const vitests = Reflect.get(globalThis, own);
  const taken: object[] = [];
  const jests = Object.assign(() => {}, { extend: (given: object) => taken.push(given) });
  vi.stubGlobal('expect', jests);
  Object.defineProperty(globalThis, own, { value: undefined, configurable: true });
  try {
    findExpect()?.extend(matchers);
  } finally {
    Object.defineProperty(globalThis, own, { value: vitests, configurable: true });
    vi.unstubAllGlobals();
  }
  expect(taken).toEqual([matchers]);
  expect(matchers.toHold(run, 'connects > 2')).toMatchObject({ pass: false });
});
