/**
 * The seam of all network faults: a rule sees one packet and says how much later it arrives, or that it never does.
 *
 * A link direction asks its rules in order; delays add up and the first drop wins. A rule knows nothing of the others, nor of TCP.
 * The next fault is a new file in rules/ of about twenty lines, and one line in link.ts.
 */

/** The packet is lost. */
export const DROP = -1;

export interface Rule {
  /**
   * @param bytes size on the link, IP header included
   * @param nowUs when the packet reaches this rule, µs
   * @returns additional delay, µs, at least 0; or DROP
   */
  judge(bytes: number, nowUs: number): number;
}
