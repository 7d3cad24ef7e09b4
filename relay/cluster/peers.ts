/** The other nodes: what was heard of each, in its order and once, and what each has heard. */
import type { Beat, Messages } from './notes.ts';

/** More is no cluster but somebody who makes up names. */
const MAX_PEERS = 1_000;
/** A node that is silent for so long is not waited for: it is dead, or misses what was said meanwhile. */
const FORGET_MS = 30_000;
/** So long its numbers are kept, in case it was only cut off. */
const BURY_MS = 600_000;
/** Who has just come does not ask for what was said before. */
const JOIN_MS = 2_500;

export interface Peer {
  readonly boot: string;
  /** As it said last. */
  clients: number;
  seenAtMs: number;
  /** Up to which of its batches all were heard. */
  heard: number;
  /** Up to which of ours it has heard. */
  confirmed: number;
}

export class Peers {
  /** Batches of others that could not be had any more. */
  lost = 0;
  private readonly byBoot = new Map<string, Peer>();
  private readonly startedAtMs: number;

  constructor(nowMs: number) {
    this.startedAtMs = nowMs;
  }

  /** Those that are waited for. */
  living(nowMs: number): Peer[] {
    return [...this.byBoot.values()].filter(({ seenAtMs }) => nowMs - seenAtMs < FORGET_MS);
  }

  has(boot: string): boolean {
    return this.byBoot.has(boot);
  }

  /** @returns null: too many */
  meet({ boot, seq, oldest, kind }: Messages | Beat, nowMs: number): Peer | null {
    let peer = this.byBoot.get(boot);
    if (peer === undefined) {
      if (this.byBoot.size >= MAX_PEERS) return null;
      const isNewer = nowMs - this.startedAtMs > JOIN_MS;
      const heard = isNewer ? oldest - 1 : kind === 'beat' ? seq : seq - 1;
      peer = { boot, clients: 0, seenAtMs: nowMs, heard: Math.max(0, heard), confirmed: 0 };
      this.byBoot.set(boot, peer);
    }
    peer.seenAtMs = nowMs;
    if (oldest > peer.heard + 1) {
      this.lost += oldest - 1 - peer.heard;
      peer.heard = oldest - 1;
    }
    return peer;
  }

  /** Nobody could be heard until now, which is nobody's fault. */
  excuse(nowMs: number): void {
    for (const peer of this.byBoot.values()) if (nowMs - peer.seenAtMs < BURY_MS) peer.seenAtMs = nowMs;
  }

  bury(nowMs: number): void {
    for (const { boot, seenAtMs } of this.byBoot.values()) if (nowMs - seenAtMs > BURY_MS) this.byBoot.delete(boot);
  }

  get heard(): Record<string, number> {
    return Object.fromEntries([...this.byBoot.values()].map(({ boot, heard }) => [boot, heard]));
  }
}
