/**
 * Who talks to a server over one connection after another: told by the address and the path that was asked
 * for, as far as that can be read.
 */
import { NO_CLOSE_FRAME } from 'host/close-codes';
import { otherSide, SIDES, type Side } from './side.ts';
import { Traffic } from './traffic.ts';
import { View } from './view.ts';

/** An end that hangs up on somebody whom it has waited for as long as this gave up on them, ms. */
const GAVE_UP_MS = 1_000;

export type Ending = 'close frame' | 'FIN' | 'RST' | 'gave up';

export interface End {
  by: Side;
  how: Ending;
  /** Of a close frame; null: none was read. */
  code: number | null;
}

/** A connection, as its client sees it. */
export interface Session {
  /** Of the first packet of either end; null: there was none. */
  readonly firstMs: Readonly<Record<Side, number | null>>;
  isOpen: boolean;
  /** Of the oldest ping that waits for its pong. */
  pingMs(by: Side): number | null;
}

export class Client {
  readonly address: string;
  readonly isTls: boolean;
  /** null: not read yet. */
  path: string | null;
  /** By the near end. */
  readonly views: Readonly<Record<Side, View>>;
  readonly traffic: Readonly<Record<Side, Traffic>> = { client: new Traffic(), server: new Traffic() };
  sessions = 0;
  /** Of its latest session that ended. */
  lastEnd: End | null = null;
  current: Session | null = null;

  constructor(address: string, path: string | null, isTls: boolean) {
    this.address = address;
    this.path = path;
    this.isTls = isTls;
    this.views = { client: new View(address), server: new View(address) };
  }

  /** It has a session in which data passes. */
  isAlive(atMs: number): boolean {
    return this.current?.isOpen === true && !SIDES.some((near) => this.views[near].trail.quietMs(atMs) >= GAVE_UP_MS);
  }

  /** A connection turned out to be this client's: something of it was heard before. */
  seen(session: Session): void {
    for (const near of SIDES) {
      const atMs = session.firstMs[otherSide(near)];
      if (atMs !== null) this.views[near].trail.refused(atMs);
    }
  }

  opened(session: Session, atMs: number): void {
    const replaced = this.current?.isOpen === true && this.current !== session ? this.current : null;
    if (replaced !== null) replaced.isOpen = false;
    for (const near of SIDES) {
      const { trail, evidence } = this.views[near];
      if (replaced !== null) trail.closed(atMs, 'takeover', NO_CLOSE_FRAME);
      evidence.pending.clear();
      trail.opened(atMs, false);
      this.traffic[near].begin();
    }
    this.current = session;
    session.isOpen = true;
    this.sessions++;
  }

  /** Only the first sign of an end counts, and only of the session that it has. */
  ended(session: Session, { by, how, code }: End, atMs: number): void {
    if (session !== this.current || !session.isOpen) return;
    session.isOpen = false;
    let isGivenUp = false;
    for (const near of SIDES) {
      const { trail, evidence } = this.views[near];
      const gaveUp = near === by && trail.quietMs(atMs) >= GAVE_UP_MS;
      evidence.pending.clear();
      if (gaveUp) trail.closed(atMs, 'ping_timeout', NO_CLOSE_FRAME);
      else if (near === by || how === 'close frame') trail.closed(atMs, 'policy', code ?? NO_CLOSE_FRAME);
      else trail.closed(atMs, how === 'RST' ? 'reset' : 'peer_closed', NO_CLOSE_FRAME);
      isGivenUp ||= gaveUp;
    }
    const pingMs = session.pingMs(by);
    if (isGivenUp && pingMs !== null) this.traffic[by].patienceMs.add(atMs - pingMs);
    this.lastEnd = { by, how: isGivenUp ? 'gave up' : how, code };
  }
}
