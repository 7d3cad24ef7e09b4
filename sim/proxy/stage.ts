/** Rules in front of one direction of one connection: what toxics do to packets before the device's link does the rest. Keeps the order of packets. */

import type { Handler } from '../kernel/queue.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { DROP, type Rule } from '../net/link/rule.ts';
import type { Packet } from '../net/wire/packet.ts';

export class Stage implements Handler {
  private readonly kernel: Timeline;
  private readonly next: (packet: Packet) => void;
  private lastLeavesUs = 0;
  rules: readonly Rule[] = [];

  /** @param next the link's own way, at the time when the packet leaves this stage */
  constructor(kernel: Timeline, next: (packet: Packet) => void) {
    this.kernel = kernel;
    this.next = next;
  }

  send(packet: Packet): void {
    const { nowUs } = this.kernel;
    let delayUs = 0;
    for (const rule of this.rules) {
      const more = rule.judge(packet, nowUs + delayUs);
      if (more === DROP) return;
      delayUs += more;
    }
    this.lastLeavesUs = Math.max(this.lastLeavesUs, nowUs + Math.round(delayUs));
    if (this.lastLeavesUs === nowUs) this.next(packet);
    else this.kernel.schedule(this.lastLeavesUs, this, packet);
  }

  onEvent(packet: unknown): void {
    this.next(packet as Packet);
  }
}
