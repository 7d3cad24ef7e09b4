/**
 * A part of a link's way that holds packets and acts when it likes, where a rule (rule.ts) can only answer at once: a medium that others use too, a buffer that
 * waits for something, reordering, duplication.
 *
 * A way is a chain of hops, and the rules between two of them are one hop, a RuleChain.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { Packet } from '../wire/packet.ts';

export interface Hop {
  /**
   * Takes a packet. It leaves by `next.onEvent(packet)`, now or later; never when it is lost, more than once when it is duplicated.
   * In which order packets leave is the hop's own affair.
   */
  send(packet: Packet, next: Handler): void;
}
