/**
 * A dead link is always found within its bound, by both sides.
 *
 * The relay closes a session whose link died silently within its ping interval + timeout, the board leaves
 * `open` within its own, counted from its opening or the last thing its app got, plus a main loop that stood
 * still. Not judged: a side whose keepalive is off, a link that heals while both ends live, a relay while it
 * is down, a board whose link has healed after the relay let go: what TCP resends then may be heard, or not,
 * long after; a board of which the way up alone is dead: it hears the relay until that lets go.
 */
import type { CutReason, EventName, WorldEvent } from '../../kernel/events.ts';
import { US_PER_MS, usFromMs } from '../../kernel/units.ts';
import { BoardView } from '../fleet/board-view.ts';
import type { Connection } from '../fleet/connection.ts';
import type { CheckResult } from '../result.ts';
import type { Check } from './check.ts';
import { afterUpdate, byBoard, type CheckSettings, deviceTimes, longestDelayMs } from './settings.ts';
import { seconds, Violations } from './violations.ts';

export const ABOUT =
  'A silently dead link is found by the relay and by the board within ping interval + ping timeout + 500 ms, more on links that are slow.';

/** Timers may be late, handlers take time; far below any sensible ping interval. */
const SLACK_MS = 500;
/** What is under way when a link dies still arrives, and as much again is left for the rest. */
const DELAYS_PER_SLACK = 2;
/** Both timers of the board's keepalive, the interval and the timeout, may meet a stalled loop. */
const STALLS_PER_DETECTION = 2;

/** Why a link is down of which the board still hears the relay. */
const STILL_HEARS: CutReason = 'blackhole_up';

/** After which the board may no longer take its channel for open. */
const LEAVES_OPEN: readonly EventName[] = ['channel.state', 'board.boot', 'board.off', 'board.ended'];

export class BoundedDetection implements Check {
  private readonly violations = new Violations('bounded-detection');
  private readonly boards: BoardView[];
  private readonly settings: CheckSettings;
  /** Per board. */
  private readonly bounds: Bounds[];
  private readonly note: string;
  /**
   * Per board: when its channel opened or its app last got something, and the worst stall since its link went
   * silent.
   */
  private readonly heardUs: Float64Array;
  private readonly stallUs: Float64Array;
  /** Per board: the open channel of which it is not judged how soon the board finds it dead. */
  private readonly unjudged: (Connection | null)[];
  private relayUp = true;
  private relaySinceUs = 0;

  constructor(settings: CheckSettings) {
    const { boards } = settings;
    this.settings = settings;
    this.boards = Array.from({ length: boards.count }, () => new BoardView());
    this.bounds = byBoard(settings, boundsOf);
    this.heardUs = new Float64Array(boards.count);
    this.stallUs = new Float64Array(boards.count);
    this.unjudged = new Array(boards.count).fill(null);
    this.note = noteOf(this.bounds);
  }

  on(event: WorldEvent): void {
    const index = event.board;
    if (index < 0) {
      this.onWorldEvent(event);
      return;
    }
    switch (event.event) {
      case 'message.received':
      case 'pong.received':
        this.heardUs[index] = event.atUs;
        break;
      case 'loop.stall':
        this.stallUs[index] = Math.max(this.stallUs[index], event.value * US_PER_MS);
        break;
      case 'board.update':
        this.bounds[index] = afterUpdate(this.settings, index, event.subject, boundsOf);
        break;
      case 'board.log':
      case 'message.sent':
      case 'message.written':
      case 'relay.received':
      case 'relay.sent':
        break;
      default:
        this.onStateEvent(index, event);
    }
  }

  finish(nowUs: number): CheckResult {
    this.judgeAllSessions(nowUs);
    this.boards.forEach((board, index) => {
      this.judgeBoard(index, board.open, nowUs, 'still held');
    });
    return this.violations.result(this.note);
  }

  private onStateEvent(index: number, event: WorldEvent): void {
    const board = this.boards[index];
    const { open } = board;
    // Judged before the state changes: what ends here was as it is now until now.
    if (event.event === 'ws.close') this.judgeRelay(index, board.find(event.connection), event.atUs, 'lost');
    if (LEAVES_OPEN.includes(event.event)) this.judgeBoard(index, open, event.atUs, 'left');
    if (event.event === 'link.down' && board.linkUp) this.stallUs[index] = 0;
    if (event.event === 'link.down' && event.detail === STILL_HEARS) this.unjudged[index] = open;
    if (event.event === 'link.up') this.judgeHealing(index, board, event.atUs);
    board.apply(event);
    // It opened because it got the relay's answer, which may have been under way when the link died.
    if (board.open !== null && board.open !== open) this.heardUs[index] = event.atUs;
  }

  /** A silence that healing ends must not have lasted beyond the bound either. */
  private judgeHealing(index: number, board: BoardView, atUs: number): void {
    const { open } = board;
    this.judgeBoard(index, open, atUs, 'still held');
    if (open && open.session !== 'open') this.unjudged[index] = open;
    else this.judgeRelay(index, open, atUs, 'still had');
  }

  private onWorldEvent(event: WorldEvent): void {
    if (event.event !== 'relay.down' && event.event !== 'relay.up') return;
    // A relay that stops closes its sessions, the overdue ones too.
    if (this.relayUp) this.judgeAllSessions(event.atUs);
    this.relayUp = event.event === 'relay.up';
    this.relaySinceUs = event.atUs;
  }

  private judgeAllSessions(nowUs: number): void {
    this.boards.forEach((board, index) => {
      for (const connection of board.live) this.judgeRelay(index, connection, nowUs, 'still had');
    });
  }

  private judgeRelay(index: number, connection: Connection | null, nowUs: number, verb: string): void {
    if (connection?.session !== 'open' || connection.silentSinceUs < 0 || !this.relayUp) return;
    const tookUs = nowUs - Math.max(connection.silentSinceUs, this.relaySinceUs);
    const { relayUs } = this.bounds[index];
    if (tookUs <= relayUs) return;
    this.violations.add(
      nowUs,
      index,
      `${verb} its session at the relay ${seconds(tookUs)} after its link went silent; the bound is ${seconds(relayUs)}`,
    );
  }

  private judgeBoard(index: number, open: Connection | null, nowUs: number, verb: string): void {
    if (!open || open.silentSinceUs < 0 || open === this.unjudged[index]) return;
    const tookUs = nowUs - Math.max(open.silentSinceUs, this.heardUs[index]);
    const limitUs = this.bounds[index].boardUs + STALLS_PER_DETECTION * this.stallUs[index];
    if (tookUs <= limitUs) return;
    this.violations.add(
      nowUs,
      index,
      `${verb} its open channel ${seconds(tookUs)} after its link went silent; the bound is ${seconds(limitUs)}`,
    );
  }
}

/** Infinity: its keepalive is off. */
interface Bounds {
  relayUs: number;
  boardUs: number;
}

function boundsOf(settings: CheckSettings): Bounds {
  const { relay } = settings;
  const device = deviceTimes(settings);
  const slackMs = Math.max(SLACK_MS, DELAYS_PER_SLACK * longestDelayMs(settings));
  return {
    relayUs: boundUs(relay.pingIntervalMs, relay.pingTimeoutMs, slackMs),
    boardUs: boundUs(device.pingIntervalMs, device.pingTimeoutMs, slackMs),
  };
}

function noteOf(bounds: readonly Bounds[]): string {
  const silent = bounds.filter(({ boardUs }) => boardUs === Infinity).length;
  const boards = silent === bounds.length ? 'the boards' : `${silent} of the boards`;
  const off = [bounds.some(({ relayUs }) => relayUs === Infinity) ? ['the relay'] : [], silent > 0 ? [boards] : []].flat();
  return off.length > 0 ? `not judged: the keepalive of ${off.join(' and ')} is off` : '';
}

function boundUs(intervalMs: number, timeoutMs: number, slackMs: number): number {
  return intervalMs > 0 ? usFromMs(intervalMs + timeoutMs + slackMs) : Infinity;
}
