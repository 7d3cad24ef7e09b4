/** A simulated run, and what its relay would have recorded of it: the trace has the same events under the same names. */
import { app as sos } from 'firmware/apps/sos';
import type { RunResult } from '../../measure/result.ts';
import { run } from '../../run.ts';
import type { Scenario } from '../../scenario/scenario.ts';

interface TraceLine {
  t: number;
  event: string;
  [field: string]: unknown;
}

export interface RecordedRun {
  result: RunResult;
  /** With numbers, from 1. */
  lines: { number: number; text: string }[];
}

const RECORDED = ['ws.open', 'ws.close', 'ws.refused', 'relay.received', 'relay.ping', 'relay.pong', 'relay.ping_answered'];

export async function recordRun(scenario: Scenario): Promise<RecordedRun> {
  const events: TraceLine[] = [];
  const onTraceLine = (text: string) => {
    const line = JSON.parse(text) as TraceLine;
    if (line.t <= scenario.durationMs) events.push(line);
  };
  const result = await run(scenario, sos, { traceLevel: 'message', onTraceLine });
  events.push({ t: scenario.durationMs, event: 'relay.down' });
  const lines = [headerOf(scenario, 0), ...recordedLines(events, scenario)];
  return { result, lines: lines.map((line, index) => ({ number: index + 1, text: JSON.stringify(line) })) };
}

/** Each start of the relay has its own header, from which `t` counts. */
function recordedLines(events: readonly TraceLine[], scenario: Scenario): object[] {
  let startedMs = 0;
  return events.flatMap((line): object[] => {
    const t = line.t - startedMs;
    switch (line.event) {
      case 'relay.up':
        startedMs = line.t;
        return [headerOf(scenario, line.t)];
      case 'relay.down':
        return [{ t, event: 'relay.down', reason: 'shutdown' }];
      case 'relay.pong':
        return [{ ...line, t, rtt_ms: Number(line.rtt_ms) }];
      default:
        return RECORDED.includes(line.event) ? [{ ...line, t }] : [];
    }
  });
}

function headerOf({ relay }: Scenario, atMs: number): object {
  return {
    format: 'squall-trace',
    version: 1,
    source: 'relay',
    epoch_ms: 1_700_000_000_000 + atMs,
    relay: {
      ping_interval: `${relay.pingIntervalMs}ms`,
      ping_timeout: `${relay.pingTimeoutMs}ms`,
      duplicate_id: relay.duplicateId,
      mode: relay.mode,
    },
  };
}
