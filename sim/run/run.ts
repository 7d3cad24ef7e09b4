/**
 * One run from power-up to result: the world, its timeline of faults, and everything that watches it.
 *
 * After the scenario's duration comes the drain: boards send nothing new, and what is under way gets up to a
 * minute to arrive.
 */
import type { Socket } from 'node:net';
import type { FirmwareApp } from 'firmware/boot';
import { UsageError } from 'host/user-error';
import type { FirmwareImage } from '../board/runtime.ts';
import { imageOf } from '../board/runtimes/javascript.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import type { TraceLevel } from '../kernel/events.ts';
import { type KernelOptions, TooManyEvents } from '../kernel/kernel.ts';
import { Trace } from '../kernel/trace.ts';
import { usFromMs } from '../kernel/units.ts';
import type { BridgeTarget } from '../live/bridge-host.ts';
import type { OpenConsole } from '../live/console.ts';
import type { WallPacer } from '../live/wall-pacer.ts';
import { CHECKS } from '../measure/checks/index.ts';
import { Collector, type Measurements, type WorldTotals } from '../measure/collector.ts';
import { Expectations } from '../measure/expectations.ts';
import type { CheckResult, MetricValue, RunResult, ThresholdResult } from '../measure/result.ts';
import { evaluateThreshold, parseThreshold } from '../measure/thresholds.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';
import { drawnSteps } from '../scenario/drawn-steps.ts';
import { createFaults, type Faults } from '../scenario/faults.ts';
import type { Scenario, Step } from '../scenario/scenario.ts';
import { ACTIONS } from '../scenario/steps/index.ts';
import { playTimeline, prepareSteps } from '../scenario/timeline.ts';
import type { Controls } from '../world/controls/controls.ts';
import { World } from '../world/world.ts';
import { airWarning } from './air-warning.ts';
import { AirWatch } from './air-watch.ts';

/** Longest drain, virtual ms. */
const DRAIN_MS = 60_000;
/** The same on the wall clock, where somebody waits for it. */
const LIVE_DRAIN_MS = 3_000;
/** How often the drain looks whether everything has arrived, and a run reports progress, virtual ms. */
const DRAIN_STEP_MS = 100;
const PROGRESS_STEP_MS = 1000;
/** How long clients of a live run have to answer its relay's close frame, ms. */
const FAREWELL_MS = 300;

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
  kernel?: KernelOptions;
  /**
   * For a scenario with TLS; left out: throw-away ones. A worker thread, which cannot import on demand,
   * brings its own (`certificatesFor`).
   */
  certificates?: FleetCertificates;
  /** Listens to the packets of all links. */
  tap?: PacketTap;
  /** On the wall clock, with real sockets. */
  live?: LiveOptions;
}

export interface LiveOptions {
  /** The real relay that boards talk to; null: the relay inside the world, which real clients join. */
  bridge: BridgeTarget | null;
  /** Of web pages that may join, besides those of the relay's own address. */
  allowOrigins?: readonly string[];
  /** Calls back for each real client, with the name that its certificate proves. */
  onClient(callback: (socket: Socket, name: string) => void): void;
  /** Left out: the relay inside the world has none. */
  console?: OpenConsole;
}

/**
 * `wall_ms`, `replay` and `verdict` of the summary are the caller's to fill in: a run knows neither the wall
 * clock nor how it was asked for.
 */
export async function run(scenario: Scenario, app: FirmwareApp | FirmwareImage, options: RunOptions = {}): Promise<RunResult> {
  const { signal, live } = options;
  const image = imageOf(app);
  const trace = new Trace(options.traceLevel ?? 'none', options.onTraceLine ?? null);
  const steps = drawnSteps(scenario);
  const certificates = scenario.tls === 'none' ? undefined : (options.certificates ?? (await makeCertificates(scenario)));
  const world = new World(scenario, {
    app: image,
    trace,
    certificates,
    bridge: live?.bridge ?? undefined,
    allowOrigins: live?.allowOrigins,
    kernel: options.kernel,
  });
  const watchers = watch(scenario, steps, world);
  const { collector, air, checks, faults } = watchers;
  if (options.tap) world.tap(options.tap);
  const onAbort = (): void => world.kernel.stop();
  signal?.addEventListener('abort', onAbort);

  const page = live?.console && (await import('../live/console.ts')).attachConsole(world, { faults, actions: ACTIONS }, live.console);
  const pacer = live ? new (await import('../live/wall-pacer.ts')).WallPacer(world.kernel) : null;
  const work = async (): Promise<Measurements> => {
    world.start();
    prepareSteps(steps, { faults, actions: ACTIONS });
    live?.onClient((socket, name) => world.ownRelay?.acceptExternal(socket, name));
    const totals = await play(scenario, world, image, pacer, watchers, options);
    signal?.removeEventListener('abort', onAbort);
    const measurements = collector.finish(usFromMs(world.nowMs), totals);
    if (pacer) await sayGoodbye(world, pacer);
    page?.close();
    await world.close();
    return measurements;
  };
  const { metrics, errors, refusedByStatus, ...measured } = await supervised(world, image, work).catch((error: unknown) => {
    page?.close();
    world.abandon();
    // Who bounds the events waits for this; to all others it is the firmware that does not let time pass.
    if (!(error instanceof TooManyEvents) || options.kernel?.maxEvents !== undefined) throw error;
    throw new UsageError(`${scenario.boards.firmware}: goes round in circles: ${error.message}`);
  });

  const warning = air && airWarning(scenario, air.overTime);
  return {
    ...measured,
    ...(air && { air: air.overTime }),
    about: scenario.about,
    settings: [],
    summary: {
      version: 1,
      scenario: scenario.name,
      seed: scenario.seed,
      mode: live ? 'live' : 'virtual',
      boards: scenario.boards.count,
      device: scenario.boards.device,
      virtual_ms: Math.min(world.nowMs, scenario.durationMs),
      wall_ms: 0,
      events: world.kernel.eventCount,
      trace_hash: trace.hash(),
      ...(signal?.aborted ? { interrupted: true as const } : {}),
      metrics,
      errors: errors.map((error) => ({ ...error, at: seenFrom(scenario.boards.firmware, error.at) })),
      ...(Object.keys(refusedByStatus).length > 0 ? { refused_by_status: refusedByStatus } : {}),
      checks: checks(),
      thresholds: scenario.thresholds.map((expr) => judge(expr, metrics)),
      replay: '',
      verdict: '',
      ...(warning ? { warnings: [warning] } : {}),
      ...(pacer ? { external: world.ownRelay?.external.tally, timer_drift_p99_ms: pacer.driftP99Ms() } : {}),
    },
  };
}

/** Does the work in the face of firmware that may never come back, or leave promises to fail. */
async function supervised<T>(world: World, { hosted }: FirmwareImage, work: () => Promise<T>): Promise<T> {
  if (hosted === null) return await work();
  const { supervision, usesPromises } = hosted;
  const processOnRejection = (reason: unknown): void => world.onRejection(reason);
  if (usesPromises) process.on('unhandledRejection', processOnRejection);
  try {
    return await (supervision === null ? work() : supervision.watch(work));
  } finally {
    process.off('unhandledRejection', processOnRejection);
  }
}

interface Watchers {
  collector: Collector;
  /** null: each board has an air of its own. */
  air: AirWatch | null;
  checks(): CheckResult[];
  faults: Faults<Controls>;
}

/**
 * Everything that watches a world, and the timeline that moves it. Nothing happens before the world starts.
 */
function watch(scenario: Scenario, steps: readonly Step[], world: World): Watchers {
  const collector = new Collector({
    boards: scenario.boards.count,
    durationMs: scenario.durationMs,
    relayPingTimeoutMs: scenario.relay.pingTimeoutMs,
    boardPingTimeoutMs: scenario.boards.config.keepalive.ping_timeout_ms,
  });
  const checks = scenario.checks.map((name) => CHECKS[name].create(scenario));
  const expectations = new Expectations({
    boards: scenario.boards.count,
    nowUs: () => world.kernel.nowUs,
    later: (callback, ms) => void world.scheduler.schedule(callback, ms),
    pinLevel: (board, pin) => world.controls.board(board).pinLevel(pin),
    watchPins: (board, listener) => world.controls.board(board).watchPins(listener),
  });
  const expects = steps.some(({ action }) => action === 'expect');
  // One subscription for all of them: a fleet makes millions of events, and each subscriber of its own would
  // cost every one of them.
  world.events$.subscribe((event) => {
    collector.on(event);
    for (const check of checks) check.on(event);
    if (expects) expectations.on(event);
  });
  const chance = { scheduler: world.scheduler, random: (name: string) => streamOf(world, name) };
  const faults = createFaults(world.controls, (boards, expectation) => expectations.begin(boards, expectation), chance);
  playTimeline(steps, { faults, actions: ACTIONS, ...chance }).subscribe(({ action, what }) => world.noteStep(action, what));
  const air = world.air && new AirWatch(world.air, scenario.durationMs);
  return { collector, air, checks: () => [...checks.map((check) => check.finish(world.kernel.nowUs)), ...expectations.finish()], faults };
}

/** The measured time, then the drain. @param pacer null: as fast as the machine can */
async function play(
  { durationMs }: Scenario,
  world: World,
  { hosted }: FirmwareImage,
  pacer: WallPacer | null,
  { collector, air }: Watchers,
  { signal, onProgress }: RunOptions,
): Promise<WorldTotals> {
  const advance = async (toMs: number): Promise<void> => {
    await (pacer ? pacer.run(toMs, signal) : world.run(toMs));
    hosted?.supervision?.verify();
  };
  for (let atMs = 0; atMs < durationMs && !signal?.aborted; ) {
    atMs = Math.min(atMs + PROGRESS_STEP_MS, durationMs);
    await advance(atMs);
    air?.look(atMs);
    onProgress?.({ virtualMs: atMs, ...collector.progress() });
  }
  const totals = {
    tcpSegments: world.counters.segments,
    tcpRetransmits: world.counters.retransmits,
    tlsBytes: world.tlsCounters.bytes,
    timersRun: world.timersRun,
    air: air?.finish(world.nowMs) ?? null,
  };
  if (signal?.aborted) return totals;
  world.drain();
  const endMs = durationMs + (pacer ? LIVE_DRAIN_MS : DRAIN_MS);
  while (collector.pendingDeliveries() > 0 && world.nowMs < endMs && !signal?.aborted) await advance(world.nowMs + DRAIN_STEP_MS);
  return totals;
}

/** Real clients of a live run's relay are not just cut off. */
async function sayGoodbye(world: World, pacer: WallPacer): Promise<void> {
  world.mute();
  if (world.ownRelay === null) return;
  void world.ownRelay.farewell();
  await pacer.run(world.nowMs + FAREWELL_MS, undefined);
}

/** The library that makes certificates is loaded only for runs that need some: it is a sixth of a start. */
async function makeCertificates(scenario: Scenario): Promise<FleetCertificates | undefined> {
  return await (await import('../certificates/fleet.ts')).certificatesFor(scenario);
}

function streamOf(world: World, name: string): () => number {
  const stream = world.random(name);
  return () => stream.next();
}

/**
 * A place in the firmware as its user would name it, who named the app so. Events do not hold that: one app
 * has one trace, wherever it lies.
 */
function seenFrom(app: string, place: string): string {
  return place === '' ? '' : app.slice(0, app.lastIndexOf('/') + 1) + place;
}

/** Thresholds were checked when the scenario was loaded. */
function judge(expr: string, metrics: Record<string, MetricValue>): ThresholdResult {
  const parsed = parseThreshold(expr);
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateThreshold(parsed.threshold, metrics);
}
