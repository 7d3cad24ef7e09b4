/**
 * The heart of a world: the clock, the queue and the loop that delivers events in order.
 *
 * The relay in a world is built on Node streams, which put off some of their work to a later tick. An event
 * that touched a stream (`touchStreams`) is therefore followed by a tick before virtual time moves on; that
 * is enough (the trace is the same with whole turns of the event loop, one or four), and events that touched
 * none need nothing, which is what makes virtual time fast.
 */
import { EventQueue, type Handler } from './queue.ts';
import type { Timeline } from './timeline.ts';
import { takeTick, takeTurn } from './turn.ts';
import { msFromUs } from './units.ts';

/** A world that goes round and round ends so: at one moment always, for ever when its events are bounded. */
export class TooManyEvents extends Error {
  override readonly name = 'TooManyEvents';
}

/**
 * After this many events, a millisecond or less, the loop looks up whether Node is due to see signals and to
 * send what waits in sockets.
 */
const EVENTS_BETWEEN_LOOKS = 128;
/** As long as a loop that knows no wall clock keeps Node waiting. */
const LOOKS_BETWEEN_TURNS = 400;

/** Far more than the largest fleet has when all of it acts at once. */
const MAX_EVENTS_AT_ONE_TIME = 1_000_000;

export interface KernelOptions {
  /** Whole turns of the event loop after an event that touched a stream, instead of a tick. */
  turnsPerPump?: number;
  /** One more, and `run` throws TooManyEvents. */
  maxEvents?: number;
  /**
   * Whether Node has waited long enough for a turn of its own; asked about once a millisecond. Turns change
   * what is seen from outside, and no event.
   */
  isTurnDue?: () => boolean;
}

export class Kernel implements Timeline {
  private readonly queue = new EventQueue();
  private readonly turnsPerPump: number;
  private readonly maxEvents: number;
  private readonly isTurnDue: () => boolean;
  private nextLook = EVENTS_BETWEEN_LOOKS;
  private streamsTouched = false;
  private lookedAtUs = -1;
  private looksAtOneTime = 0;
  private stopped = false;
  nowUs = 0;
  eventCount = 0;

  constructor({ turnsPerPump = 0, maxEvents = Infinity, isTurnDue = everySoManyLooks() }: KernelOptions = {}) {
    this.turnsPerPump = turnsPerPump;
    this.maxEvents = maxEvents;
    this.isTurnDue = isTurnDue;
  }

  schedule(atUs: number, handler: Handler, argument: unknown): void {
    this.queue.push(Math.max(atUs, this.nowUs), handler, argument);
  }

  /** When the next event is due; Infinity when there is none. */
  get nextUs(): number {
    return this.queue.nextUs;
  }

  touchStreams(): void {
    this.streamsTouched = true;
  }

  /** Makes a running `run` return after the current event. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Delivers every event due up to and including `untilUs`, then sets the clock there, unless it was stopped
   * first.
   */
  async run(untilUs: number): Promise<void> {
    this.stopped = false;
    if (this.streamsTouched) await this.settleStreams();
    while (!this.stopped && this.queue.nextUs <= untilUs) {
      this.nowUs = this.queue.nextUs;
      if (++this.eventCount > this.maxEvents) throw new TooManyEvents(`more than ${this.maxEvents} events`);
      this.queue.deliverNext();
      if (this.streamsTouched) {
        await this.settleStreams();
      }
      if (this.eventCount >= this.nextLook) {
        this.nextLook = this.eventCount + EVENTS_BETWEEN_LOOKS;
        this.lookAtTime();
        if (this.isTurnDue()) await takeTurn();
      }
    }
    if (!this.stopped) this.nowUs = untilUs;
  }

  private lookAtTime(): void {
    this.looksAtOneTime = this.nowUs === this.lookedAtUs ? this.looksAtOneTime + 1 : 0;
    this.lookedAtUs = this.nowUs;
    const events = this.looksAtOneTime * EVENTS_BETWEEN_LOOKS;
    if (events > MAX_EVENTS_AT_ONE_TIME)
      throw new TooManyEvents(`${events} events at ${msFromUs(this.nowUs)} ms, and time does not move on`);
  }

  private settleStreams(): Promise<void> {
    this.streamsTouched = false;
    return this.turnsPerPump === 0 ? takeTick() : this.takeTurns();
  }

  private async takeTurns(): Promise<void> {
    for (let turn = 0; turn < this.turnsPerPump; turn++) await takeTurn();
  }
}

function everySoManyLooks(): () => boolean {
  let looks = 0;
  return () => ++looks % LOOKS_BETWEEN_TURNS === 0;
}
