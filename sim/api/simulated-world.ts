/**
 * A world in the hands of a program: it moves when it is told to, and so far, and anybody can look at it and
 * act on it in between.
 *
 * Acts are the steps of scenarios: what a scenario file says and what is done by hand at the same time give
 * the same trace.
 */
import { formatDuration, parseDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { boardId } from '../kernel/board-id.ts';
import type { DurationText } from '../kernel/fields.ts';
import { Observable, type Subscription } from '../kernel/rx.ts';
import { recordOf, type TraceRecord } from '../kernel/trace.ts';
import type { Run } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ACTIONS } from '../scenario/steps/index.ts';
import { playStep } from '../scenario/timeline.ts';
import { watchBoards } from './board-watch.ts';
import { BoardHandle, type EndStep, LinkHandle, RelayHandle } from './handles.ts';
import { resultOf, type SimulationResult } from './result.ts';
import type { BoardTarget, StepSettings } from './settings.ts';
import { readSteps } from './steps.ts';

export class SimulatedWorld {
  /** As lines of a trace have them. */
  readonly events$: Observable<TraceRecord>;
  readonly relay: RelayHandle;
  private readonly one: Run;
  private readonly scenario: Scenario;
  private readonly signal: AbortSignal | undefined;
  private readonly boards: readonly BoardHandle[];
  private readonly beganAtMs = performance.now();
  private steps: number;
  private phase: 'new' | 'idle' | 'moving' | 'over' = 'new';
  private readonly play = (step: StepSettings): EndStep => this.step(step);

  constructor(one: Run, scenario: Scenario, signal: AbortSignal | undefined) {
    const { world } = one;
    this.one = one;
    this.scenario = scenario;
    this.signal = signal;
    this.steps = scenario.steps.length;
    const watched = watchBoards(world);
    this.boards = watched.map((board, index) => new BoardHandle(index, world, board, this.play));
    this.relay = new RelayHandle(world, this.play);
    this.events$ = new Observable((subscriber) => {
      const told = world.events$.subscribe({
        next: (event) => subscriber.next(recordOf(event)),
        complete: () => subscriber.complete(),
      });
      return () => told.unsubscribe();
    });
  }

  /** Of the world's time. */
  get nowMs(): number {
    return this.one.world.nowMs;
  }

  /** `board-3`, or 3 for the same. */
  board(id: number | string): BoardHandle {
    const name = typeof id === 'number' ? `board-${id}` : id;
    const board = this.boards.find((one) => one.id === name);
    if (board !== undefined) return board;
    throw new UsageError(
      `board: no board is called ${JSON.stringify(name)}: there are ${boardId(0)} to ${boardId(this.boards.length - 1)}`,
    );
  }

  /** Those of a step's boards: `board-3`, 3 for the same, `20%`, `all`. */
  link(boards: BoardTarget): LinkHandle {
    return new LinkHandle(typeof boards === 'number' ? this.board(boards).id : boards, this.play);
  }

  /**
   * Plays a step as a scenario file has it: now, or at its time.
   * @returns ends it, if it lasts and has begun
   * @throws UsageError that says what is wrong with it
   */
  step(settings: StepSettings): EndStep {
    this.verifyOpen('step');
    const { world, timeline } = this.one;
    const ends: Subscription[] = [];
    for (const step of readSteps(settings, this.scenario, this.nowMs)) {
      const index = this.steps++;
      const begin = (): void => {
        // What is found at the start of a run is found now.
        if (!this.scenario.steps.some(({ action }) => action === step.action)) ACTIONS[step.action].prepare?.(timeline.faults.controls);
        const end = playStep(step, index, timeline, ({ action, what }) => world.noteStep(action, what));
        if (ACTIONS[step.action].lasts !== 'never') ends.push(end);
      };
      if (step.atMs > this.nowMs || this.phase === 'new') world.scheduler.schedule(begin, step.atMs - this.nowMs);
      else begin();
    }
    return () => {
      for (const end of ends.splice(0)) end.unsubscribe();
    };
  }

  /** Calls back at this time of the world, in the midst of it: what throws there is thrown by `run`. */
  at(time: DurationText, act: (world: this) => void): void {
    this.verifyOpen('at');
    const atMs = this.timeOf('at', time);
    if (atMs < this.nowMs) throw new UsageError(`at: ${time} is over: it is ${formatDuration(this.nowMs)}`);
    this.one.world.scheduler.schedule(() => {
      const left: unknown = act(this);
      if (left instanceof Promise) {
        left.catch(() => {}); // it is told here
        throw new UsageError(`at ${time}: expected a function that is done when it returns, got one that returns a promise`);
      }
    }, atMs - this.nowMs);
  }

  /**
   * Moves on by so much; left out: to the end of the scenario's duration.
   * @throws the signal's reason when that is aborted, and whatever ends the world before its time
   */
  async run(time?: DurationText): Promise<void> {
    const byMs = time === undefined ? this.scenario.durationMs - this.nowMs : parseDuration(time);
    if (byMs === null) throw new UsageError(`run: expected a duration with its unit (30s, 1m), got ${JSON.stringify(time)}`);
    const toMs = this.timeOf('run', formatDuration(this.nowMs + byMs));
    await this.move(() => this.one.advance(toMs), 'idle');
  }

  /** The measured time ends now: nothing new is sent, what is under way may arrive, and all is judged. */
  async finish(): Promise<SimulationResult> {
    const measurements = await this.move(() => this.one.end(), 'over');
    return resultOf(this.one.result(measurements), performance.now() - this.beganAtMs);
  }

  /** Leaves the world where it stands. One that is finished or has failed needs no closing. */
  close(): void {
    if (this.phase !== 'over') this.one.world.abandon();
    this.phase = 'over';
  }

  private async move<T>(work: () => Promise<T>, then: 'idle' | 'over'): Promise<T> {
    this.verifyOpen('run');
    if (this.phase === 'moving') throw new UsageError('run: the world is moving already: await what moves it');
    const isNew = this.phase === 'new';
    this.phase = 'moving';
    let after: 'idle' | 'over' = 'over';
    try {
      const done = await this.one.supervised(async () => {
        this.signal?.throwIfAborted();
        if (isNew) this.one.start();
        const value = await work();
        this.signal?.throwIfAborted();
        return value;
      });
      after = then;
      return done;
    } finally {
      this.phase = after;
    }
  }

  private verifyOpen(what: string): void {
    if (this.phase === 'over') throw new UsageError(`${what}: this world is over`);
  }

  private timeOf(what: string, time: string): number {
    const atMs = parseDuration(time);
    if (atMs === null) throw new UsageError(`${what}: expected a duration with its unit (30s, 1m), got ${JSON.stringify(time)}`);
    const { durationMs } = this.scenario;
    if (atMs > durationMs) throw new UsageError(`${what}: ${time} is after the end of the run (duration ${formatDuration(durationMs)})`);
    return atMs;
  }
}
