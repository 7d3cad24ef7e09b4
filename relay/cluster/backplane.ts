/**
 * What a cluster asks of the engine between its nodes: to tell all of them something, and to know who owns an
 * id. Redis is one (redis-backplane.ts), and one in memory on any clock is another (memory-backplane.ts).
 *
 * All answers are calls back, never in the call itself. What is published may be lost, and what is asked may
 * stay without effect, as long as it says so: the cluster (cluster.ts) makes up for it.
 */

/**
 * Who may serve an id. The number grows with each owner of any id: of two that think so, the higher is right.
 */
export interface Lease {
  id: string;
  /** 0: admitted without asking anybody, so whoever has a number is right. */
  fence: number;
}

/** null: the backplane could not tell. */
export type Acquired = { fence: number; holder: null } | { fence: number; holder: string } | null;

export interface BackplaneListener {
  /** Of any node, this one included, in its order; anybody may have written it. */
  backplaneOnMessage(bytes: Buffer): void;
  /** It answers, for the first time or again: what was published meanwhile by others is lost. */
  backplaneOnUp(): void;
  backplaneOnDown(): void;
}

export interface Backplane {
  /** To be called once, first. */
  start(listener: BackplaneListener): void;
  /** Nothing is called back any more. */
  close(): void;
  /** To all nodes. Lost while the backplane is down. */
  publish(bytes: Buffer): void;
  /**
   * The id becomes the owner's for `ttlMs`, with a new number, unless it is another's:
   * then that one's are told.
   */
  acquire(id: string, owner: string, ttlMs: number, onAnswer: (answer: Acquired) => void): void;
  /**
   * Leases that are still the owner's last `ttlMs` from now; those that nobody holds, or somebody with a lower
   * number, become the owner's.
   * @param onAnswer for each its number, a new one for 0, or 0 when it is another's; null: it could not tell
   */
  renew(leases: readonly Lease[], owner: string, ttlMs: number, onAnswer: (fences: readonly number[] | null) => void): void;
  /** What is another's by now stays that. @param onDone told even when it failed */
  release(lease: Lease, owner: string, onDone: () => void): void;
}
