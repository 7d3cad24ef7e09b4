/**
 * One run from power-up to result: the world, its timeline of faults, and everything that watches it.
 *
 * After the scenario's duration comes the drain: boards send nothing new, and what is under way gets up to a minute to arrive.
 */
import type { FirmwareApp } from 'firmware/boot';
import { parseServerUrl } from 'firmware/config';
import { createFleetCertificates, type FleetCertificates } from './certificates.ts';
import type { TraceLevel } from './kernel/events.ts';
import { Trace } from './kernel/trace.ts';
import { usFromMs } from './kernel/units.ts';
import { CHECKS } from './measure/checks/index.ts';
import { Collector } from './measure/collector.ts';
import type { MetricValue, RunResult, ThresholdResult } from './measure/result.ts';
import { evaluateThreshold, parseThreshold } from './measure/thresholds.ts';
import type { Scenario } from './scenario/scenario.ts';
import { playTimeline } from './scenario/timeline.ts';
import { World } from './world.ts';

/** Longest drain, virtual ms. */
const DRAIN_MS = 60_000;
/** How often the drain looks whether everything has arrived, and a run reports progress, virtual ms. */
const DRAIN_STEP_MS = 100;
const PROGRESS_STEP_MS = 1000;

export interface Progress {
  virtualMs: number;
  boardsOnline: number;
  reconnects: number;
}

export interface RunOptions {
  /** What `onTraceLine` gets; the hash covers everything in any case. */
  traceLevel?: TraceLevel;
  onTraceLine?: (line: string) => void;
  /** About every virtual second. */
  onProgress?: (progress: Progress) => void;
  /** Ends the run early, with the result of what has been run. */
  signal?: AbortSignal;
  turnsPerPump?: number;
  /** For a scenario with TLS; left out: throw-away ones. */
  certificates?: FleetCertificates;
}

/** `wall_ms` and `replay` of the summary are the caller's to fill in: a run knows neither the wall clock nor how it was asked for. */
export async function run(scenario: Scenario, app: FirmwareApp, options: RunOptions = {}): Promise<RunResult> {
  const trace = new Trace(options.traceLevel ?? 'none', options.onTraceLine ?? null);
  const certificates = scenario.tls === 'none' ? undefined : (options.certificates ?? (await createFleetCertificates(hostOf(scenario))));
  const world = new World(scenario, { app, trace, certificates, turnsPerPump: options.turnsPerPump });
  const collector = new Collector({
    boards: scenario.boards.count,
    durationMs: scenario.durationMs,
    relayPingTimeoutMs: scenario.relay.pingTimeoutMs,
    boardPingTimeoutMs: (scenario.boards.config.keepalive as { ping_timeout_ms: number }).ping_timeout_ms,
  });
  const checks = scenario.checks.map((name) => CHECKS[name].create(scenario));
  // One subscription for all of them: a fleet makes millions of events, and each subscriber of its own would cost every one of them.
  world.events$.subscribe((event) => {
    collector.on(event);
    for (const check of checks) check.on(event);
  });
  const timeline = playTimeline(scenario.steps, { controls: world, scheduler: world.scheduler, random: (name) => streamOf(world, name) });
  const steps = timeline.subscribe(({ action, what }) => world.noteStep(action, what));
  const onAbort = (): void => world.kernel.stop();
  options.signal?.addEventListener('abort', onAbort);

  world.start();
  const { signal } = options;
  for (let atMs = 0; atMs < scenario.durationMs && !signal?.aborted; ) {
    atMs = Math.min(atMs + PROGRESS_STEP_MS, scenario.durationMs);
    await world.run(atMs);
    options.onProgress?.({ virtualMs: atMs, ...collector.progress() });
  }
  const totals = {
    tcpSegments: world.counters.segments,
    tcpRetransmits: world.counters.retransmits,
    tlsBytes: world.tlsCounters.bytes,
    timersRun: world.timersRun,
  };
  if (!signal?.aborted) {
    world.drain();
    const endMs = scenario.durationMs + DRAIN_MS;
    while (collector.pendingDeliveries() > 0 && world.nowMs < endMs && !signal?.aborted) await world.run(world.nowMs + DRAIN_STEP_MS);
  }
  steps.unsubscribe();
  signal?.removeEventListener('abort', onAbort);
  const { metrics, ...measured } = collector.finish(usFromMs(world.nowMs), totals);
  await world.close();

  return {
    ...measured,
    settings: [],
    summary: {
      version: 1,
      scenario: scenario.name,
      seed: scenario.seed,
      mode: 'virtual',
      boards: scenario.boards.count,
      device: scenario.boards.device,
      virtual_ms: Math.min(world.nowMs, scenario.durationMs),
      wall_ms: 0,
      events: world.kernel.eventCount,
      trace_hash: trace.hash(),
      ...(signal?.aborted ? { interrupted: true as const } : {}),
      metrics,
      checks: checks.map((check) => check.finish(world.kernel.nowUs)),
      thresholds: scenario.thresholds.map((expr) => judge(expr, metrics)),
      replay: '',
    },
  };
}

/** What the boards connect to, and the relay's certificate is for. */
function hostOf({ boards }: Scenario): string {
  return parseServerUrl(boards.config.server as string)?.host ?? '';
}

function streamOf(world: World, name: string): () => number {
  const stream = world.random(name);
  return () => stream.next();
}

/** Thresholds were checked when the scenario was loaded. */
function judge(expr: string, metrics: Record<string, MetricValue>): ThresholdResult {
  const parsed = parseThreshold(expr);
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateThreshold(parsed.threshold, metrics);
}
