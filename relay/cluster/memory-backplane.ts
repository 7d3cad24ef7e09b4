/** A backplane in memory on any clock: all nodes that share a `MemoryBus` are one cluster. */
import type { Clock } from 'hal';
import type { Acquired, Backplane, BackplaneListener, Lease } from './backplane.ts';

interface Held {
  owner: string;
  fence: number;
  untilMs: number;
}

export class MemoryBus {
  readonly clock: Clock;
  /** From a node to the bus, and back, ms. */
  readonly latencyMs: number;
  readonly nodes = new Set<MemoryBackplane>();
  private readonly held = new Map<string, Held>();
  private lastFence = 0;

  constructor(clock: Clock, latencyMs: number) {
    this.clock = clock;
    this.latencyMs = latencyMs;
  }

  node(): MemoryBackplane {
    return new MemoryBackplane(this);
  }

  /** All that it knew of leases is gone, as of a Redis that writes nothing down. */
  forget(): void {
    this.held.clear();
    this.lastFence = 0;
  }

  acquire(id: string, owner: string, ttlMs: number): Acquired {
    const held = this.holderOf(id);
    if (held !== undefined && held.owner !== owner) return { fence: held.fence, holder: held.owner };
    return { fence: this.hold(id, owner, ++this.lastFence, ttlMs), holder: null };
  }

  renew({ id, fence }: Lease, owner: string, ttlMs: number): number {
    const held = this.holderOf(id);
    if (held !== undefined && held.owner !== owner && held.fence >= fence) return 0;
    if (held?.owner === owner && held.fence > fence) return this.hold(id, owner, held.fence, ttlMs);
    this.lastFence = Math.max(this.lastFence, fence);
    return this.hold(id, owner, fence || ++this.lastFence, ttlMs);
  }

  release({ id, fence }: Lease, owner: string): void {
    const held = this.held.get(id);
    if (held?.owner === owner && held.fence === fence) this.held.delete(id);
  }

  private holderOf(id: string): Held | undefined {
    const held = this.held.get(id);
    return held !== undefined && held.untilMs > this.clock.now() ? held : undefined;
  }

  private hold(id: string, owner: string, fence: number, ttlMs: number): number {
    this.held.set(id, { owner, fence, untilMs: this.clock.now() + ttlMs });
    return fence;
  }
}

export class MemoryBackplane implements Backplane {
  private readonly bus: MemoryBus;
  private listener: BackplaneListener | null = null;
  private isUp = false;

  constructor(bus: MemoryBus) {
    this.bus = bus;
  }

  start(listener: BackplaneListener): void {
    this.listener = listener;
    this.bus.nodes.add(this);
    this.connect();
  }

  close(): void {
    this.listener = null;
    this.isUp = false;
    this.bus.nodes.delete(this);
  }

  /** The way to the bus is there, or is not: nothing of this node gets there, and nothing comes. */
  connect(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.later(() => this.listener?.backplaneOnUp());
  }

  cut(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.listener?.backplaneOnDown();
  }

  publish(bytes: Buffer): void {
    if (!this.isUp) return;
    this.later(() => {
      for (const node of this.bus.nodes) node.take(bytes);
    });
  }

  acquire(id: string, owner: string, ttlMs: number, onAnswer: (answer: Acquired) => void): void {
    this.ask(() => this.bus.acquire(id, owner, ttlMs), onAnswer);
  }

  renew(leases: readonly Lease[], owner: string, ttlMs: number, onAnswer: (fences: readonly number[] | null) => void): void {
    this.ask(() => leases.map((lease) => this.bus.renew(lease, owner, ttlMs)), onAnswer);
  }

  release(lease: Lease, owner: string, onDone: () => void): void {
    this.ask(() => this.bus.release(lease, owner), onDone);
  }

  private take(bytes: Buffer): void {
    if (this.isUp) this.later(() => this.isUp && this.listener?.backplaneOnMessage(bytes));
  }

  private ask<T>(question: () => T | null, onAnswer: (answer: T | null) => void): void {
    const isThere = this.isUp;
    this.later(() => {
      const answer = isThere ? question() : null;
      this.later(() => onAnswer(this.isUp ? answer : null));
    });
  }

  private later(callback: () => void): void {
    this.bus.clock.setTimeout(callback, this.bus.latencyMs);
  }
}
