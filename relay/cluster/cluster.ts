/**
 * One node of several relays that are one: what a client says reaches the clients of all nodes, once and in
 * its order, and an id is connected at one node at a time.
 *
 * Knows no network: `backplane` is the engine between the nodes. Messages are numbered, and said again until
 * every living node says that it has heard them, so a backplane may restart; an id is served by who holds its
 * lease, and of two that could not know of each other the one with the lower number ends its session.
 *
 * Lost is what a node that dies had not handed to the backplane (its last turn of the event loop), and what
 * others said while a node was cut off for more than 30 s, which it counts.
 */
import type { Clock } from 'hal';
import type { DuplicateId } from '../config.ts';
import type { Backplane, BackplaneListener } from './backplane.ts';
import { Leases, type Verdict } from './leases.ts';
import { type Beat, decodeNote, encodeNote, encodeSaid, type Messages, type Said } from './notes.ts';
import { MAX_UNHEARD_BYTES, Outgoing } from './outgoing.ts';
import { type Peer, Peers } from './peers.ts';

/** Three chances within a lease. */
const RENEW_MS = 2_500;
const BEAT_MS = 1_000;
/** Who misses something says so at once, but not more often. */
const HURRY_MS = 100;
/** When the backplane is back, so long others have to tell it which ids are theirs: it may have forgotten. */
const SETTLE_MS = 1_500;
/** Of one batch, bytes; a larger message goes alone. */
const MAX_BATCH_BYTES = 256 * 1024;
const BOOT_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const BOOT_LENGTH = 8;

/** What happens to new ids while the backplane is down. */
export type ClusterDown = 'reject' | 'local';

export interface ClusterDependencies {
  clock: Clock;
  backplane: Backplane;
  /** What its operator calls it, 1–32 of `A-Za-z0-9._-`. */
  node: string;
  /** Uniform over [0, 1): tells two lives of a node apart. */
  random: () => number;
  duplicateId: DuplicateId;
  whenDown: ClusterDown;
  maxPayloadBytes: number;
  /** Calls back when this turn of the event loop is over. */
  afterTurn: (flush: () => void) => void;
  /** `up`: true when the backplane answers again. */
  onChange?: (up: boolean) => void;
}

/** The relay that is a node. */
export interface ClusterHost {
  readonly clients: number;
  /** To all clients here. */
  deliver(said: Said): void;
  /** Another node serves this id: the session here, if there is one, is to be closed with 4001. */
  takenOver(id: string): void;
}

export interface ClusterStatus {
  node: string;
  /** `settling`: the backplane is back, ids are being compared. */
  state: 'up' | 'settling' | 'down';
  /** The others, as they were heard of last. */
  peers: readonly { node: string; clients: number; silentMs: number }[];
  leases: number;
  /** What not all nodes have heard, bytes. */
  unheardBytes: number;
  /** Sessions that ended as another node had a better right to their id. */
  conflicts: number;
  /** Messages that were neither passed on nor acknowledged, as too much is unheard. */
  refusedMessages: number;
  /** Batches of others that this node missed for good. */
  missedBatches: number;
  /** What somebody published that no node says. */
  strangeNotes: number;
}

export class Cluster implements BackplaneListener {
  private readonly dependencies: ClusterDependencies;
  private readonly boot: string;
  private readonly leases: Leases;
  private readonly peers: Peers;
  private readonly outgoing: Outgoing;
  private readonly evicted = new Set<string>();
  private host: ClusterHost = { clients: 0, deliver() {}, takenOver() {} };
  private state: ClusterStatus['state'] = 'down';
  private wasUp = false;
  private body: Buffer[] = [];
  private bodyBytes = 0;
  private hurriedAtMs = -Infinity;
  private refusedMessages = 0;
  private strangeNotes = 0;
  private isClosed = false;

  constructor(dependencies: ClusterDependencies) {
    const { clock, backplane, node, random, duplicateId, whenDown } = dependencies;
    this.dependencies = dependencies;
    const letter = () => BOOT_LETTERS[Math.floor(random() * BOOT_LETTERS.length)];
    this.boot = `${node}:${Array.from({ length: BOOT_LENGTH }, letter).join('')}`;
    this.peers = new Peers(clock.now());
    this.outgoing = new Outgoing(this.boot, (bytes) => backplane.publish(bytes));
    this.leases = new Leases({
      clock,
      backplane,
      owner: this.boot,
      policy: duplicateId,
      admitsAlone: whenDown === 'local',
      isUp: () => this.state === 'up',
      onWanted: (lease) => backplane.publish(encodeNote({ kind: 'evict', boot: this.boot, ...lease })),
      onLost: (id) => this.host.takenOver(id),
    });
  }

  get status(): ClusterStatus {
    const nowMs = this.dependencies.clock.now();
    const peers = this.peers
      .living(nowMs)
      .map(({ boot, clients, seenAtMs }) => ({ node: nodeOf(boot), clients, silentMs: nowMs - seenAtMs }));
    return {
      node: this.dependencies.node,
      state: this.state,
      peers,
      leases: this.leases.size,
      unheardBytes: this.outgoing.heldBytes + this.bodyBytes,
      conflicts: this.leases.lost,
      refusedMessages: this.refusedMessages,
      missedBatches: this.peers.lost,
      strangeNotes: this.strangeNotes,
    };
  }

  /** New ids can be let in. */
  get isReady(): boolean {
    return this.state === 'up' || this.dependencies.whenDown === 'local';
  }

  start(host: ClusterHost): void {
    this.host = host;
    this.dependencies.backplane.start(this);
    this.every(BEAT_MS, () => this.beat());
    this.every(RENEW_MS, () => this.state !== 'down' && this.leases.renew(() => {}));
  }

  /** To be called when the sessions have ended, and their ids are given back. */
  close(): void {
    this.flush();
    this.isClosed = true;
    this.dependencies.backplane.close();
  }

  /**
   * A client wants this id.
   * @param onVerdict called once, unless it is taken back; at once when there is nobody to ask
   * @returns which takes it back
   */
  claim(id: string, onVerdict: (verdict: Verdict) => void): () => void {
    return this.leases.claim(id, onVerdict);
  }

  /** The session of this id has ended. */
  leave(id: string): void {
    const isWanted = this.evicted.delete(id);
    this.leases.leave(id, () => {
      if (isWanted) this.dependencies.backplane.publish(encodeNote({ kind: 'freed', boot: this.boot, id }));
    });
  }

  /** @returns false: too much is unheard, this message goes nowhere and must not be acknowledged */
  say(said: Said): boolean {
    const bytes = encodeSaid(said);
    if (this.outgoing.heldBytes + this.bodyBytes + bytes.length > MAX_UNHEARD_BYTES) {
      this.refusedMessages++;
      return false;
    }
    if (this.bodyBytes + bytes.length > MAX_BATCH_BYTES) this.flush();
    this.bodyBytes += bytes.length;
    if (this.body.push(bytes) === 1) this.dependencies.afterTurn(() => this.flush());
    return true;
  }

  backplaneOnUp(): void {
    const { clock, onChange } = this.dependencies;
    this.state = 'settling';
    this.peers.excuse(clock.now());
    this.beat();
    this.outgoing.sayAgain(0, clock.now());
    this.leases.renew(() => {
      if (this.state === 'settling') clock.setTimeout(() => this.settle(), this.wasUp ? SETTLE_MS : 0);
    });
    onChange?.(true);
  }

  backplaneOnDown(): void {
    this.state = 'down';
    this.dependencies.onChange?.(false);
  }

  backplaneOnMessage(bytes: Buffer): void {
    const note = decodeNote(bytes, this.dependencies.maxPayloadBytes);
    if (note === null) this.strangeNotes++;
    else if (note.boot === this.boot) return;
    else if (note.kind === 'messages') this.hear(note);
    else if (note.kind === 'beat') this.takeBeat(note);
    else if (note.kind === 'freed') this.leases.freed(note.id);
    else if (this.leases.get(note.id)?.fence === note.fence) {
      this.evicted.add(note.id);
      this.host.takenOver(note.id);
      if (this.evicted.has(note.id)) this.leave(note.id); // it had no session
    }
  }

  private settle(): void {
    if (this.state !== 'settling') return;
    this.state = 'up';
    this.wasUp = true;
  }

  private hear(note: Messages): void {
    const peer = this.peers.meet(note, this.dependencies.clock.now());
    if (peer === null || note.seq <= peer.heard) return;
    if (note.seq > peer.heard + 1) {
      this.hurry();
      return;
    }
    peer.heard = note.seq;
    for (const said of note.said) this.host.deliver(said);
  }

  private takeBeat(beat: Beat): void {
    const nowMs = this.dependencies.clock.now();
    const isNew = !this.peers.has(beat.boot);
    const peer = this.peers.meet(beat, nowMs);
    if (peer === null) return;
    if (isNew) this.hurry();
    peer.clients = beat.clients;
    const heard = Object.hasOwn(beat.heard, this.boot) ? beat.heard[this.boot] : null;
    if (heard !== null) {
      peer.confirmed = Math.max(peer.confirmed, Math.min(heard, this.outgoing.seq));
      if (this.state !== 'down') this.outgoing.sayAgain(peer.confirmed, nowMs);
    }
    this.forgetHeard(this.peers.living(nowMs));
  }

  private forgetHeard(living: readonly Peer[]): void {
    this.outgoing.forget(Math.min(this.outgoing.seq, ...living.map(({ confirmed }) => confirmed)));
  }

  private beat(): void {
    const { clock, backplane } = this.dependencies;
    const nowMs = clock.now();
    this.peers.bury(nowMs);
    if (this.state === 'down') return;
    this.forgetHeard(this.peers.living(nowMs));
    const { seq, oldest } = this.outgoing;
    backplane.publish(encodeNote({ kind: 'beat', boot: this.boot, seq, oldest, clients: this.host.clients, heard: this.peers.heard }));
  }

  private hurry(): void {
    const nowMs = this.dependencies.clock.now();
    if (nowMs - this.hurriedAtMs < HURRY_MS) return;
    this.hurriedAtMs = nowMs;
    this.beat();
  }

  private flush(): void {
    if (this.body.length === 0 || this.isClosed) return;
    const body = this.body;
    this.body = [];
    this.bodyBytes = 0;
    this.outgoing.send(body, this.state !== 'down', this.dependencies.clock.now());
  }

  private every(ms: number, callback: () => void): void {
    const run = () => {
      if (this.isClosed) return;
      callback();
      this.dependencies.clock.setTimeout(run, ms);
    };
    this.dependencies.clock.setTimeout(run, ms);
  }
}

function nodeOf(boot: string): string {
  return boot.slice(0, boot.lastIndexOf(':'));
}
