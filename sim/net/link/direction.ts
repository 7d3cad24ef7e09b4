/**
 * One way of a link: rules and hops in the order in which packets meet them, and who takes what arrives.
 *
 * It begins with a chain of rules, if only an empty one. The trace has a packet when it is sent, with the delay of that chain, which is all there is as long as
 * the way has no other hop; what later hops add or lose is not in it.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { Packet } from '../wire/packet.ts';
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
}

/** The same of a chain of rules, which can look into the future. */
class ChainEntrance implements Next {
  private readonly timeline: Timeline;
  private readonly chain: RuleChain;
  private readonly next: Handler;

  constructor(timeline: Timeline, chain: RuleChain, next: Handler) {
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
}

/** What packets of a way meet. */
export type Part = Rule | Hop;

export class Direction implements Next {
  private readonly timeline: Timeline;
  private readonly trace: Trace;
  private readonly board: number;
  private readonly up: number;
  private readonly deliver: (packet: Packet) => void;
  /** Chains of rules stay when the parts change, since they know who left last. */
  private readonly first: RuleChain;
  /** By the number of hops before them. */
  private readonly laterChains: RuleChain[] = [];
  /** What is behind the first chain: this, when nothing is but the end. */
  private next: Next;
  /** A hop comes first, without a rule before it. */
  private beginsWithHop = false;

  /** @param up 1 from the board to the relay, 0 back */
  constructor(timeline: Timeline, trace: Trace, board: number, up: number, deliver: (packet: Packet) => void) {
    this.timeline = timeline;
    this.trace = trace;
    this.board = board;
    this.up = up;
    this.deliver = deliver;
    this.first = new RuleChain(timeline);
    this.next = this;
  }

  /** Packets that are under way go on as they were. */
  setParts(parts: readonly Part[]): void {
    const hops: Hop[] = [];
    const rules: Rule[][] = [[]];
    for (const part of parts) {
      if (isHop(part)) rules[hops.push(part)] = [];
      else rules[hops.length].push(part);
    }
    let next: Next = this;
    for (let index = hops.length; index > 0; index--) {
      if (rules[index].length > 0) next = new ChainEntrance(this.timeline, this.chain(index, rules[index]), next);
      next = new Entrance(this.timeline, hops[index - 1], next);
    }
    this.first.rules = rules[0];
    this.next = next;
    this.beginsWithHop = hops.length > 0 && rules[0].length === 0;
  }

  /** @param carries false: the packet vanishes here */
  send(packet: Packet, carries: boolean): void {
    const { nowUs } = this.timeline;
    const delayUs = carries ? this.first.judge(packet, nowUs) : DROP;
    this.trace.recordPacket(nowUs, this.board, this.up, packet.flags, packet.seq, packet.ack, packet.data.length, delayUs);
    if (delayUs === DROP) return;
    if (this.beginsWithHop && this.first.lastLeavesUs <= nowUs) this.next.onEvent(packet);
    else this.first.release(packet, nowUs + delayUs, this.next);
  }

  /** It has arrived. */
  onEvent(packet: unknown): void {
    this.deliver(packet as Packet);
  }

  takeAt(packet: Packet, atUs: number): void {
    this.timeline.schedule(atUs, this, packet);
  }

  private chain(index: number, rules: readonly Rule[]): RuleChain {
    this.laterChains[index] ??= new RuleChain(this.timeline);
    this.laterChains[index].rules = rules;
    return this.laterChains[index];
  }
}

function isHop(part: Part): part is Hop {
  return 'send' in part;
}
