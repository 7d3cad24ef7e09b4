/**
 * The seam of all network faults: a rule sees one packet and says how much later it arrives, or that it never
 * does.
 *
 * A link direction asks its rules in order; delays add up and the first drop wins. A rule knows nothing of
 * the others, nor of TCP. The next fault is a new file in rules/, and one line in its index.
 */
import type { Packet } from '../wire/packet.ts';

/** The packet is lost. */
export const DROP = -1;

export interface Rule {
  /**
   * @param packet of which most rules only want `wireBytes`, the size on the link
   * @param nowUs when the packet reaches this rule, µs: the delays of the rules before it are in the future
   *   of the world's clock
   * @returns additional delay, µs, at least 0; or DROP
   */
  judge(packet: Packet, nowUs: number): number;
}
