/**
 * What a recording tells of one board: when it could not be reached, how long its pings took, how much of the
 * time it had a channel that carried data.
 *
 * A relay sees a dead link only as silence. So an absence begins at the last thing that was heard of the
 * board and ends at the next: a message, a pong, a new session, or a refused attempt to get one, which shows
 * that packets pass again although the old session still holds the id. A quiet board is not an absent one:
 * inside a session, silence counts only while a ping is waiting for its answer. A connection that is ended by
 * a word from the board's side (FIN, RST, a close frame) shows that packets passed: if it never comes back,
 * it was switched off, and is out of reach no more than a board that was never there. Times are milliseconds
 * of the recording.
 */
import { NO_CLOSE_FRAME } from 'host/close-codes';
import type { LossTally } from './packets/loss-tally.ts';

/**
 * A pong that takes as long as this was not delayed by losses alone: at 10 % loss each way one ping in some
 * 4,000 meets the five losses in a row that it takes (retransmissions after 0.2, 0.6, 1.4, 3 and 6.2 s). Nor
 * is a shorter absence worth a blackhole.
 */
export const MIN_SILENCE_MS = 5_000;

/** How the relay learned of an absence. */
export type AbsenceCause = 'ping_timeout' | 'takeover' | 'broken' | 'silence';

export interface Absence {
  fromMs: number;
  /** null: the recording ends without a sign of the board. */
  toMs: number | null;
  cause: AbsenceCause;
  /** When packets to it were last seen to be in vain; undefined: nobody looked, or there were none. */
  failedMs?: number;
}

/** A sign of a board so soon after something was sent to it is an answer to that, ms. */
const ANSWER_MS = 1_000;

export class BoardTrail {
  id: string;
  readonly absences: Absence[] = [];
  /** Of the pings that were answered within MIN_SILENCE_MS. */
  readonly rttsMs: number[] = [];
  /** Of its link, as far as packets were captured; null: they were not. */
  losses: LossTally | null = null;
  /** Sessions that ended as one of the two sides wished: no outages. */
  cleanCloses = 0;
  /** Time in which data passed, as far as the relay could see. */
  carriedMs = 0;
  /** Of its first session; null: it never had one. */
  firstOpenMs: number | null = null;
  /**
   * When its last session ended otherwise than by silence, if it never came back: it was switched off then.
   */
  leftMs: number | null = null;
  /** It has a session; at the end, had one to the end. */
  isOpen = false;
  private openedMs = 0;
  private heardMs = 0;
  /** The oldest ping without an answer. */
  private pingedMs: number | null = null;
  /** Since when the board tries to come back while its old session is still open. */
  private backMs: number | null = null;
  /** The latest times at which something was sent to it, the later first. */
  private triedMs: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  private gone: { fromMs: number; cause: AbsenceCause } | null = null;

  constructor(id: string) {
    this.id = id;
  }

  /** @param continued the session was told of before, in this file or in one before it */
  opened(atMs: number, continued: boolean): void {
    if (continued && this.isOpen) return;
    this.return(atMs);
    this.firstOpenMs ??= atMs;
    this.leftMs = null;
    this.isOpen = true;
    this.openedMs = atMs;
    this.heardMs = atMs;
    this.pingedMs = null;
    this.backMs = null;
  }

  /** The board asked for a session and got none. */
  refused(atMs: number): void {
    if (this.isOpen) this.backMs ??= atMs;
    else this.return(atMs);
  }

  pinged(atMs: number): void {
    this.pingedMs ??= atMs;
  }

  /** A packet that asks for an answer was seen to leave for it. */
  asked(atMs: number): void {
    this.pinged(atMs);
    this.triedMs = [atMs, this.triedMs[0]];
  }

  heard(atMs: number): void {
    if (this.quietMs(atMs) >= MIN_SILENCE_MS) this.breakSilence(atMs);
    this.heardMs = atMs;
    // Whoever was refused meanwhile was not this board.
    this.backMs = null;
  }

  /** Nothing that was asked waits any longer. */
  answered(atMs: number): void {
    this.heard(atMs);
    this.pingedMs = null;
  }

  ponged(atMs: number, rttMs: number): void {
    this.answered(atMs);
    if (rttMs < MIN_SILENCE_MS) this.rttsMs.push(rttMs);
  }

  closed(atMs: number, cause: string, code: number): void {
    switch (cause) {
      case 'ping_timeout':
        this.leave(this.heardMs, cause);
        if (this.backMs !== null) this.return(this.backMs);
        break;
      case 'takeover':
        this.leave(this.heardMs, cause);
        this.return(this.backMs ?? atMs);
        break;
      case 'reset':
        this.break(atMs);
        break;
      case 'peer_closed':
        if (code === NO_CLOSE_FRAME) this.break(atMs);
        else this.closeCleanly(atMs);
        break;
      case 'shutdown':
        this.relayEnded(atMs);
        break;
      default:
        this.closeCleanly(atMs);
    }
  }

  /** The relay stopped, with a word to its sessions or without. */
  relayEnded(atMs: number): void {
    if (!this.isOpen) return;
    const silentMs = this.silentSince(atMs);
    this.leave(silentMs ?? atMs, 'silence');
    if (silentMs !== null) return;
    this.gone = null;
    this.leftMs = atMs;
  }

  /** The recording is over. */
  finish(endMs: number): void {
    if (this.isOpen) {
      this.relayEnded(endMs);
      this.leftMs = null;
      this.isOpen = true;
    }
    if (this.gone !== null && this.leftMs === null) this.absences.push({ ...this.gone, toMs: null });
    this.gone = null;
  }

  /** Time began so much earlier than it was counted from. */
  shift(ms: number): void {
    for (const absence of this.absences) {
      absence.fromMs += ms;
      if (absence.toMs !== null) absence.toMs += ms;
      if (absence.failedMs !== undefined) absence.failedMs += ms;
    }
    if (this.firstOpenMs !== null) this.firstOpenMs += ms;
    if (this.leftMs !== null) this.leftMs += ms;
  }

  /** Share of the time since its first session, as `channel_availability` counts. */
  availability(endMs: number): number {
    const countedMs = this.firstOpenMs === null ? 0 : endMs - this.firstOpenMs;
    return countedMs > 0 ? Math.min(1, Math.max(0, this.carriedMs) / countedMs) : 0;
  }

  /**
   * Just after an outage TCP's timers are still backed off, each direction's by itself: what one is heard to
   * say is then followed by a shorter silence.
   */
  private breakSilence(atMs: number): void {
    const fromMs = this.heardMs;
    const last = this.absences.at(-1);
    const isEcho = last?.toMs != null && fromMs - last.toMs < MIN_SILENCE_MS && atMs - fromMs < last.toMs - last.fromMs;
    if (isEcho) return;
    this.absences.push({ fromMs, toMs: atMs, cause: 'silence', failedMs: this.failedMs(fromMs, atMs) });
    this.carriedMs -= atMs - fromMs;
  }

  private failedMs(fromMs: number, toMs: number): number | undefined {
    return this.triedMs.find((atMs) => atMs < toMs - ANSWER_MS && atMs > fromMs);
  }

  /** FIN or RST: heard of the board itself, unless it was silent already. */
  private break(atMs: number): void {
    const silentMs = this.silentSince(atMs);
    this.leave(silentMs ?? atMs, 'broken');
    if (silentMs === null) this.leftMs = atMs;
  }

  private closeCleanly(atMs: number): void {
    this.leave(atMs, 'broken');
    this.gone = null;
    this.leftMs = atMs;
    this.cleanCloses++;
  }

  private leave(fromMs: number, cause: AbsenceCause): void {
    this.isOpen = false;
    this.carriedMs += fromMs - this.openedMs;
    this.gone = { fromMs, cause };
  }

  private return(atMs: number): void {
    if (this.gone === null) return;
    const { fromMs, cause } = this.gone;
    this.gone = null;
    if (cause === 'ping_timeout' || atMs - fromMs >= MIN_SILENCE_MS)
      this.absences.push({ fromMs, toMs: atMs, cause, failedMs: this.failedMs(fromMs, atMs) });
  }

  private silentSince(atMs: number): number | null {
    return this.quietMs(atMs) >= MIN_SILENCE_MS ? this.heardMs : null;
  }

  /** How long nothing was heard although something had to be. */
  quietMs(atMs: number): number {
    return this.pingedMs === null ? 0 : atMs - Math.max(this.heardMs, this.pingedMs);
  }
}
