/**
 * Who listens to the packets of a link: the trace (trace-tap.ts), a capture, a count. A tap sees both ends of
 * each way (the sender's and the receiver's interface) and changes nothing; a link without one pays for none.
 *
 * Not seen: what is no packet here. DNS and DHCP are modelled as times (board/names/dns.ts, wifi/station.ts).
 */
import type { CutReason } from '../../kernel/events.ts';
import type { Packet, Way } from './packet.ts';

/**
 * Why a packet never arrives: its link was cut, its station had not joined, or it was lost at the rule or hop
 * of that name.
 */
export type LossReason = CutReason | 'not_joined' | `rule.${string}` | `hop.${string}`;

export interface PacketTap {
  /**
   * A packet leaves its sender. Called for each one, before anything else of it is told.
   * @param atUs time of the world, µs
   * @param delayUs of the rules before the first hop (link/direction.ts), which is all the delay there is on
   *   a way without hops; DROP (link/rule.ts): lost, `lost` follows at once
   */
  sent(packet: Packet, way: Way, atUs: number, delayUs: number): void;
  /** It will never arrive. A packet on a shared medium is lost some time after it was sent. */
  lost?(packet: Packet, way: Way, atUs: number, why: LossReason): void;
  /** It is at the receiver, which takes it next; more than once when it was duplicated. */
  delivered?(packet: Packet, way: Way, atUs: number): void;
}

/** Several as one, told in their order. */
export function joinTaps(first: PacketTap | null, second: PacketTap): PacketTap {
  return first === null ? second : new JoinedTaps(first, second);
}

class JoinedTaps implements PacketTap {
  private readonly first: PacketTap;
  private readonly second: PacketTap;
  /** There only if somebody listens. */
  readonly lost: PacketTap['lost'];
  readonly delivered: PacketTap['delivered'];

  constructor(first: PacketTap, second: PacketTap) {
    this.first = first;
    this.second = second;
    if (first.lost ?? second.lost)
      this.lost = (packet, way, atUs, why) => {
        first.lost?.(packet, way, atUs, why);
        second.lost?.(packet, way, atUs, why);
      };
    if (first.delivered ?? second.delivered)
      this.delivered = (packet, way, atUs) => {
        first.delivered?.(packet, way, atUs);
        second.delivered?.(packet, way, atUs);
      };
  }

  sent(packet: Packet, way: Way, atUs: number, delayUs: number): void {
    this.first.sent(packet, way, atUs, delayUs);
    this.second.sent(packet, way, atUs, delayUs);
  }
}
