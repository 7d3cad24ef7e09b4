/**
 * Board-time with a channel that really carries data: over the run, per board, and as a curve.
 *
 * The share counts a board from its first open channel on, so that the start of a fleet does not pass for an
 * outage; the curve shows all boards all the time.
 */
import { DAY_MS } from 'host/units';
import { msFromUs, US_PER_MS } from '../../kernel/units.ts';
import { BOARD_EVENTS } from '../fleet/board-view.ts';
import { gauge, measure, onEach } from './measure.ts';

/** As many points as a chart can show. */
const MAX_POINTS = 600;
/** Steps that read well on a time axis, ms; beyond a day per step, whole days. */
const STEPS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400].map((seconds) => seconds * 1000);
/** Shares with 6 decimals: a second of one board in a fleet of 1,000 over 15 minutes. */
const SHARE_SCALE = 1e6;
const NEVER = -1;

export class Availability {
  /** Boards whose channel carries data now. */
  private carrying = 0;
  private readonly stepUs: number;
  /** Board-time carried in each step, µs. */
  private readonly curveUs: Float64Array;
  private integratedToUs = 0;
  private readonly carriedUs: Float64Array;
  private readonly carryingSinceUs: Float64Array;
  private readonly countedFromUs: Float64Array;
  private readonly everOpen: Uint8Array;
  /** Board-time that counts of boards that have left, µs. */
  private readonly leftUs: Float64Array;

  constructor(boards: number, durationMs: number) {
    const leastMs = durationMs / MAX_POINTS;
    const stepMs = STEPS_MS.find((step) => step >= leastMs) ?? Math.ceil(leastMs / DAY_MS) * DAY_MS;
    this.stepUs = stepMs * US_PER_MS;
    this.curveUs = new Float64Array(Math.max(1, Math.ceil(durationMs / stepMs)));
    this.carriedUs = new Float64Array(boards);
    this.carryingSinceUs = new Float64Array(boards).fill(NEVER);
    this.countedFromUs = new Float64Array(boards).fill(NEVER);
    this.everOpen = new Uint8Array(boards);
    this.leftUs = new Float64Array(boards);
  }

  /** A board of which nothing was told so far. @param everOpen its channel was open before */
  join(index: number, atUs: number, everOpen: boolean): void {
    this.countedFromUs[index] = atUs;
    this.everOpen[index] = everOpen ? 1 : 0;
  }

  /** Until it joins again nothing of this board counts. */
  leave(index: number, atUs: number): void {
    this.set(index, atUs, false);
    this.leftUs[index] = this.countedFor(index, atUs);
    this.countedFromUs[index] = NEVER;
  }

  boardBooted(index: number, atUs: number): void {
    if (this.countedFromUs[index] === NEVER) this.countedFromUs[index] = atUs;
  }

  /** It has booted, or joined, and has not left. */
  isCounted(index: number): boolean {
    return this.countedFromUs[index] !== NEVER;
  }

  channelOpened(index: number, atUs: number): void {
    if (this.everOpen[index]) return;
    this.everOpen[index] = 1;
    this.countedFromUs[index] = atUs;
  }

  set(index: number, atUs: number, carries: boolean): void {
    const sinceUs = this.carryingSinceUs[index];
    if (carries === sinceUs >= 0) return;
    this.integrate(atUs);
    this.carrying += carries ? 1 : -1;
    if (!carries) this.carriedUs[index] += atUs - sinceUs;
    this.carryingSinceUs[index] = carries ? atUs : NEVER;
  }

  /** Over the fleet: 0 when no board ever ran. */
  share(endUs: number): number {
    let carriedUs = 0;
    let countedUs = 0;
    for (let index = 0; index < this.carriedUs.length; index++) {
      carriedUs += this.carriedBy(index, endUs);
      countedUs += this.countedFor(index, endUs);
    }
    return ratio(carriedUs, countedUs);
  }

  boardShare(index: number, endUs: number): number {
    return ratio(this.carriedBy(index, endUs), this.countedFor(index, endUs));
  }

  curve(endUs: number): { stepMs: number; share: number[] } {
    this.integrate(endUs);
    const boards = this.carriedUs.length;
    const steps = Math.min(this.curveUs.length, Math.ceil(endUs / this.stepUs));
    const share = Array.from(this.curveUs.subarray(0, steps), (carriedUs, step) => {
      const fromUs = step * this.stepUs;
      const toUs = step === steps - 1 ? endUs : fromUs + this.stepUs;
      return ratio(carriedUs, boards * (toUs - fromUs));
    });
    return { stepMs: msFromUs(this.stepUs), share };
  }

  /** Adds what the boards that carry have carried since the last call. */
  private integrate(toUs: number): void {
    const lastStep = this.curveUs.length - 1;
    while (this.integratedToUs < toUs) {
      const step = Math.min(Math.floor(this.integratedToUs / this.stepUs), lastStep);
      const endUs = step === lastStep ? toUs : Math.min((step + 1) * this.stepUs, toUs);
      this.curveUs[step] += this.carrying * (endUs - this.integratedToUs);
      this.integratedToUs = endUs;
    }
  }

  private carriedBy(index: number, endUs: number): number {
    const sinceUs = this.carryingSinceUs[index];
    return this.carriedUs[index] + (sinceUs >= 0 ? endUs - sinceUs : 0);
  }

  private countedFor(index: number, endUs: number): number {
    const fromUs = this.countedFromUs[index];
    return this.leftUs[index] + (fromUs === NEVER ? 0 : endUs - fromUs);
  }
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * SHARE_SCALE) / SHARE_SCALE : 0;
}

export const availability = measure({
  metrics: {
    channel_availability: {
      ...gauge(
        'share',
        'Board-time with the channel open at the board, its session open at the relay, and link and relay up ÷ board-time since the first open (since boot for boards that never opened).',
      ),
      betterHigh: true,
    },
  },
  create({ values, fleet, settings }) {
    const time = new Availability(settings.boards, settings.durationMs);
    const refresh = (index: number, atUs: number): void => time.set(index, atUs, fleet.carries(fleet.boards[index]));
    return {
      handlers: {
        ...onEach(BOARD_EVENTS, ({ board: index, atUs }) => refresh(index, atUs)),
        ...onEach(['relay.down', 'relay.up'], ({ atUs }) => {
          for (const index of fleet.boards.keys()) if (time.isCounted(index)) refresh(index, atUs);
        }),
        'board.boot': ({ board: index, atUs }) => {
          time.boardBooted(index, atUs);
          refresh(index, atUs);
        },
        'channel.opened': ({ board: index, atUs }) => time.channelOpened(index, atUs),
        'board.joined': ({ board: index, atUs }, { board }) => time.join(index, atUs, board.everOpen),
        'board.left': ({ board: index, atUs }) => time.leave(index, atUs),
      },
      finish(endUs) {
        values.channel_availability = time.share(endUs);
        return { availability: time.curve(endUs) };
      },
      boardResult: (index, endUs) => ({ availability: time.boardShare(index, endUs) }),
    };
  },
});
