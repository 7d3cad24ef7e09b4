/**
 * A part of a link's way that holds packets and acts when it likes, where a rule (rule.ts) can only answer at
 * once: a medium that others use too, a buffer that waits for something, reordering, duplication.
 *
 * A way is a chain of hops, and the rules between two of them are one hop, a RuleChain.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { Packet } from '../wire/packet.ts';
import type { LossReason } from '../wire/packet-tap.ts';

/** What is behind a rule or a hop: it takes packets when they leave, by `onEvent`. */
export interface Taker extends Handler {
  /** Says that a packet will never leave, for whoever listens (wire/packet-tap.ts). Left out: nobody does. */
  lose?(packet: Packet, why: LossReason): void;
}

export interface Next extends Taker {
  /**
   * Takes a packet of which it is certain that it leaves at `atUs`, now or later: a chain of rules then needs
   * no event of its own.
   */
  takeAt(packet: Packet, atUs: number): void;
}

export interface Hop {
  /**
   * Takes a packet. It leaves by `next.onEvent(packet)`, now or later, or by `next.takeAt`, more than once
   * when it is duplicated; when it is lost, `next.lose` is told, if it is there. In which order packets leave
   * is the hop's own affair.
   */
  send(packet: Packet, next: Next): void;
}
