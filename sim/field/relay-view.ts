/**
 * What a relay would have recorded of a simulated run: the world's events have the names and fields that
 * relay/recorder.ts writes.
 */
import type { Programs } from '../board/runtime.ts';
import { run } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type FieldRecording, readFieldRecording } from './read-field.ts';

/** Asked before a line is parsed: most of a fleet's are deliveries. */
const RECORDED = /"event":"(ws\.(open|close|refused)|relay\.(received|ping|pong|ping_answered|down|up))"/;

export async function relayView(scenario: Scenario, app: Programs): Promise<FieldRecording> {
  const view = new View(scenario.durationMs);
  await run({ ...scenario, checks: [], thresholds: [] }, app, { traceLevel: 'message', onTraceLine: (text) => view.take(text) });
  return view.finish(scenario.name);
}

class View {
  private readonly durationMs: number;
  private readonly lines: string[] = [headerAt(0)];
  /** Of the relay's latest start. */
  private startMs = 0;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
  }

  /** A line of the run's trace; what comes after the measured time does not count. */
  take(text: string): void {
    if (!RECORDED.test(text)) return;
    const line = JSON.parse(text) as { t: number; event: string; rtt_ms?: string };
    if (line.t > this.durationMs) return;
    if (line.event === 'relay.up') {
      this.startMs = line.t;
      this.lines.push(headerAt(line.t));
      return;
    }
    const t = line.t - this.startMs;
    this.lines.push(JSON.stringify({ ...line, t, ...(line.rtt_ms !== undefined && { rtt_ms: Number(line.rtt_ms) }) }));
  }

  finish(name: string): FieldRecording {
    this.lines.push(JSON.stringify({ t: this.durationMs - this.startMs, event: 'relay.down' }));
    return readFieldRecording(
      name,
      this.lines.map((text, index) => ({ number: index + 1, text })),
    );
  }
}

function headerAt(epochMs: number): string {
  return JSON.stringify({ format: 'squall-trace', version: 1, source: 'relay', epoch_ms: epochMs });
}
