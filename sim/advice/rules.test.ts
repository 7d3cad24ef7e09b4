/** Each rule is earned by a scenario: its advice is given there, and who follows it keeps what was missed. */

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../run/run.ts';
import { appsOf } from '../run/testing/library.ts';
import { parseOverride } from '../scenario/document/overrides.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import { adviceFor } from './index.ts';
import { RULES } from './rules.ts';

/** By rule: a scenario that misses its threshold for this reason. */
const EARNED_BY: Record<string, string> = {
  'same-random-numbers': `
    duration: 3m
    relay: { mode: echo }
    boards: { count: 60, seed_random: false, boot_spread: 5s }
    steps: [{ at: 60s, action: relay.stop, for: 30s }]
    thresholds: ["connects_per_s_peak < 30"]`,
  'no-jitter': `
    duration: 3m
    relay: { mode: echo }
    boards: { count: 60, device: ideal, boot_spread: 5s, backoff: { jitter: none } }
    steps: [{ at: 60s, action: relay.stop, for: 30s }]
    thresholds: ["connects_per_s_peak < 30"]`,
  'clock-not-set': `
    duration: 2m
    tls: server
    boards: { count: 2, boot_spread: 0s, config: { clock: { source: none } } }
    thresholds: ["connects == 2"]`,
  'full-air': `
    duration: 40s
    boards: { count: 60, boot_spread: 5s }
    link: { rssi: -86 }
    air: shared
    thresholds: ["p99(broadcast_latency_ms) < 1000"]`,
  'forgotten-flows': `
    duration: 4m
    relay: { mode: echo, ping_interval: 20s, ping_timeout: 2s }
    boards: { count: 4, boot_spread: 0s }
    steps: [{ at: 30s, action: link.idle_timeout, after: 3s, for: 2m }]
    thresholds: ["disconnects == 0"]`,
  'id-is-held': `
    duration: 3m
    boards: { count: 4, boot_spread: 0s }
    steps: [{ at: 60s, action: board.power_cycle, for: 2s }]
    thresholds: ["disconnects.refused_duplicate == 0"]`,
  'slow-detection': `
    duration: 3m
    boards: { count: 4, boot_spread: 0s }
    steps: [{ at: 61s, action: link.blackhole, for: 60s }]
    thresholds: ["max(detect_ms) < 15s"]`,
  'slow-detection-by-boards': `
    duration: 3m
    boards: { count: 4, boot_spread: 0s }
    steps: [{ at: 61s, action: link.blackhole, for: 60s }]
    thresholds: ["max(board_detect_ms) < 15s"]`,
  'long-waits': `
    duration: 10m
    boards: { count: 20, boot_spread: 0s }
    steps: [{ at: 60s, action: relay.stop, for: 5m }]
    thresholds: ["max(recovery_ms) < 20s"]`,
  'slow-reader': `
    duration: 2m
    relay: { ping_interval: 2s, ping_timeout: 1s }
    boards: { count: 12, boot_spread: 0s, config: { socket_delay_ms: 300 } }
    thresholds: ["disconnects.ping_timeout == 0"]`,
  'unanswered-pings': `
    duration: 2m
    boards: { count: 2, boot_spread: 0s, firmware: scenarios/apps/answers-no-ping.ts }
    thresholds: ["disconnects.ping_timeout == 0"]`,
  impatience: `
    duration: 10m
    relay: { mode: echo, ping_interval: 5s, ping_timeout: 1s }
    boards: { count: 6 }
    link: { loss: 0.1 }
    thresholds: ["false_disconnects < 40"]`,
};

async function play(yaml: string, settings: readonly (readonly [string, string])[] = []) {
  const overrides = settings.map(([path, value]) => {
    const override = parseOverride(`${path}=${value}`);
    if (typeof override === 'string') throw new Error(override);
    return override;
  });
  const { scenario, problems } = readDocument({ version: 1, ...(parse(yaml) as object) }, overrides);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  const { summary } = await run({ ...scenario, checks: [] }, appsOf(scenario));
  return { summary, scenario, advice: adviceFor({ summary, scenario }) };
}

describe('advice', () => {
  it('has a scenario for each rule', () => {
    expect(Object.keys(EARNED_BY)).toEqual(Object.keys(RULES));
  });

  it.for(Object.entries(EARNED_BY))('%s: is given for this reason, and helps', async ([name, yaml]) => {
    const before = await play(yaml);
    expect(before.summary.thresholds[0].ok).toBe(false);
    expect(before.advice).toEqual(RULES[name](before));
    const after = await play(yaml, before.advice?.settings);
    expect(after.summary.thresholds[0]).toMatchObject({ ok: true });
    expect(after.advice).toBeNull();
  });

  it('is not given where no rule explains what was missed', async () => {
    expect((await play('duration: 1m\nthresholds: ["connects > 1000"]')).advice).toBeNull();
  });
});
