/**
 * What to try when a run missed what was asked of it. A rule speaks only of what it can see in settings and
 * figures; each has a test in which its advice is followed and helps. No rule, no advice.
 */
import { formatDuration } from 'host/units';
import { type Facts, failed, type Rule, tooHigh } from './rule.ts';

const HERD = ['connects_per_s_peak'];
const COMING_BACK = ['recovery_ms', 'reconnect_ms'];
const FALSE_ALARMS = ['false_disconnects', 'disconnects', 'disconnects.ping_timeout', 'disconnects.board_ping_timeout'];
const LATENESS = ['broadcast_latency_ms', 'message_latency_ms', 'ping_rtt_ms', 'connect_ms', 'messages_lost', 'air_full_s', 'queue_drops'];
const SILENCE = ['disconnects', 'detect_ms', 'board_detect_ms', 'messages_lost', 'disconnects.ping_timeout'];

/** Of a bound on detection, what goes to the interval; the rest is for the answer. */
const INTERVAL_SHARE = 0.6;
const SECOND_MS = 1_000;
/** That do not overlap: 1, 6 and 11. */
const CHANNELS = 3;
/** An answer that is waited for less than this is missed by an ordinary retransmission. */
const MIN_TIMEOUT_MS = 1_000;

const deviceOf = ({ scenario }: Facts) => scenario.boards.config;

const sameRandomNumbers: Rule = ({ summary, scenario }) =>
  !scenario.boards.seedRandom && tooHigh(summary, [...HERD, ...COMING_BACK])
    ? { because: 'All boards drew the same random numbers', settings: [['boards.seed_random', 'true']] }
    : null;

const noJitter: Rule = (facts) =>
  deviceOf(facts).backoff.jitter === 'none' && tooHigh(facts.summary, HERD)
    ? { because: 'All boards wait equally long before they try again', settings: [['boards.backoff.jitter', 'full']] }
    : null;

/** The id is held by a session whose link is dead, until the relay notices. */
const idIsHeld: Rule = ({ summary, scenario }) =>
  scenario.relay.duplicateId === 'reject' &&
  (summary.metrics['disconnects.refused_duplicate'] as number) > 0 &&
  tooHigh(summary, [...COMING_BACK, 'disconnects', 'disconnects.refused_duplicate', 'messages_lost'])
    ? {
        because: 'Boards that came back were refused, because the relay still held their old session',
        settings: [['relay.duplicate_id', 'takeover']],
      }
    : null;

const forgottenFlows: Rule = ({ summary, scenario }) => {
  const steps = scenario.steps.flatMap(({ parameters }) => (typeof parameters.after === 'number' ? [parameters.after] : []));
  const forgetsMs = Math.min(scenario.link.idleTimeoutMs ?? Infinity, ...steps);
  const { pingIntervalMs } = scenario.relay;
  if ((pingIntervalMs > 0 && pingIntervalMs < forgetsMs) || forgetsMs === Infinity || !tooHigh(summary, SILENCE)) return null;
  const pings = pingIntervalMs === 0 ? 'the relay sends no pings' : `the relay pings every ${formatDuration(pingIntervalMs)}`;
  return {
    because: `Something on the way forgets a connection that is idle for ${formatDuration(forgetsMs)}, and ${pings}`,
    settings: [['relay.ping_interval', formatDuration(wholeSeconds(forgetsMs * INTERVAL_SHARE))]],
  };
};

/** Who pings, in words, and what its keepalive is set by. */
interface Side {
  metric: string;
  silent: string;
  notices: string;
  keepalive(facts: Facts): { intervalMs: number; timeoutMs: number };
  settings: readonly [interval: string, timeout: string];
}

/** A keepalive that cannot find a dead link within what was asked. */
function slowDetectionBy({ metric, silent, notices, keepalive, settings }: Side): Rule {
  return (facts) => {
    const threshold = tooHigh(facts.summary, [metric]);
    const { intervalMs, timeoutMs } = keepalive(facts);
    if (threshold === null || threshold.stat === 'count' || (intervalMs > 0 && intervalMs + timeoutMs <= threshold.bound)) return null;
    const because =
      intervalMs === 0 ? silent : `${notices} after up to ping interval + timeout = ${formatDuration(intervalMs + timeoutMs)}`;
    return { because, settings: split(threshold.bound, ...settings) };
  };
}

const slowDetection = slowDetectionBy({
  metric: 'detect_ms',
  silent: 'The relay sends no pings, so it does not notice a dead link',
  notices: 'The relay notices a dead link',
  keepalive: ({ scenario: { relay } }) => ({ intervalMs: relay.pingIntervalMs, timeoutMs: relay.pingTimeoutMs }),
  settings: ['relay.ping_interval', 'relay.ping_timeout'],
});

const slowDetectionByBoards = slowDetectionBy({
  metric: 'board_detect_ms',
  silent: 'The boards send no pings, so they do not notice a dead link',
  notices: 'A board notices a dead link',
  keepalive: (facts) => {
    const { ping_interval_ms: intervalMs, ping_timeout_ms: timeoutMs } = deviceOf(facts).keepalive;
    return { intervalMs, timeoutMs };
  },
  settings: ['boards.board_ping_interval', 'boards.board_ping_timeout'],
});

const longWaits: Rule = (facts) => {
  const threshold = tooHigh(facts.summary, COMING_BACK);
  const { backoff } = deviceOf(facts);
  if (threshold === null || threshold.stat === 'count' || backoff.max_ms <= threshold.bound / 2) return null;
  return {
    because: `A board waits up to ${formatDuration(backoff.max_ms)} between two attempts`,
    settings: [['boards.backoff.max', formatDuration(Math.max(backoff.min_ms, wholeSeconds(threshold.bound / 2)))]],
  };
};

const slowReader: Rule = (facts) => {
  const { socket_delay_ms } = deviceOf(facts);
  return socket_delay_ms > 0 && tooHigh(facts.summary, [...FALSE_ALARMS, 'disconnects'])
    ? {
        because: `A board reads once in ${socket_delay_ms} ms, so pings wait behind messages`,
        settings: [['boards.config.socket_delay_ms', '0']],
      }
    : null;
};

const unansweredPings: Rule = ({ summary: { metrics, ...summary } }) =>
  (metrics['disconnects.ping_timeout'] as number) > 0 && metrics.pongs_received === 0 && tooHigh({ metrics, ...summary }, FALSE_ALARMS)
    ? {
        because: 'No ping was answered: the boards’ WebSocket library sends no pongs (RFC 6455 section 5.5.2). See what the kit’s own does',
        settings: [['boards.firmware', 'firmware/apps/sos.ts']],
      }
    : null;

const impatience: Rule = ({ summary, scenario }) =>
  (summary.metrics['disconnects.ping_timeout'] as number) > 0 && tooHigh(summary, FALSE_ALARMS)
    ? {
        because: `Pings whose answer was late were taken for dead links: retransmissions take longer than the ping timeout of ${formatDuration(scenario.relay.pingTimeoutMs)}`,
        settings: [['relay.ping_timeout', formatDuration(2 * scenario.relay.pingTimeoutMs)]],
      }
    : null;

const clockNotSet: Rule = (facts) =>
  (facts.summary.metrics['tls_failures.not_yet_valid'] as number) > 0 &&
  deviceOf(facts).clock.source === 'none' &&
  (failed(facts.summary.checks).length > 0 || facts.summary.thresholds.some(({ ok }) => !ok))
    ? {
        because: 'A board does not know what day it is, and takes the certificate for not yet valid',
        settings: [['boards.config.clock.source', 'sntp']],
      }
    : null;

/**
 * More access points help as long as there are channels for them; packets that were late are then late for
 * another reason.
 */
const fullAir: Rule = ({ summary, scenario }) => {
  const fullS = summary.metrics.air_full_s as number;
  if (fullS === 0 || scenario.aps >= CHANNELS || !tooHigh(summary, [...LATENESS, ...FALSE_ALARMS, ...COMING_BACK])) return null;
  return {
    because: `All boards of a channel share its air, and that was full for ${formatDuration(fullS * SECOND_MS)}`,
    settings: [['aps', String(CHANNELS)]],
  };
};

/** The more particular one first. */
export const RULES: Readonly<Record<string, Rule>> = {
  'same-random-numbers': sameRandomNumbers,
  'no-jitter': noJitter,
  'clock-not-set': clockNotSet,
  'full-air': fullAir,
  'forgotten-flows': forgottenFlows,
  'id-is-held': idIsHeld,
  'slow-detection': slowDetection,
  'slow-detection-by-boards': slowDetectionByBoards,
  'long-waits': longWaits,
  'slow-reader': slowReader,
  'unanswered-pings': unansweredPings,
  impatience,
};

/** Interval and timeout that find a dead link within the bound. */
function split(boundMs: number, interval: string, timeout: string): [string, string][] {
  const intervalMs = wholeSeconds(boundMs * INTERVAL_SHARE);
  return [
    [interval, formatDuration(intervalMs)],
    [timeout, formatDuration(Math.max(MIN_TIMEOUT_MS, wholeSeconds(boundMs - intervalMs - SECOND_MS)))],
  ];
}

function wholeSeconds(ms: number): number {
  return Math.max(SECOND_MS, Math.floor(ms / SECOND_MS) * SECOND_MS);
}
