/**
 * How much one address may ask of the relay: connections open at a time, and new ones a second.
 *
 * An IPv6 network of 64 bits counts as one address, as any customer of a provider has 2^64 of them. What is
 * remembered is bounded by the connections that are open and those of the last two seconds. Boards behind one
 * router, or clients behind a proxy, share an address.
 */
import type { Clock } from 'hal';
import { REFILL_MS, TokenBucket } from '../session/token-bucket.ts';

interface Visitor {
  connections: number;
  readonly bucket: TokenBucket;
  /** When its last connection ended. */
  lastSeenMs: number;
}

export class AddressLimits {
  private readonly clock: Clock;
  private readonly maxConnections: number;
  private readonly maxPerS: number;
  private readonly visitors = new Map<string, Visitor>();
  /** Those without a connection, longest gone first: they are kept until their bucket is full. */
  private readonly gone = new Map<string, Visitor>();

  constructor(clock: Clock, maxConnections: number, maxPerS: number) {
    this.clock = clock;
    this.maxConnections = maxConnections;
    this.maxPerS = maxPerS;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.visitors.size;
  }

  /** Asks for one more connection. @returns why not, or null: then it counts until `leave` */
  enter(address: string): 'address_full' | 'address_rate' | null {
    const nowMs = this.clock.now();
    this.forget(nowMs);
    const key = networkOf(address);
    const visitor = this.visitors.get(key) ?? this.welcome(key, nowMs);
    if (visitor.connections >= this.maxConnections) return 'address_full';
    if (!visitor.bucket.take(nowMs)) return 'address_rate';
    if (visitor.connections++ === 0) this.gone.delete(key);
    return null;
  }

  /** One that is not known has a full bucket and room: it gets in. */
  private welcome(key: string, nowMs: number): Visitor {
    const visitor: Visitor = { connections: 0, bucket: new TokenBucket(this.maxPerS, nowMs), lastSeenMs: nowMs };
    this.visitors.set(key, visitor);
    return visitor;
  }

  leave(address: string): void {
    const key = networkOf(address);
    const visitor = this.visitors.get(key);
    if (visitor === undefined || --visitor.connections > 0) return;
    visitor.lastSeenMs = this.clock.now();
    this.gone.set(key, visitor);
  }

  private forget(nowMs: number): void {
    for (const [key, { lastSeenMs }] of this.gone) {
      if (nowMs - lastSeenMs < REFILL_MS) return;
      this.gone.delete(key);
      this.visitors.delete(key);
    }
  }
}

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/** IPv4: the address, however it is written · IPv6 (RFC 4291 section 2.2): its first 64 bits. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const inIpv4 = IPV4_IN_IPV6.exec(address);
  if (inIpv4) return inIpv4[1];
  const [head, tail] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - head.length - tail.length);
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...(tail ?? [])];
  return groups.slice(0, NETWORK_GROUPS).join(':');
}
