/** The ids of this node: claimed before a session opens, renewed together, given back when it ends. */
import type { Clock, TimerId } from 'hal';
import type { DuplicateId } from '../config.ts';
import type { Acquired, Backplane, Lease } from './backplane.ts';

/** A node that dies keeps its ids so long, ms. */
export const LEASE_MS = 9_000;
/** In one question to the backplane, which others wait for. */
const MAX_RENEWED_TOGETHER = 500;
/** An owner that was told to end its session and does not answer is told again. */
const ASK_AGAIN_MS = 500;

/** `taken`: another node serves it · `down`: nobody can tell now. */
export type Verdict = 'ours' | 'taken' | 'down';

interface Claim {
  onVerdict: (verdict: Verdict) => void;
  timer: TimerId | null;
}

export interface LeasesParts {
  clock: Clock;
  backplane: Backplane;
  owner: string;
  policy: DuplicateId;
  /** Without the backplane, new ids are let in here. */
  admitsAlone: boolean;
  /** The backplane answers. */
  isUp: () => boolean;
  /** Its owner is to end this lease. */
  onWanted: (lease: Lease) => void;
  /** Another node has it, and has the right to it. */
  onLost: (id: string) => void;
}

export class Leases {
  /** Sessions that ended as another node had a better right to their id. */
  lost = 0;
  private readonly parts: LeasesParts;
  private readonly held = new Map<string, Lease>();
  private readonly claims = new Map<string, Claim>();

  constructor(parts: LeasesParts) {
    this.parts = parts;
  }

  get size(): number {
    return this.held.size;
  }

  get(id: string): Lease | undefined {
    return this.held.get(id);
  }

  /** The latest claim of an id counts. @returns which takes it back */
  claim(id: string, onVerdict: (verdict: Verdict) => void): () => void {
    this.end(id, 'taken');
    const claim: Claim = { onVerdict, timer: null };
    this.claims.set(id, claim);
    this.ask(id, claim);
    return () => {
      if (this.claims.get(id) === claim) this.drop(id, claim);
    };
  }

  /** @param onDone the id is nobody's */
  leave(id: string, onDone: () => void): void {
    const lease = this.held.get(id);
    this.held.delete(id);
    if (lease === undefined || lease.fence === 0) onDone();
    else this.parts.backplane.release(lease, this.parts.owner, onDone);
  }

  /** The id is nobody's now. */
  freed(id: string): void {
    const claim = this.claims.get(id);
    if (claim === undefined || claim.timer === null) return;
    this.parts.clock.clearTimeout(claim.timer);
    this.ask(id, claim);
  }

  /** @param onDone called once all are judged, or nobody could tell */
  renew(onDone: () => void): void {
    const all = [...this.held.values()];
    let waiting = Math.ceil(all.length / MAX_RENEWED_TOGETHER);
    if (waiting === 0) onDone();
    for (let at = 0; at < all.length; at += MAX_RENEWED_TOGETHER) {
      const some = all.slice(at, at + MAX_RENEWED_TOGETHER);
      this.parts.backplane.renew(some, this.parts.owner, LEASE_MS, (fences) => {
        if (fences !== null) for (const [index, lease] of some.entries()) this.judge(lease, fences[index]);
        if (--waiting === 0) onDone();
      });
    }
  }

  private judge(lease: Lease, fence: number): void {
    if (this.held.get(lease.id) !== lease) {
      if (lease.fence === 0 && fence > 0) this.parts.backplane.release({ id: lease.id, fence }, this.parts.owner, () => {});
    } else if (fence > 0) lease.fence = fence;
    else {
      this.lost++;
      this.held.delete(lease.id);
      this.parts.onLost(lease.id);
    }
  }

  private ask(id: string, claim: Claim): void {
    const { backplane, owner, isUp } = this.parts;
    claim.timer = null;
    if (!isUp()) this.admitAlone(id);
    else backplane.acquire(id, owner, LEASE_MS, (answer) => this.take(id, claim, answer));
  }

  private take(id: string, claim: Claim, answer: Acquired): void {
    const { backplane, owner, policy, clock, onWanted } = this.parts;
    const isOurs = answer?.holder === null;
    if (this.claims.get(id) !== claim) {
      // Of two claims of one id the later asked later, and what it got is not this one's to give back.
      if (isOurs && !this.claims.has(id) && !this.held.has(id)) backplane.release({ id, fence: answer.fence }, owner, () => {});
    } else if (answer === null) this.admitAlone(id);
    else if (isOurs) {
      this.held.set(id, { id, fence: answer.fence });
      this.end(id, 'ours');
    } else if (policy === 'reject') this.end(id, 'taken');
    else {
      onWanted({ id, fence: answer.fence });
      claim.timer = clock.setTimeout(() => this.ask(id, claim), ASK_AGAIN_MS);
    }
  }

  private admitAlone(id: string): void {
    if (this.parts.admitsAlone) this.held.set(id, { id, fence: 0 });
    this.end(id, this.parts.admitsAlone ? 'ours' : 'down');
  }

  private end(id: string, verdict: Verdict): void {
    const claim = this.claims.get(id);
    if (claim === undefined) return;
    this.drop(id, claim);
    claim.onVerdict(verdict);
  }

  private drop(id: string, { timer }: Claim): void {
    if (timer !== null) this.parts.clock.clearTimeout(timer);
    this.claims.delete(id);
  }
}
