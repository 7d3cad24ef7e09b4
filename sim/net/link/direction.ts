/**
 * One way of a link: rules and hops in the order in which packets meet them, who takes what arrives, and who
 * listens at both ends.
 *
 * It begins with a chain of rules, if only an empty one. A tap is told of a packet when it is sent, with the
 * delay of that chain, which is all there is as long as the way has no other hop.
 */
import type { Timeline } from '../../kernel/timeline.ts';
import type { Packet, Way } from '../wire/packet.ts';
import type { LossReason, PacketTap } from '../wire/packet-tap.ts';
import type { Hop, Next } from './hop.ts';
import { DROP, type Rule } from './rule.ts';
import { RuleChain } from './rule-chain.ts';

/** Enters a hop from the one before it. */
class Entrance implements Next {
  private readonly timeline: Timeline;
  private readonly hop: Hop;
  private readonly next: Next;

  constructor(timeline: Timeline, hop: Hop, next: Next) {
    this.timeline = timeline;
    this.hop = hop;
    this.next = next;
  }

  onEvent(packet: unknown): void {
    this.hop.send(packet as Packet, this.next);
  }

  takeAt(packet: Packet, atUs: number): void {
    this.timeline.schedule(atUs, this, packet);
  }

  lose(packet: Packet, why: LossReason): void {
    this.next.lose?.(packet, why);
  }
}

/** The same of a chain of rules, which can look into the future. */
class ChainEntrance implements Next {
  private readonly timeline: Timeline;
  private readonly chain: RuleChain;
  private readonly next: Next;

  constructor(timeline: Timeline, chain: RuleChain, next: Next) {
    this.timeline = timeline;
    this.chain = chain;
    this.next = next;
  }

  onEvent(packet: unknown): void {
    this.chain.sendAt(packet as Packet, this.timeline.nowUs, this.next);
  }

  takeAt(packet: Packet, atUs: number): void {
    this.chain.sendAt(packet, atUs, this.next);
  }

  lose(packet: Packet, why: LossReason): void {
    this.next.lose?.(packet, why);
  }
}

/** What packets of a way meet. */
export type Part = Rule | Hop;

export class Direction implements Next {
  private readonly timeline: Timeline;
  private readonly way: Way;
  private readonly deliver: (packet: Packet) => void;
  /** null: nobody listens. */
  tap: PacketTap | null = null;
  /** Chains of rules stay when the parts change, since they know who left last. */
  private readonly first: RuleChain;
  /** By the number of hops before them. */
  private readonly laterChains: RuleChain[] = [];
  /** What is behind the first chain: this, when nothing is but the end. */
  private next: Next;
  /** A hop comes first, without a rule before it. */
  private beginsWithHop = false;

  constructor(timeline: Timeline, way: Way, deliver: (packet: Packet) => void) {
    this.timeline = timeline;
    this.way = way;
    this.deliver = deliver;
    this.first = new RuleChain(timeline);
    this.next = this;
  }

  /**
   * Packets that are under way go on as they were. @param names of the rules, for whoever is told of a loss
   */
  setParts(parts: readonly Part[], names: ReadonlyMap<unknown, string> = this.first.names): void {
    const hops: Hop[] = [];
    const rules: Rule[][] = [[]];
    for (const part of parts) {
      if (isHop(part)) rules[hops.push(part)] = [];
      else rules[hops.length].push(part);
    }
    let next: Next = this;
    for (let index = hops.length; index > 0; index--) {
      if (rules[index].length > 0) next = new ChainEntrance(this.timeline, this.chain(index, rules[index], names), next);
      next = new Entrance(this.timeline, hops[index - 1], next);
    }
    this.first.rules = rules[0];
    this.first.names = names;
    this.next = next;
    this.beginsWithHop = hops.length > 0 && rules[0].length === 0;
  }

  /** @param obstacle why the packet vanishes here; null: it does not */
  send(packet: Packet, obstacle: LossReason | null): void {
    const { nowUs } = this.timeline;
    const delayUs = obstacle === null ? this.first.judge(packet, nowUs) : DROP;
    if (this.tap !== null) this.tap.sent(packet, this.way, nowUs, delayUs);
    if (delayUs === DROP) this.lose(packet, obstacle);
    else if (this.beginsWithHop && this.first.lastLeavesUs <= nowUs) this.next.onEvent(packet);
    else this.first.release(packet, nowUs + delayUs, this.next);
  }

  /** @param why null: the first chain knows */
  lose(packet: Packet, why: LossReason | null): void {
    const { tap } = this;
    if (tap?.lost !== undefined) tap.lost(packet, this.way, this.timeline.nowUs, why ?? this.first.lossReason);
  }

  /** It has arrived. */
  onEvent(packet: unknown): void {
    const { tap } = this;
    if (tap?.delivered !== undefined) tap.delivered(packet as Packet, this.way, this.timeline.nowUs);
    this.deliver(packet as Packet);
  }

  takeAt(packet: Packet, atUs: number): void {
    this.timeline.schedule(atUs, this, packet);
  }

  private chain(index: number, rules: readonly Rule[], names: ReadonlyMap<unknown, string>): RuleChain {
    this.laterChains[index] ??= new RuleChain(this.timeline);
    const chain = this.laterChains[index];
    chain.rules = rules;
    chain.names = names;
    return chain;
  }
}

function isHop(part: Part): part is Hop {
  return 'send' in part;
}
