/**
 * One run from power-up to result: the world, its timeline of faults, and everything that watches it.
 *
 * After the scenario's duration comes the drain: boards send nothing new, and what is under way gets up to a
 * minute to arrive.
 */
import { UsageError } from 'host/user-error';
import type { FirmwareImage, Programs, Supervision } from '../board/runtime.ts';
import { imagesOf } from '../board/runtimes/javascript.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import type { TraceLevel } from '../kernel/events.ts';
import { type KernelOptions, TooManyEvents } from '../kernel/kernel.ts';
import { Trace } from '../kernel/trace.ts';
import { usFromMs } from '../kernel/units.ts';
import type { ByGroup } from '../measure/by-group.ts';
import type { Measurements, WorldTotals } from '../measure/collector.ts';
import type { GroupSummary, MetricValue, RunResult, ThresholdResult } from '../measure/result.ts';
import { evaluateThreshold, parseThreshold } from '../measure/thresholds.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';
import { drawnSteps, type OtherLuck } from '../scenario/drawn-steps.ts';
import { groupsOf, programsOf } from '../scenario/groups.ts';
import type { FleetGroup, Scenario, Step } from '../scenario/scenario.ts';
import { KNOWN_ACTIONS } from '../scenario/steps/known.ts';
import { playTimeline, prepareSteps, type TimelineWorld } from '../scenario/timeline.ts';
import type { Controls } from '../world/controls/controls.ts';
import { type OverTheAir, updatesFor } from '../world/over-the-air.ts';
import { World } from '../world/world.ts';
import { airWarning } from './air-warning.ts';
import type { LiveRun, WallClock } from './live.ts';
import { type Watchers, watch } from './watchers.ts';

/** Longest drain, virtual ms. */
const DRAIN_MS = 60_000;
/** The same on the wall clock, where somebody waits for it. */
const LIVE_DRAIN_MS = 3_000;
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
  kernel?: KernelOptions;
  /**
   * For a scenario with TLS; left out: throw-away ones. A worker thread, which cannot import on demand,
   * brings its own (`certificatesFor`).
   */
  certificates?: FleetCertificates;
  /** Listens to the packets of all links. */
  tap?: PacketTap;
  /** Steps may come that are not the scenario's, and expect something. */
  moreSteps?: boolean;
  /** On the wall clock, with real sockets (live.ts). */
  live?: WallClock;
  /**
   * The same luck until that time and another seed's after it: everything up to and including that moment is
   * as it is without. At 0 all luck is the other seed's; from the end of the run on nothing is.
   */
  otherLuck?: OtherLuck;
  /** Ends the run at that time of the world, as if it had lasted no longer. */
  stop?: StopAt;
}

export interface StopAt {
  atMs: number;
  /** Called before the world starts. */
  begin?(world: World): void;
  /** Called when it stands there, and waited for. */
  standing?(world: World): Promise<void> | void;
}

/**
 * `wall_ms`, `replay` and `verdict` of the summary are the caller's to fill in: a run knows neither the wall
 * clock nor how it was asked for.
 */
export async function run(scenario: Scenario, app: Programs, options: RunOptions = {}): Promise<RunResult> {
  const one = await Run.open(scenario, app, options);
  const measurements = await one.supervised(async () => {
    const { stop } = options;
    stop?.begin?.(one.world);
    one.start();
    await one.advance(Math.min(scenario.durationMs, stop?.atMs ?? Number.POSITIVE_INFINITY));
    if (!options.signal?.aborted) await stop?.standing?.(one.world);
    return await one.end();
  });
  return one.result(measurements);
}

/** A run that its caller moves on: `start`, `advance` as often as it likes, `end`; all of it `supervised`. */
export class Run {
  readonly world: World;
  /** By which steps move the world. */
  readonly timeline: TimelineWorld<Controls>;
  private readonly scenario: Scenario;
  private readonly images: readonly FirmwareImage[];
  private readonly options: RunOptions;
  private readonly trace: Trace;
  private readonly steps: readonly Step[];
  private readonly watchers: Watchers;
  /** null: in virtual time. */
  private readonly live: LiveRun | null;
  private nextLookMs = PROGRESS_STEP_MS;
  /** When the measured time ended. */
  private endedMs = Number.POSITIVE_INFINITY;
  private readonly onAbort = (): void => this.world.kernel.stop();

  /** Nothing happens before the start, so that others can subscribe. */
  static async open(scenario: Scenario, app: Programs, options: RunOptions = {}): Promise<Run> {
    const certificates = scenario.tls === 'none' ? undefined : (options.certificates ?? (await makeCertificates(scenario)));
    const images = imagesOf(app, groupsOf(scenario).length);
    const { otherLuck } = options;
    const updates = updatesFor(scenario, options.moreSteps === true || options.live !== undefined);
    if (otherLuck && otherLuck.atMs <= 0)
      return new Run({ ...scenario, seed: otherLuck.seed }, images, { ...options, certificates, otherLuck: undefined }, updates);
    return new Run(scenario, images, { ...options, certificates }, updates);
  }

  private constructor(scenario: Scenario, images: readonly FirmwareImage[], options: RunOptions, updates: OverTheAir | undefined) {
    const { live, certificates, kernel, otherLuck } = options;
    this.scenario = scenario;
    this.images = images;
    this.options = options;
    this.trace = new Trace(options.traceLevel ?? 'none', options.onTraceLine ?? null);
    const world = new World(scenario, {
      app: images,
      trace: this.trace,
      certificates,
      bridge: live?.bridge,
      allowOrigins: live?.allowOrigins,
      kernel,
      changesLuck: otherLuck !== undefined,
      overTheAir: updates,
    });
    this.world = world;
    this.steps = drawnSteps(scenario, 0, otherLuck);
    const chance = { scheduler: world.scheduler, random: (name: string) => streamOf(world, name) };
    this.watchers = watch(scenario, options.moreSteps === true || this.steps.some(({ action }) => action === 'expect'), world, chance);
    this.timeline = { faults: this.watchers.faults, actions: KNOWN_ACTIONS, ...chance };
    playTimeline(this.steps, this.timeline).subscribe(({ action, what }) => world.noteStep(action, what));
    if (options.tap) world.tap(options.tap);
    this.live = live?.open(world, this.timeline) ?? null;
  }

  start(): void {
    this.world.start();
    prepareSteps(this.steps, this.timeline);
    this.live?.begin();
  }

  /** Advances to this time of the world, at most the scenario's duration, or until the signal is aborted. */
  async advance(toMs: number): Promise<void> {
    const { world, watchers, options, scenario } = this;
    const { signal, onProgress } = options;
    for (let atMs = world.nowMs; atMs < toMs && !signal?.aborted; ) {
      atMs = Math.min(this.nextLookMs, toMs);
      await this.moveTo(atMs);
      if (atMs < this.nextLookMs && atMs < scenario.durationMs) continue;
      this.nextLookMs = atMs + PROGRESS_STEP_MS;
      watchers.air?.look(atMs);
      watchers.energy.look(atMs);
      onProgress?.({ virtualMs: atMs, ...watchers.collector.progress() });
    }
  }

  /** The measured time ends now; then comes the drain, unless the signal was aborted. */
  async end(): Promise<Measurements> {
    const { world, live, watchers, options } = this;
    const { collector, byGroup } = watchers;
    const totals = this.totals();
    const ofGroups = byGroup?.totals((boards) => ({
      ...totals,
      heapFreeMinBytes: world.heapFreeMinBytes(boards),
      energy: watchers.energy.finish(world.nowMs, boards),
    }));
    this.endedMs = world.nowMs;
    if (!options.signal?.aborted) {
      world.drain();
      const endMs = world.nowMs + (live ? LIVE_DRAIN_MS : DRAIN_MS);
      while (collector.pendingDeliveries() > 0 && world.nowMs < endMs && !options.signal?.aborted)
        await this.moveTo(world.nowMs + DRAIN_STEP_MS);
    }
    options.signal?.removeEventListener('abort', this.onAbort); // what is left is short
    const measurements = collector.finish(usFromMs(world.nowMs), totals);
    Object.assign(measurements.metrics, byGroup?.finish(usFromMs(world.nowMs), ofGroups ?? []));
    await live?.sayGoodbye();
    live?.closePage();
    await world.close();
    return measurements;
  }

  /**
   * Does the work in the face of firmware that may never come back, or leave promises to fail. A world in
   * which work failed is abandoned.
   */
  async supervised<T>(work: () => Promise<T>): Promise<T> {
    const { world, live, options, scenario } = this;
    options.signal?.addEventListener('abort', this.onAbort);
    try {
      return await supervised(world, this.images, work);
    } catch (error) {
      live?.closePage();
      world.abandon();
      // Who bounds the events waits for this; to all others it is the firmware that does not let time pass.
      if (!(error instanceof TooManyEvents) || options.kernel?.maxEvents !== undefined) throw error;
      throw new UsageError(`${programNames(scenario)}: goes round in circles: ${error.message}`);
    } finally {
      options.signal?.removeEventListener('abort', this.onAbort);
    }
  }

  result({ metrics, errors, refusedByStatus, ...measured }: Measurements): RunResult {
    const { scenario, world, live, options } = this;
    const { air, energy, checks, byGroup } = this.watchers;
    const programAt = (board: number, ms: number): string => {
      const group = byGroup?.groupAt(board, usFromMs(ms)) ?? '';
      return scenario.fleet.find(({ name }) => name === group)?.boards.firmware ?? scenario.boards.firmware;
    };
    const warning = air && airWarning(scenario, air.overTime);
    return {
      ...measured,
      ...(air && { air: air.overTime }),
      energy: energy.overTime,
      about: scenario.about,
      settings: [],
      summary: {
        version: 1,
        scenario: scenario.name,
        seed: scenario.seed,
        mode: live ? 'live' : 'virtual',
        boards: scenario.boards.count,
        device: scenario.boards.device,
        ...(scenario.fleet.length === 0 ? {} : { groups: scenario.fleet.map((group) => groupSummary(group, byGroup)) }),
        virtual_ms: Math.min(this.endedMs, scenario.durationMs),
        wall_ms: 0,
        events: world.kernel.eventCount,
        trace_hash: this.trace.hash(),
        ...(options.signal?.aborted ? { interrupted: true as const } : {}),
        metrics,
        errors: errors.map(({ board, ...error }) => ({ ...error, at: seenFrom(programAt(board, error.first_ms), error.at) })),
        ...(Object.keys(refusedByStatus).length > 0 ? { refused_by_status: refusedByStatus } : {}),
        checks: checks(),
        thresholds: scenario.thresholds.map((expr) => judge(expr, metrics)),
        replay: '',
        verdict: '',
        ...(warning ? { warnings: [warning] } : {}),
        ...(live ? { external: world.ownRelay?.external.tally, timer_drift_p99_ms: live.driftP99Ms() } : {}),
      },
    };
  }

  private async moveTo(atMs: number): Promise<void> {
    const { world, live, options, images, scenario } = this;
    const { otherLuck } = options;
    if (otherLuck && otherLuck.atMs >= world.nowMs && otherLuck.atMs < Math.min(atMs, scenario.durationMs)) {
      await world.run(otherLuck.atMs);
      if (!options.signal?.aborted) world.redraw(otherLuck.seed);
    }
    await (live ? live.advance(atMs, options.signal) : world.run(atMs));
    supervisionOf(images)?.verify();
  }

  private totals(): WorldTotals {
    const { world, watchers } = this;
    return {
      tcpSegments: world.counters.segments,
      tcpRetransmits: world.counters.retransmits,
      tlsBytes: world.tlsCounters.bytes,
      timersRun: world.timersRun(),
      heapFreeMinBytes: world.heapFreeMinBytes(Array.from({ length: world.boardCount }, (_, board) => board)),
      air: watchers.air?.finish(world.nowMs) ?? null,
      energy: watchers.energy.finish(world.nowMs),
    };
  }
}

/** Does the work in the face of firmware that may never come back, or leave promises to fail. */
async function supervised<T>(world: World, images: readonly FirmwareImage[], work: () => Promise<T>): Promise<T> {
  const supervision = supervisionOf(images);
  const usesPromises = images.some(({ hosted }) => hosted?.usesPromises);
  const processOnRejection = (reason: unknown): void => world.onRejection(reason);
  if (usesPromises) process.on('unhandledRejection', processOnRejection);
  try {
    return await (supervision === null ? work() : supervision.watch(work));
  } finally {
    process.off('unhandledRejection', processOnRejection);
  }
}

/** One watches whatever needs to be watched. */
function supervisionOf(images: readonly FirmwareImage[]): Supervision | null {
  return images.map(({ hosted }) => hosted?.supervision ?? null).find((supervision) => supervision !== null) ?? null;
}

/** The library that makes certificates is loaded only for runs that need some: it is a sixth of a start. */
async function makeCertificates(scenario: Scenario): Promise<FleetCertificates | undefined> {
  return await (await import('../certificates/fleet.ts')).certificatesFor(scenario);
}

function groupSummary({ name, boards: { count, firmware, device } }: FleetGroup, byGroup: ByGroup | null): GroupSummary {
  const moved = byGroup?.hasMoves ? { boards_at_end: byGroup.boardsOf(name).length } : {};
  return { name, boards: count, ...moved, firmware, device };
}

function streamOf(world: World, name: string): () => number {
  const stream = world.random(name);
  return () => stream.next();
}

function programNames(scenario: Scenario): string {
  return [...new Set(programsOf(scenario))].join(' or ');
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
  const parsed = parseThreshold(expr, 'any');
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateThreshold(parsed.threshold, metrics);
}
